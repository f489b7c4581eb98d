// What a client keeps over a restart: its mailbox account, the outbox with every try, what is
// expected back, the spool of what arrived, and what was received before. Each call is one
// transaction and durable when it returns, so that a process may be killed between any two of them
// (design section 4). Where the disk has no room for it, nothing of it is done and it throws what
// has the `code` 'store_full'; whatever else it throws, the store cannot be used any more.
import type { WireTokenCommand } from '../../../shared/network/mailbox-frames.ts';
import type { DocumentStore } from '../documents.ts';

/** The mailbox at the own provider and its keys. */
export type ClientAccount = {
  /** Identity key of the provider, 32 bytes. */
  readonly providerKey: Uint8Array;
  /** Ed25519, made for this mailbox alone: 32 and 64 bytes. */
  readonly authPublicKey: Uint8Array;
  readonly authSecretKey: Uint8Array;
  /** X25519, what contents are sealed to: 32 bytes each. */
  readonly mailboxPublicKey: Uint8Array;
  readonly mailboxSecretKey: Uint8Array;
  /** The token of contacts, which own loops carry too; 16 bytes. Another after a renewal. */
  token: Uint8Array;
};

/** How the own provider is reached, for when every document that says so is too old. */
export type ProviderLink = {
  readonly addresses: readonly string[];
  /** 32 bytes. */
  readonly linkKeyHash: Uint8Array;
};

/** A token command before it has its number. */
export type TokenCommand =
  | Omit<Extract<WireTokenCommand, { kind: 'put' }>, 'number'>
  | Omit<Extract<WireTokenCommand, { kind: 'remove' }>, 'number'>;

/** Everything up to these sequences is durable here. */
export type PullSequences = {
  readonly mailSequence: number;
  readonly acknowledgementSequence: number;
};

