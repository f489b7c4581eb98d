// The composer of a chat: its draft, the way that a message will take, sending, and what stands in
// its place where nothing can be sent.
import { useEffect, useState } from 'react';
import type { FailureCode } from '../../shared/api.ts';
import { type ChatMessage, type Conversation, PREVIEW_LENGTH_MAX } from '../../shared/api-chat.ts';
import type { Health } from '../../shared/api-health.ts';
import { CallError } from '../api.ts';
import { useApi, useHealth, useKnown, useSession, useUsual } from '../state/session.tsx';
import { useStore } from '../state/store.ts';
import { inFront } from '../state/unsent.ts';
import { useDraft } from '../state/use-draft.ts';
import type { Key } from '../strings/catalogue.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Notice } from '../ui/notice.tsx';
import { BlockedComposer, Composer, type Forecast, focusComposer } from './composer.tsx';

export type ChatComposerProps = {
  readonly conversation: Conversation;
  /** Whoever opened the chat writes next; not where it was opened at a message. */
  readonly takesFocus: boolean;
  /** After the engine took a message. */
  readonly onSent: (message: ChatMessage) => void;
};

export function ChatComposer(props: ChatComposerProps) {
  const { text } = useSpeech();
  const api = useApi();
  const { conversation } = props;
  const [isUnblockRefused, setUnblockRefused] = useState(false);
  if (conversation.state === 'accepted') return <OpenComposer {...props} />;
  if (conversation.state === 'requested') {
    return (
      <div className="composer">
        <Notice kind="open" words={text('composer.requested', { name: conversation.name })} />
      </div>
    );
  }
  const unblock = () => {
    api.call('contact.unblock', { id: conversation.contact }).then(
      () => setUnblockRefused(false),
      () => setUnblockRefused(true),
    );
  };
  return (
    <>
      {isUnblockRefused ? <Trouble of="composer.unblock.failed" /> : null}
      <BlockedComposer name={conversation.name} onUnblock={unblock} />
    </>
  );
}

/** After this a question for the whole draft that failed is asked again. */
const DRAFT_AGAIN_MS = 1_000;

/** The draft as it is kept; null until that is known. A list has no more of it than a preview. */
function useWholeDraft({ contact, draft }: Conversation): string | null {
  const api = useApi();
  const [kept, setKept] = useState(() => (draft.length < PREVIEW_LENGTH_MAX ? draft : null));
  useEffect(() => {
    if (kept !== null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = () => {
      api.call('conversation.get', { contact }).then(
        (whole) => {
          if (!isOver) setKept(whole.draft);
        },
        () => {
          if (!isOver) timer = setTimeout(ask, DRAFT_AGAIN_MS);
        },
      );
    };
    ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api, contact, kept]);
  return kept;
}

function OpenComposer({ conversation, takesFocus, onSent }: ChatComposerProps) {
  const api = useApi();
  const { contact, name } = conversation;
  const enterSends = useKnown((known) => known.settings?.enterSends ?? true);
  const forecast = useForecast();
  const kept = useWholeDraft(conversation);
  const [value, setValue] = useDraft(api, contact, kept);
  const [trouble, setTrouble] = useState<TroubleKey | null>(null);
  const { unsent } = useSession();
  const left = useStore(unsent.store, (all) => all[contact]);
  useEffect(() => unsent.attend(contact), [unsent, contact]);
  useEffect(() => {
    if (left === undefined || kept === null) return;
    // What was not taken stands there again, before what was typed meanwhile.
    unsent.take(contact);
    setValue((now) => inFront(left.text, now));
    setTrouble(troubleOf(left.error));
  }, [unsent, contact, left, kept, setValue]);
  useEffect(() => {
    // It may come into being later, when the contact has accepted: then nobody's words are cut off.
    if (takesFocus && !isWriting()) focusComposer();
  }, [takesFocus]);
  const send = () => {
    const written = value.trim();
    setValue('');
    setTrouble(null);
    api.call('chat.send', { contact, text: written }).then(onSent, (error: unknown) => {
      // This chat may have been left meanwhile.
      unsent.keep(contact, { text: written, error });
    });
  };
  return (
    <>
      {trouble === null ? null : <Trouble of={trouble} />}
      <Composer
        name={name}
        value={value}
        forecast={forecast}
        enterSends={enterSends}
        isReadOnly={kept === null}
        onChange={setValue}
        onSend={send}
      />
    </>
  );
}

type TroubleKey = Extract<Key, `composer.failed${string}` | 'composer.unblock.failed'>;

function Trouble({ of }: { readonly of: TroubleKey }) {
  const { text } = useSpeech();
  return (
    <div className="composer-trouble" role="alert">
      <Notice kind="danger" words={text(of)} />
    </div>
  );
}

function isWriting(): boolean {
  return document.activeElement?.matches('input, textarea, [role="menuitem"]') === true;
}

const troubles: Readonly<Partial<Record<FailureCode, TroubleKey>>> = {
  outbox_full: 'composer.failed.outbox_full',
  store_full: 'composer.failed.store_full',
  engine_unavailable: 'composer.failed.engine_unavailable',
  too_large: 'composer.failed.too_large',
  bad_text: 'composer.failed.too_large',
};

function troubleOf(error: unknown): TroubleKey {
  const known = error instanceof CallError ? troubles[error.code] : undefined;
  return known ?? 'composer.failed';
}

/** What is known of the way that a message would take now. */
function useForecast(): Forecast {
  const kind = useHealth((known) => forecastOf(known.health));
  const usual = useUsual();
  if (kind !== 'usual') return { kind };
  return usual === null ? { kind: 'unknown' } : { kind, ...usual };
}

function forecastOf(health: Health | null): Forecast['kind'] {
  if (health === null) return 'unknown';
  if (health.state === 'failing' && health.isHolding) return 'held';
  const isOffline = ['offline', 'stale', 'clock_wrong'].includes(health.state);
  return isOffline ? 'offline' : 'usual';
}
