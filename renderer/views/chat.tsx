// A chat: who, the messages, where the next one is written; and what is said while there is nothing
// to show.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ChatMessage, Conversation } from '../../shared/api-chat.ts';
import { ChatComposer } from '../chat/chat-composer.tsx';
import { ChatHeader } from '../chat/chat-header.tsx';
import { isUnsettled } from '../chat/delivery.ts';
import type { MessageAct } from '../chat/message.tsx';
import { MessageList } from '../chat/message-list.tsx';
import { useNow } from '../state/clock.ts';
import { findConversation } from '../state/conversations.ts';
import type { ChatHold } from '../state/open-chat.ts';
import { formatRoute } from '../state/route.ts';
import { useApi, useKnown, useUsual } from '../state/session.tsx';
import { useStore } from '../state/store.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { useOpenChat } from '../state/use-open-chat.ts';
import { useRead } from '../state/use-read.ts';
import { named } from '../strings/shown-name.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageBar } from './page-bar.tsx';
import './chat.css';

export type ChatPageProps = {
  readonly contact: number;
  /** Where it opens; else at the first unread message, or at the end. */
  readonly message: number | null;
  readonly onBack: () => void;
  readonly onSearch: () => void;
};

export function ChatPage(props: ChatPageProps) {
  const speech = useSpeech();
  const { text } = speech;
  const found = useKnown((known) => findConversation(known.conversations, props.contact));
  const conversation = found && named(speech, found);
  const isListed = useKnown((known) => known.conversations !== null);
  if (conversation !== undefined) return <OpenChatPage {...props} conversation={conversation} />;
  return (
    <>
      <PageBar onBack={props.onBack} />
      {isListed ? (
        <div className="chat-empty">
          <h1 className="chat-empty-title" tabIndex={-1}>
            {text('chat.unknown')}
          </h1>
          <p>{text('chat.unknown.detail')}</p>
          <a className="text-link" href={formatRoute({ place: 'conversations' })}>
            {text('fault.back')}
          </a>
        </div>
      ) : (
        <Waiting />
      )}
    </>
  );
}

type OpenChatPageProps = ChatPageProps & { readonly conversation: Conversation };

function OpenChatPage(props: OpenChatPageProps) {
  const { text, formats } = useSpeech();
  const api = useApi();
  const { conversation, contact, message } = props;
  const [turn, setTurn] = useState(0);
  const hold = useOpenChat(api, contact, message, turn);
  const verifiedUnixMs = useVerified(contact, conversation.isVerified);
  const nowUnixMs = useNow();
  const detail =
    conversation.state !== 'accepted'
      ? text(conversation.state === 'blocked' ? 'row.blocked' : 'row.requested')
      : !conversation.isVerified
        ? text('chat.unverified')
        : verifiedUnixMs === null
          ? text('row.verified')
          : text('chat.verified', { day: formats.day(verifiedUnixMs, nowUnixMs) });
  const sent = (taken: ChatMessage) => {
    hold?.put(taken);
    hold?.moveTo(null);
  };
  return (
    <>
      <ChatHeader
        name={conversation.name}
        pair={conversation.pair}
        picture={conversation.avatar}
        verified={conversation.isVerified}
        detail={detail}
        onBack={props.onBack}
        onSearch={props.onSearch}
        onDetails={() => {
          window.location.hash = formatRoute({ place: 'contact', contact });
        }}
      />
      {hold === null ? (
        <div className="chat-empty" />
      ) : (
        <Messages
          key={turn}
          {...props}
          hold={hold}
          nowUnixMs={nowUnixMs}
          onAgain={() => setTurn(turn + 1)}
        />
      )}
      <ChatComposer
        key={contact}
        conversation={conversation}
        takesFocus={message === null}
        onSent={sent}
      />
    </>
  );
}

type MessagesProps = OpenChatPageProps & {
  readonly hold: ChatHold;
  readonly nowUnixMs: number;
  readonly onAgain: () => void;
};