/** What is known of a message; it goes from one to a later one and never back. */
export const MESSAGE_STATES = ['queued', 'in_mix', 'not_confirmed', 'at_provider'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** Background messages go behind interactive ones, as long ones do. */
export type Priority = 'interactive' | 'background';

/** Where a message goes: the mailbox address without the network. */
export type Recipient = {
  readonly providerKey: Uint8Array;
  readonly mailbox: Uint8Array;
  readonly token: Uint8Array;
  readonly mailboxKey: Uint8Array;
};

export type NewMessage = {
  /** 10 bytes, the same in every try. */
  readonly messageId: Uint8Array;
  /** 8 bytes. */
  readonly contactTag: Uint8Array;
  readonly recipient: Recipient;
  readonly priority: Priority;
  readonly fragmentCount: number;
  /** Bytes of all fragments together. */
  readonly size: number;
};

/** A fragment that was taken for a packet at least once, and is not acknowledged. */
export type StoredFlight = { readonly index: number; readonly tries: number };

export type StoredMessage = NewMessage & {
  readonly id: number;
  readonly state: MessageState;
  readonly acknowledged: readonly number[];
  readonly flights: readonly StoredFlight[];
  /** The first fragment that was never taken. */
  readonly nextIndex: number;
};

/** An identifier whose arrival acknowledges a fragment. */
export type ExpectedIdentifier = {
  /** 16 bytes. */
  readonly identifier: Uint8Array;
  readonly id: number;
  readonly index: number;
};

/** A message of which fragments have arrived, or all. */
export type StoredPartial = {
  readonly id: number;
  /** 10 and 8 bytes. */
  readonly messageId: Uint8Array;
  readonly contactTag: Uint8Array;
  readonly fragmentCount: number;
  readonly indexes: readonly number[];
  /** Bytes of ciphertext that are here. */
  readonly size: number;
  /** When this client took the newest of its fragments, by its own clock. */
  readonly takenUnixMs: number;
};

export type StoredClient = {
  readonly account: ClientAccount | null;
  readonly providerLink: ProviderLink | null;
  readonly sequences: PullSequences;
  /** In the order in which they were given. */
  readonly messages: readonly StoredMessage[];
  readonly expected: readonly ExpectedIdentifier[];
  readonly partials: readonly StoredPartial[];
  /** Whole messages that the program has not taken yet; oldest first. */
  readonly received: readonly number[];
  readonly tokenCommands: readonly WireTokenCommand[];
};

export type NewPart = {
  /** Of a partial that is there, or null for the first fragment of one. */
  readonly partial: number | null;
  readonly messageId: Uint8Array;
  readonly contactTag: Uint8Array;
  readonly fragmentCount: number;
  readonly index: number;
  readonly ciphertext: Uint8Array;
  /** At the provider, by its clock. */
  readonly arrivedUnixMs: number;
  /** Here, by this client's clock; absent in a spool of an earlier version. */
  readonly takenUnixMs?: number;
  /** Whether the message is whole with it. */
  readonly isLast: boolean;
};

export type ReceivedMessage = {
  readonly id: number;
  readonly contactTag: Uint8Array;
  readonly bytes: Uint8Array;
  /** Arrival of its first fragment at the provider, by the provider's clock. */
  readonly arrivedUnixMs: number;
};

export type ClientStore = {
  readonly documents: DocumentStore;
  /** Everything that is whole; what is being stored stays as it is. */
  readonly load: () => StoredClient;
  readonly createAccount: (account: ClientAccount) => void;
  readonly setToken: (token: Uint8Array) => void;
  readonly setProviderLink: (link: ProviderLink) => void;
  /** Sequences as they are from now on, where a mailbox began anew. */
  readonly setSequences: (sequences: PullSequences) => void;

  /** A message that counts once its last fragments are there; gives its id, never used again. */
  readonly addMessage: (message: NewMessage) => number;
  /** Fragments from `first` on; with the last ones the message is whole. */
  readonly addFragments: (
    id: number,
    first: number,
    bodies: readonly Uint8Array[],
    isLast: boolean,
  ) => void;
  readonly fragment: (id: number, index: number) => Uint8Array;
  /** One more try, and the identifier that answers it. */
  readonly reserve: (expected: ExpectedIdentifier) => void;
  /** The packet of this try was destroyed before it left: it was none. */
  readonly release: (expected: ExpectedIdentifier) => void;
  /** The fragment is at its recipient's provider; none of its identifiers is waited for now. */
  readonly acknowledged: (id: number, index: number) => void;
  readonly setState: (id: number, state: MessageState) => void;
  /** Message, fragments and what was expected for them. */
  readonly remove: (id: number) => void;
  /** Gives what is not acknowledged of a message new tries under a new id. */
  readonly renew: (id: number) => StoredMessage;

  /** Whether a message was received before; key: message id and contact tag, 18 bytes. */
  readonly isSeen: (key: Uint8Array) => boolean;
  /** One fragment; gives the partial's id. */
  readonly addPart: (part: NewPart) => number;
  readonly removePartial: (id: number) => void;
  readonly received: (id: number) => ReceivedMessage | null;
  /** The program has it: gone from the spool. */
  readonly take: (id: number) => void;

  /** Gives the command its number, which counts up for good. */
  readonly addTokenCommand: (command: TokenCommand) => WireTokenCommand;
  readonly removeTokenCommands: (upToNumber: number) => void;
  /** Commands that give a mailbox that began anew every token that was put and not removed. */
  readonly renewTokens: () => readonly WireTokenCommand[];
  /** Forgets what was received so long ago that nobody sends it again. */
  readonly expire: (nowUnixMs: number) => void;
  /** A profile that is locked keeps what comes and goes; nothing is begun, no mailbox either. */
  readonly isLocked: () => boolean;
  /** All of `step` in one transaction. */
  readonly atomically: <T>(step: () => T) => T;
};

/**
 * Messages remembered so that they are not received twice; the oldest go first. A sender's tries
 * end within minutes, and a provider keeps mail for 30 days.
 */
export const SEEN_MAX = 200_000;
export const SEEN_MS_MAX = 45 * 24 * 3_600_000;
