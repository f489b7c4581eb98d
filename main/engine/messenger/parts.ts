// What the parts of the messenger share: the open profile, the step in which everything is done,
// and what a step has changed, so that it is told once the step is durable.
import type { EventName, EventValue } from '../../../shared/api.ts';
import type {
  ChatMessage,
  ChatNote,
  Conversation,
  MessageDelivery,
} from '../../../shared/api-chat.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import type { RandomSource } from '../../../shared/random.ts';
import type { Now } from '../../../shared/time.ts';
import type { Log } from '../../log.ts';
import type { ClientHands } from '../../mixnet/client/contract.ts';
import type { OpenDb } from '../../store/handle.ts';
import type { Mixnet } from '../mixnet.ts';

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
};

/** One step under way: one transaction. */
export type Work = {
  /** Null where no network was joined. */
  readonly hands: ClientHands | null;
  readonly now: Now;
  readonly changed: Changes;
};

export type Parts = {
  readonly db: OpenDb;
  readonly crypto: CryptoEngine;
  readonly random: RandomSource;
  readonly now: () => Now;
  readonly log: Log;
  readonly emit: <N extends EventName>(event: N, value: EventValue<N>) => void;
  readonly mixnet: () => Mixnet | null;
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
  /** A text of this user's, queued; gives its id. */
  readonly addOwn: (work: Work, contact: number, text: NewOwnText) => number;
  /** A text of a contact's; null where one with its uid is there already. */
  readonly addTheirs: (work: Work, contact: number, text: NewTheirText) => number | null;
  /** A line that is nobody's message. */
  readonly addNote: (work: Work, contact: number, note: ChatNote) => number;
  readonly setNote: (work: Work, id: number, note: ChatNote) => void;
  /** Removes a message or note from the chat. */
  readonly remove: (work: Work, id: number) => void;
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
