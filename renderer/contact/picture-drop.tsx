// Where a picture of a QR code is dropped, chosen or pasted.
import { QrCode as QrSign, ScanLine } from 'lucide-react';
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { PICTURE_TYPES } from './picture-file.ts';

/** A button that opens the system's picker for one file. */
export function FileButton(props: {
  readonly children: ReactNode;
  readonly accept: string;
  readonly onFile: (file: File) => void;
  readonly kind?: 'outlined' | 'text';
  readonly icon?: ReactNode;
  readonly busy?: boolean;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={props.accept}
        data-testid="file"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          // The same file can be chosen once more.
          event.currentTarget.value = '';
          if (file !== undefined) props.onFile(file);
        }}
      />
      <Button
        kind={props.kind ?? 'outlined'}
        icon={props.icon}
        busy={props.busy === true}
        onPress={() => input.current?.click()}
      >
        {props.children}
      </Button>
    </>
  );
}

/** Hears pictures that are pasted anywhere on the page. */
export function usePastedPicture(onFile: (file: File) => void): void {
  const take = useEffectEvent((event: ClipboardEvent) => {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) =>
      type.startsWith('image/'),
    );
    if (file === undefined) return;
    event.preventDefault();
    onFile(file);
  });
  useEffect(() => {
    const listener = (event: ClipboardEvent) => take(event);
    document.addEventListener('paste', listener);
    return () => document.removeEventListener('paste', listener);
  }, []);
}

/** Takes files that are dropped on `children`; a drop beside it leads nowhere either. */
export function DropArea(props: {
  readonly onFile: (file: File) => void;
  readonly children: (isOver: boolean) => ReactNode;
}) {
  const [isOver, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: choosing and pasting do the same by keys
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file !== undefined) props.onFile(file);
      }}
    >
      {props.children(isOver)}
    </div>
  );
}

export function PictureDrop(props: {
  readonly onFile: (file: File) => void;
  readonly isReading: boolean;
}) {
  const { text } = useSpeech();
  return (
    <DropArea onFile={props.onFile}>
      {(isOver) => (
        <div className="drop-place" data-over={isOver ? '' : undefined}>
          <Icon of={QrSign} />
          <p>{text(props.isReading ? 'use.reading' : 'use.drop')}</p>
          <p className="drop-detail">{text('use.drop.detail')}</p>
        </div>
      )}
    </DropArea>
  );
}

export function ScanButton(props: {
  readonly children: ReactNode;
  readonly kind?: 'outlined' | 'text';
  readonly busy: boolean;
  readonly onFile: (file: File) => void;
}) {
  return (
    <FileButton
      accept={PICTURE_TYPES}
      icon={<Icon of={ScanLine} small />}
      kind={props.kind ?? 'outlined'}
      busy={props.busy}
      onFile={props.onFile}
    >
      {props.children}
    </FileButton>
  );
}
