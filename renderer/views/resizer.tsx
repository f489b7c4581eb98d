// The edge between list and page: a separator that pointer and arrow keys move.
import { type PointerEvent, useRef } from 'react';
import {
  clampWidth,
  SIDEBAR_PX_MAX,
  SIDEBAR_PX_MIN,
  widthAfterKey,
} from '../state/sidebar-width.ts';
import { useSpeech } from '../strings/speech.tsx';

export type ResizerProps = {
  readonly width: number;
  /** While it moves. */
  readonly onResize: (px: number) => void;
  /** Once it rests: the width to remember. */
  readonly onResized: (px: number) => void;
};

export function Resizer(props: ResizerProps) {
  const { text, direction } = useSpeech();
  const grip = useRef<{ readonly at: number; readonly width: number } | null>(null);
  const widthAt = (event: PointerEvent): number | null => {
    if (grip.current === null) return null;
    const moved = event.clientX - grip.current.at;
    return clampWidth(grip.current.width + (direction === 'ltr' ? moved : -moved));
  };
  const release = (event: PointerEvent) => {
    const width = widthAt(event);
    grip.current = null;
    if (width !== null) props.onResized(width);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator with a value is no horizontal rule
    <div
      role="separator"
      className="resizer"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={text('shell.resize')}
      aria-valuemin={SIDEBAR_PX_MIN}
      aria-valuemax={SIDEBAR_PX_MAX}
      aria-valuenow={props.width}
      aria-valuetext={text('shell.width', { pixels: props.width })}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { at: event.clientX, width: props.width };
      }}
      onPointerMove={(event) => {
        const width = widthAt(event);
        if (width !== null) props.onResize(width);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={(event) => {
        const width = widthAfterKey(event.key, props.width, direction);
        if (width === null) return;
        event.preventDefault();
        props.onResize(width);
        props.onResized(width);
      }}
    />
  );
}
