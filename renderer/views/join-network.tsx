// Joining a network by its link, its file, or a picture of its QR code.
import { FileText } from 'lucide-react';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { NETWORK_TEXT_LENGTH_MAX } from '../../shared/api-network.ts';
import { CallError } from '../api.ts';
import { FileButton, usePastedPicture } from '../contact/picture-drop.tsx';
import { readQrFile } from '../contact/picture-file.ts';
import { useApi } from '../state/session.tsx';
import { failureKey, useAct } from '../state/use-act.ts';
import type { Speech } from '../strings/language.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextArea } from '../ui/text-area.tsx';

export type JoinNetworkProps = {
  readonly onJoined: () => void;
  readonly onBack: () => void;
};

type Trouble = 'empty' | 'person' | 'large' | 'no_qr';

export function JoinNetwork({ onJoined, onBack }: JoinNetworkProps) {
  const speech = useSpeech();
  const { text } = speech;
  const api = useApi();
  const act = useAct();
  const noteId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [given, setGiven] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useEffect(() => field.current?.focus(), []);
  const change = (next: string) => {
    setTrouble(null);
    act.forget();
    setGiven(next);
  };
  const readFile = (file: File) => {
    change('');
    void textOf(file).then((found) => {
      if (found.trouble === null) setGiven(found.text);
      else setTrouble(found.trouble);
    });
  };
  usePastedPicture(readFile);
  const join = (event: FormEvent) => {
    event.preventDefault();
    const wrong = given.trim() === '' ? 'empty' : /^\s*eddy:c\//i.test(given) ? 'person' : null;
    setTrouble(wrong);
    if (wrong !== null) return;
    act.run(async () => {
      await api.call('network.join', { text: given });
      onJoined();
    });
  };
  const said = trouble === null ? joinFailure(speech, act.failure) : text(`join.${trouble}`);
  return (
    <form className="welcome-form" onSubmit={join}>
      <h1 className="welcome-title">{text('join.title')}</h1>
      <p className="welcome-detail">{text('join.detail')}</p>
      <TextArea
        field={field}
        label={text('join.field')}
        value={given}
        lengthMax={NETWORK_TEXT_LENGTH_MAX}
        hint={given === '' ? text('join.hint') : undefined}
        isWrong={said !== null}
        noteId={noteId}
        onChange={change}
      />
      <div id={noteId} role="status" className="failure">
        {said === null ? null : <Notice kind="danger" words={said} />}
      </div>
      <div className="welcome-actions">
        <Button kind="filled" large submits busy={act.isBusy}>
          {text('join.action')}
        </Button>
        <FileButton
          accept=".json,application/json,text/plain,image/png,image/jpeg,image/webp"
          icon={<Icon of={FileText} small />}
          onFile={readFile}
        >
          {text('join.file')}
        </FileButton>
        <Button kind="text" onPress={onBack}>
          {text('join.back')}
        </Button>
      </div>
    </form>
  );
}

/** The text of a network's file, or of the QR code in a picture. */
async function textOf(file: File): Promise<{ text: string; trouble: Trouble | null }> {
  if (file.type.startsWith('image/')) {
    const found = await readQrFile(file);
    return found.kind === 'text'
      ? { text: found.text.slice(0, NETWORK_TEXT_LENGTH_MAX), trouble: null }
      : { text: '', trouble: 'no_qr' };
  }
  if (file.size > NETWORK_TEXT_LENGTH_MAX) return { text: '', trouble: 'large' };
  return { text: await file.text(), trouble: null };
}

/** The engine names the field, what it expected and what it got; that is shown as it is. */
function joinFailure({ text }: Speech, failure: unknown): string | null {
  if (failure === null) return null;
  if (failure instanceof CallError && failure.code === 'bad_network') {
    return text('join.bad', { detail: failure.message.replaceAll('*', '') });
  }
  return text(failureKey(failure));
}
