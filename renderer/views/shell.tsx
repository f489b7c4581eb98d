// The frame: the list beside the page from 880 px, one of the two below it. The list can be made
// wider by pointer and keyboard; Escape leads one step back.
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import type { Pane } from '../state/route.ts';
import { clampWidth, SIDEBAR_PX_DEFAULT } from '../state/sidebar-width.ts';
import type { Key } from '../strings/catalogue.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Resizer } from './resizer.tsx';
import './shell.css';

export type ShellProps = {
  readonly pane: Pane;
  readonly listLabel: Extract<Key, 'settings.sections' | 'shell.conversations'>;
  readonly list: ReactNode;
  readonly page: ReactNode;
  /** Above the list: what is wrong with the engine. */
  readonly notice: ReactNode;
  /** Under the list: the network. */
  readonly foot: ReactNode;
  readonly width: number | undefined;
  readonly onResize: (px: number) => void;
  readonly onResized: (px: number) => void;
  /** One step back from the list, where it is in sight, else from the page. */
  readonly onBack: (from: Pane) => void;
};

export function Shell(props: ShellProps) {
  const { text } = useSpeech();
  const page = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLElement>(null);
  const width = clampWidth(props.width ?? SIDEBAR_PX_DEFAULT);
  useEffect(() => {
    const shown = props.pane === 'page' ? page.current : list.current;
    if (shown !== null && focusIsLost()) heading(shown).focus();
  }, [props.pane]);
  const onEscape = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    const listIsShown = (list.current?.getClientRects().length ?? 0) > 0;
    props.onBack(listIsShown ? 'list' : 'page');
  });
  useEffect(() => {
    // On the document: the element that had the focus may have gone with its page.
    const listener = (event: KeyboardEvent) => onEscape(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
  return (
    <main className="shell" data-pane={props.pane}>
      <button type="button" className="skip" onClick={() => page.current?.focus()}>
        {text('shell.skip')}
      </button>
      <section
        ref={list}
        className="sidebar"
        aria-label={text(props.listLabel)}
        style={{ flexBasis: `${width}px` }}
      >
        {props.notice}
        <div className="sidebar-list">{props.list}</div>
        {props.foot}
        <Resizer width={width} onResize={props.onResize} onResized={props.onResized} />
      </section>
      <div ref={page} className="page" tabIndex={-1}>
        {props.page}
      </div>
    </main>
  );
}

/** Whether the element that had the focus went away with its pane. */
function focusIsLost(): boolean {
  const focused = document.activeElement;
  return focused !== null && focused !== document.body && focused.getClientRects().length === 0;
}

function heading(pane: HTMLElement): HTMLElement {
  return pane.querySelector<HTMLElement>('h1[tabindex="-1"]') ?? pane;
}
