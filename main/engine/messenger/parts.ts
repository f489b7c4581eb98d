// What the parts of the messenger share: the open profile, the step in which everything is done,
// and what a step has changed, so that it is told once the step is durable.
import type { EventName, EventValue } from '../../../shared/api.ts';
import type {
  ChatMessage,
  ChatNote,
  Conversation,
  MessageDelivery,
} from '../../../shared/api-chat.ts';
import type { Contact } from '../../../shared/api-people.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import type { RandomSource } from '../../../shared/random.ts';
import type { Now } from '../../../shared/time.ts';
import type { Log } from '../../log.ts';
import type { ClientHands } from '../../mixnet/client/contract.ts';
import type { Counter } from '../../mixnet/refusal.ts';
import type { OpenDb } from '../../store/handle.ts';
import type { OutgoingStore } from '../../store/outgoing-store.ts';
import type { PeopleStore } from '../../store/people-store.ts';
import type { SessionStore } from '../../store/session-store.ts';
import type { Mixnet } from '../mixnet.ts';

/** What becomes of messages that nobody sees; counted, never shown with whose they were. */
export const MESSENGER_EVENTS = [
  'unknown_tag', // for nobody that is known
  'not_opened', // no session opens it
  'repeated', // opened before
  'malformed',
  'blocked', // of somebody who was blocked
  'early_full', // before its acceptance, and too many of them
  'request_refused',
  'requests_full',
  'failed', // a fault of this program met it five times
] as const;
export type MessengerEvent = (typeof MESSENGER_EVENTS)[number];

/** What a step has changed; told after it. */
export type Changes = {
  readonly contacts: Set<number>;
  readonly goneContacts: Set<number>;
  /** Ids of messages and notes, new or changed. */
  readonly messages: Set<number>;
  /** Id of a message that is gone → its contact. */
  readonly goneMessages: Map<number, number>;
  /** Contacts whose conversations are to be told. */
  readonly conversations: Set<number>;
  /** Ids of codes in hex. */
  readonly codes: Set<string>;
  hasRequests: boolean;
  hasProfile: boolean;
  /** Contacts may have to be told the own address or name. */
  mayTell: boolean;
};

/** One step under way: one transaction. */
export type Work = {
  /** Null where no network was joined. */
  readonly hands: ClientHands | null;
  readonly now: Now;
  readonly changed: Changes;
  /** Done last in the step: what the client does that nothing but a restart can undo. */
  readonly atEnd: (() => void)[];
  /** Done when the step is durable: further steps. */
  readonly after: (() => void)[];
};

/** What the messenger needs of the network that was joined. */
export type Network = Pick<Mixnet, 'client' | 'network'>;

export type Later = (run: () => void, delayMs: number) => () => void;

export type Parts = {
  readonly db: OpenDb;
  readonly crypto: CryptoEngine;
  readonly random: RandomSource;
  readonly now: () => Now;
  readonly log: Log;
  readonly emit: <N extends EventName>(event: N, value: EventValue<N>) => void;
  readonly mixnet: () => Network | null;
  /** Runs something later; gives what takes that back. */
  readonly later: Later;
  readonly people: PeopleStore;
  readonly sessions: SessionStore;
  readonly outgoing: OutgoingStore;
  readonly counts: Counter<MessengerEvent>;
  /** As a contact is told. */
  readonly contactView: (id: number) => Contact;
  /** How long the providers of this network keep mail. */
  readonly retentionMs: () => number;
  /** One transaction in a quiet moment; resolves once it is durable, after its events. */
  readonly step: <T>(run: (work: Work) => T, quietMs?: number) => Promise<T>;
};

/** What is stored of an own message's way. */
export type StoredDelivery = Pick<MessageDelivery, 'state' | 'atUnixMs' | 'tryCount' | 'reason'> & {
  /** Packets that are confirmed, of how many. */
  readonly confirmed: number;
  readonly all: number;
};

/** What is known of a queued message beyond what is stored. */
export type Outlook = {
  readonly isOnline: boolean;
  /** Until it leaves, expected. */
  readonly leavesInMs: number | null;
};

export type NewOwnText = {
  /** 16 bytes. */
  readonly uid: Uint8Array;
  readonly text: string;
  readonly sentUnixMs: number;
  readonly packetCount: number;
};

export type NewTheirText = {
  readonly uid: Uint8Array;
  readonly text: string;
  /** By the sender's clock. */
  readonly sentUnixMs: number;
  readonly arrivedUnixMs: number;
};

/**
 * What the rest of the messenger has the chats do. All that writes is called inside a step, and
 * adds to `work.changed` what it changes.
 */
export type ChatPort = {
  /** A contact has a conversation from now on. */
  readonly begin: (work: Work, contact: number) => void;
  /** A text of this user's, queued; gives its id. */
  readonly addOwn: (work: Work, contact: number, text: NewOwnText) => number;
  /** A text of a contact's; null where one with its uid is there already. */
  readonly addTheirs: (work: Work, contact: number, text: NewTheirText) => number | null;
  /** A line that is nobody's message. */
  readonly addNote: (work: Work, contact: number, note: ChatNote) => number;
  readonly setNote: (work: Work, id: number, note: ChatNote) => void;
  /** Removes a message or note from the chat. */
  readonly remove: (work: Work, id: number) => void;
  /** Whether a text of his with this uid is there. */
  readonly hasTheirs: (contact: number, uid: Uint8Array) => boolean;
  /** By his clock, when the newest of his texts was sent; null before the first. */
  readonly newestSentUnixMs: (contact: number) => number | null;
  /** Id of an own message of this uid; null for none. */
  readonly ownOfUid: (contact: number, uid: Uint8Array) => number | null;
  readonly delivery: (id: number) => StoredDelivery | null;
  /** Whoever calls sees to it that a state never goes back. */
  readonly setDelivery: (work: Work, id: number, delivery: StoredDelivery) => void;
  /** As they are told; null for what is gone. */
  readonly message: (id: number) => ChatMessage | null;
  readonly conversation: (contact: number) => Conversation | null;
};

/** What the chats have the rest of the messenger do, inside a step. */
export type ChatHooks = {
  /** These messages of his (uids) were read now; tells him where that is wanted. */
  readonly read: (work: Work, contact: number, uids: readonly Uint8Array[]) => void;
  /** An own message was deleted here: nothing of it is sent or kept any more. */
  readonly deleted: (work: Work, id: number) => void;
  readonly outlook: (message: number) => Outlook;
};