function Messages({ conversation, message, hold, nowUnixMs, onAgain }: MessagesProps) {
  const { text } = useSpeech();
  const api = useApi();
  const { contact, name, unread } = conversation;
  const chat = useStore(hold.store, (open) => open);
  const usual = useUsual();
  const unreadAtOpening = useRef(unread);
  const read = useRead(api, contact, unread);
  const [doomed, setDoomed] = useState<ChatMessage | null>(null);
  const [isRefused, setRefused] = useState(false);
  const tried = useCallback((what: Promise<unknown>) => {
    what.then(
      () => setRefused(false),
      () => setRefused(true),
    );
  }, []);
  const act = useCallback(
    (kind: MessageAct, one: ChatMessage) => {
      if (kind === 'delete') setDoomed(one);
      else if (kind === 'copy') tried(navigator.clipboard.writeText(one.text));
      else if (kind === 'again') tried(api.call('chat.again', { id: one.id }));
      else tried(api.call('chat.cancel', { id: one.id }));
    },
    [api, tried],
  );
  if (chat.state === 'loading') return <Waiting />;
  if (chat.state === 'failed') return <Unreadable onAgain={onAgain} />;
  const isOwnLast = chat.messages.at(-1)?.isOwn === true;
  return (
    <>
      {isRefused ? (
        <div className="composer-trouble" role="alert">
          <Notice kind="danger" words={text('chat.refused')} />
        </div>
      ) : null}
      {chat.messages.length === 0 ? (
        <div className="chat-empty">
          <p>{text('chat.empty', { name })}</p>
        </div>
      ) : (
        <MessageList
          chat={chat}
          hold={hold}
          name={name}
          contact={contact}
          usual={usual}
          found={message}
          unreadAtOpening={isOwnLast ? null : unreadAtOpening.current}
          unread={unread}
          nowUnixMs={nowUnixMs}
          onAct={act}
          onSeen={read}
        />
      )}
      <DeleteDialog
        doomed={doomed}
        name={name}
        onKeep={() => setDoomed(null)}
        onDelete={() => {
          if (doomed !== null) tried(api.call('chat.delete', { id: doomed.id }));
          setDoomed(null);
        }}
      />
    </>
  );
}

type DeleteDialogProps = {
  readonly doomed: ChatMessage | null;
  readonly name: string;
  readonly onKeep: () => void;
  readonly onDelete: () => void;
};

function DeleteDialog({ doomed, name, onKeep, onDelete }: DeleteDialogProps) {
  const { text } = useSpeech();
  const state = doomed?.delivery?.state;
  const isStopped = state !== undefined && isUnsettled(state);
  return (
    <Dialog
      open={doomed !== null}
      title={text('message.delete.title')}
      description={text(isStopped ? 'message.delete.unsettled' : 'message.delete.detail', { name })}
      actions={
        <>
          <Button onPress={onKeep}>{text('message.delete.keep')}</Button>
          <Button kind="destructive" onPress={onDelete}>
            {text('message.delete')}
          </Button>
        </>
      }
      onClose={onKeep}
    />
  );
}

/** When the contact was verified; null until that is known. */
function useVerified(contact: number, isVerified: boolean): number | null {
  const api = useApi();
  const [unixMs, setUnixMs] = useState<number | null>(null);
  useEffect(() => {
    if (!isVerified) return setUnixMs(null);
    let isOver = false;
    api.call('contact.get', { id: contact }).then(
      (known) => {
        if (!isOver) setUnixMs(known?.verifiedUnixMs ?? null);
      },
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [api, contact, isVerified]);
  return unixMs;
}

function Unreadable({ onAgain }: { readonly onAgain: () => void }) {
  const { text } = useSpeech();
  return (
    <div className="chat-empty" role="alert">
      <Notice
        kind="danger"
        words={text('chat.failed')}
        action={<Button onPress={onAgain}>{text('list.failed.action')}</Button>}
      />
    </div>
  );
}

function Waiting() {
  const { text } = useSpeech();
  const isSlow = useDelayed(true, LOADING_DELAY_MS);
  return (
    <div className="chat-empty" role="status">
      {isSlow ? (
        <p className="chat-waiting">
          <Mark size={18} active />
          {text('chat.waiting')}
        </p>
      ) : null}
    </div>
  );
}
