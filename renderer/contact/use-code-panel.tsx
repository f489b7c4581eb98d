// The half of the new-contact page that takes somebody's code: by link or picture, looked at as it
// is pasted, with every refusal explained, and the request once it is whole.
import { Check, CircleAlert } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { CODE_TEXT_LENGTH_MAX, type CodeCheck, type Contact } from '../../shared/api-people.ts';
import { formatRoute } from '../state/route.ts';
import { useApi, useKnown } from '../state/session.tsx';
import { failureKey, useAct } from '../state/use-act.ts';
import { useEvents } from '../state/use-asked.ts';
import { shownName } from '../strings/shown-name.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { PictureDrop, ScanButton, usePastedPicture } from './picture-drop.tsx';
import { PICTURE_SIZE_MAX, readQrFile } from './picture-file.ts';
import { refusalWords } from './refusal-words.ts';

/** Pauses in typing shorter than this are not looked at. */
export const CHECK_DELAY_MS = 150;

export type UseCodePanelProps = {
  readonly isOnline: boolean;
  /** Whether there is something to send; the page's one action is here then. */
  readonly onReady: (isReady: boolean) => void;
};

export function UseCodePanel({ isOnline, onReady }: UseCodePanelProps) {
  const { text } = useSpeech();
  const [sent, setSent] = useState<Contact | null>(null);
  return (
    <section className="new-half" aria-labelledby="use-title">
      <h2 className="new-heading" id="use-title">
        {text('use.title')}
      </h2>
      <p className="new-lead">{text('use.detail')}</p>
      {sent === null ? (
        <CodeForm onReady={onReady} onSent={setSent} />
      ) : (
        <Sent contact={sent} isOnline={isOnline} onNext={() => setSent(null)} />
      )}
      <p className="new-then">{text('use.then')}</p>
    </section>
  );
}

type PictureTrouble = 'none' | 'no_picture' | null;

function CodeForm(props: {
  readonly onReady: (isReady: boolean) => void;
  readonly onSent: (contact: Contact) => void;
}) {
  const { text } = useSpeech();
  const api = useApi();
  const noteId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [given, setGiven] = useState('');
  const [trouble, setTrouble] = useState<PictureTrouble>(null);
  const reading = useAct();
  const sending = useAct();
  const check = useCheck(given);
  const isReady = check.known?.ok === true;
  const { onReady } = props;
  useEffect(() => {
    onReady(isReady);
    return () => onReady(false);
  }, [isReady, onReady]);

  const change = (next: string) => {
    setTrouble(null);
    sending.forget();
    setGiven(next);
  };
  const readPicture = (file: File) => {
    change('');
    reading.run(async () => {
      const found = await readQrFile(file);
      if (found.kind === 'text') setGiven(found.text.slice(0, CODE_TEXT_LENGTH_MAX));
      else setTrouble(found.kind);
    });
  };
  usePastedPicture(readPicture);
  const send = () =>
    sending.run(async () => props.onSent(await api.call('code.use', { text: given })));

  const clear = () => {
    change('');
    field.current?.focus();
  };
  return (
    <>
      <TextArea
        field={field}
        label={text('use.field')}
        value={given}
        lengthMax={CODE_TEXT_LENGTH_MAX}
        hint={given === '' ? text('use.field.hint') : undefined}
        isWrong={check.known?.ok === false}
        noteId={noteId}
        onChange={change}
      />
      <div id={noteId} role="status" className="use-said">
        <Said given={given} check={check} trouble={trouble} failure={sending.failure} />
      </div>
      <CodeActions
        isReady={isReady}
        isSending={sending.isBusy}
        isReading={reading.isBusy}
        onSend={send}
        onFile={readPicture}
        {...(given === '' ? {} : { onClear: clear })}
      />
      <PictureDrop isReading={reading.isBusy} onFile={readPicture} />
    </>
  );
}

function CodeActions(props: {
  readonly isReady: boolean;
  readonly isSending: boolean;
  readonly isReading: boolean;
  readonly onSend: () => void;
  readonly onFile: (file: File) => void;
  /** Left out where there is nothing to empty. */
  readonly onClear?: () => void;
}) {
  const { text } = useSpeech();
  return (
    <div className="code-actions">
      {props.isReady ? (
        <Button kind="filled" busy={props.isSending} onPress={props.onSend}>
          {text('use.send')}
        </Button>
      ) : null}
      <ScanButton busy={props.isReading} onFile={props.onFile}>
        {text('use.choose')}
      </ScanButton>
      {props.onClear === undefined ? null : (
        <Button kind="text" onPress={props.onClear}>
          {text('use.clear')}
        </Button>
      )}
    </div>
  );
}

type Looked = { readonly known: CodeCheck | null; readonly failure: unknown };

/** What the engine says of `given`, once its typing has paused; of nothing, nothing. */
function useCheck(given: string): Looked {
  const api = useApi();
  const [said, setSaid] = useState<Looked & { readonly of: string }>({
    of: '',
    known: null,
    failure: null,
  });
  useEffect(() => {
    if (given.trim() === '') return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      api.call('code.check', { text: given }).then(
        (known) => isCurrent && setSaid({ of: given, known, failure: null }),
        (failure: unknown) => isCurrent && setSaid({ of: given, known: null, failure }),
      );
    }, CHECK_DELAY_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [api, given]);
  return said.of === given ? said : { known: null, failure: null };
}

function Said(props: {
  readonly given: string;
  readonly check: Looked;
  readonly trouble: PictureTrouble;
  readonly failure: unknown;
}) {
  const speech = useSpeech();
  const { text, formats } = speech;
  const own = useKnown((known) => known.profile?.network?.name ?? null);
  const failure = props.failure ?? props.check.failure;
  if (failure !== null) return <Notice kind="danger" words={text(failureKey(failure))} />;
  if (props.trouble !== null) {
    const size = formats.size(PICTURE_SIZE_MAX);
    return props.trouble === 'none' ? (
      <Notice kind="danger" words={text('use.unread')} />
    ) : (
      <Notice kind="danger" words={text('use.no_picture', { size })} />
    );
  }
  const { known } = props.check;
  if (known === null) return null;
  if (!known.ok) {
    const { length } = props.given.replace(/\s/g, '');
    return (
      <Notice
        kind="danger"
        icon={<Icon of={CircleAlert} />}
        words={refusalWords(speech, known, { length, ownNetwork: own })}
        action={
          known.contact === null ? undefined : (
            <a className="text-link" href={chatOf(known.contact)}>
              {text('use.known.open')}
            </a>
          )
        }
      />
    );
  }
  return (
    <Notice
      kind="neutral"
      icon={<Icon of={Check} />}
      words={text(`use.good.${known.kind}`, {
        network: known.networkName,
        moment: formats.until(known.expiresUnixMs),
      })}
    />
  );
}

function Sent(props: {
  readonly contact: Contact;
  readonly isOnline: boolean;
  readonly onNext: () => void;
}) {
  const speech = useSpeech();
  const { text } = speech;
  const title = useRef<HTMLHeadingElement>(null);
  const [contact, setContact] = useState(props.contact);
  useEffect(() => title.current?.focus(), []);
  useEvents({ contact: (changed) => changed.id === contact.id && setContact(changed) });
  const isAccepted = contact.state === 'accepted';
  const waits = props.isOnline ? 'use.sent.detail' : 'use.sent.offline';
  return (
    <div className="use-sent">
      <h3 ref={title} className="use-sent-title" tabIndex={-1}>
        <Mark size={24} active={props.isOnline && !isAccepted} />
        {text(isAccepted ? 'use.sent.accepted' : 'use.sent')}
      </h3>
      <p className="use-sent-words" role="status">
        {isAccepted
          ? text('use.sent.accepted.detail', { name: shownName(speech, contact) })
          : text(waits)}
      </p>
      <div className="code-actions">
        <Button onPress={props.onNext}>{text('use.sent.next')}</Button>
        <a className="text-link" href={chatOf(props.contact.id)}>
          {text('use.sent.open')}
        </a>
      </div>
    </div>
  );
}

const chatOf = (contact: number) => formatRoute({ place: 'chat', contact, message: null });
