// What goes into the client role and what comes out of it, beside links. The engine puts inputs in,
// carries effects out, and asks for what it shows.
import type { CryptoEngine } from '../../../shared/crypto.ts';
import type { MailboxAddress } from '../../../shared/network/address.ts';
import type { NetworkFile } from '../../../shared/network/network-file.ts';
import type { Traffic } from '../../../shared/network/traffic.ts';
import type { RandomSource } from '../../../shared/random.ts';
import type { Sphinx } from '../../../shared/sphinx/packet.ts';
import type { LinkEffect, LinkInput, Role } from '../role.ts';
import type { DocumentAlarm, NewestDocument } from './directory.ts';
import type { InboxCounts } from './inbox.ts';
import type { DecidedProbe, LedgerSummary, Probe, ProbeKind } from './ledger.ts';
import type { MessageProgress, OutboxCounts } from './outbox-message.ts';
import type { Stream } from './schedule.ts';
import type { SessionRefusal, Terms } from './session.ts';
import type { StreamCounts } from './slots.ts';
import type { ClientStore, Priority, ReceivedMessage, TokenCommand } from './store.ts';

/**
 * Commands that wait for a quiet moment; a further one is refused with `busy`. Those that nobody is
 * answered wait once for each message, besides.
 */
export const COMMANDS_MAX = 1_024;
/** Whole messages are told again after so long, until they are taken. */
export const RECEIVED_AGAIN_MS = 30_000;
/** Between two looks at what is too old to be kept. */
export const EXPIRE_MS = 3_600_000;
/** Largest message, unless configured otherwise, up to `MESSAGE_SIZE_MAX`. */
export const MESSAGE_SIZE_MAX_DEFAULT = 256 * 1_024;

/** `ref` is the caller's own and comes back in the answer. */
export type SendCommand = {
  readonly kind: 'send';
  readonly ref: number;
  readonly address: MailboxAddress;
  /** 1 byte to the cap. */
  readonly bytes: Uint8Array;
  readonly priority: Priority;
  /** 8 bytes, not all zero: which session the bytes are for. Drawn where it is absent. */
  readonly contactTag?: Uint8Array;
};

export type ClientCommand =
  | SendCommand
  /** Takes back a message of which nothing has left; ends a resend of which nothing has. */
  | { readonly kind: 'cancel'; readonly ref: number; readonly id: number }
  /** Sends what is not confirmed of a message again; it goes on under a new id. */
  | { readonly kind: 'resend'; readonly ref: number; readonly id: number }
  /** A message is not needed any more: its ciphertext goes. */
  | { readonly kind: 'forget'; readonly id: number }
  /** A received message is the program's now. */
  | { readonly kind: 'taken'; readonly id: number }
  | { readonly kind: 'token'; readonly ref: number; readonly command: TokenCommand }
  /** Holds real messages back, or lets them go; cover goes on. */
  | { readonly kind: 'hold'; readonly isHeld: boolean }
  /** Whole messages that wait are told once more, at once. */
  | { readonly kind: 'tell-again' }
  | ClientLook
  | ClientStep;

/** Looks at the client in a moment in which no emission is near; changes nothing. */
export type ClientLook = {
  readonly kind: 'look';
  readonly look: () => void;
  /** Too many commands wait already; nothing was looked at. */
  readonly onFull: () => void;
};

/**
 * A unit of the program's own work: one transaction, in a moment in which no emission is near, in
 * its turn among the other commands. Everything that a user causes and that takes time is one.
 */
export type ClientStep = {
  readonly kind: 'step';
  /** Waits for nothing. What it throws undoes the whole step. */
  readonly run: (hands: ClientHands) => void;
  /** The step is durable, or `error` undid it. */
  readonly onEnd: (error: unknown) => void;
  /** How long no emission is to be due; `WORK_GUARD_MS` where absent. */
  readonly quietMs?: number;
};

/** What a step may have the client do, in the step's transaction. */
export type ClientHands = {
  /** Queues a message; gives its id. */
  readonly send: (message: Omit<SendCommand, 'kind' | 'ref'>) => SendOutcome;
  /** A received message is the program's now. */
  readonly take: (id: number) => void;
  /** Takes back a message of which nothing has left, or was sent again; false where it has. */
  readonly cancel: (id: number) => boolean;
  /** Sends what is not confirmed of a message again, under a new id; null for an unknown one. */
  readonly resend: (id: number) => number | null;
  readonly forget: (id: number) => void;
  /** Gives a token command to the next pulls; its number, or null where too many wait. */
  readonly token: (command: TokenCommand) => number | null;
  /** The contacts' token of the own address, and that of own loops, from now on; 16 bytes. */
  readonly setToken: (token: Uint8Array) => void;
};

export type SendOutcome =
  | { readonly ok: true; readonly id: number }
  | { readonly ok: false; readonly reason: SendRefusal };

export type ClientInput =
  | LinkInput
  | ClientCommand
  /** The driver could not hand a frame over that a `send` effect gave it. */
  | { readonly kind: 'not-sent'; readonly frame: Uint8Array };

/** What a network does, and not a user. */
export type OfLink = Extract<ClientInput, { kind: 'link-up' | 'link-down' | 'frame' | 'not-sent' }>;

export function isOfLink(input: ClientInput): input is OfLink {
  const { kind } = input;
  return kind === 'frame' || kind === 'not-sent' || kind === 'link-up' || kind === 'link-down';
}

export type SendRefusal =
  | 'busy'
  | 'empty'
  | 'too_large'
  | 'outbox_full'
  /** The disk is full; nothing was changed. */
  | 'store_full'
  | 'foreign_network'
  /** Nobody can be agreed with under the address's key, or the contact tag is that of loops. */
  | 'bad_address';

export type ClientEffect =
  | LinkEffect
  /** Durable, under this id. */
  | { readonly kind: 'queued'; readonly ref: number; readonly id: number }
  | {
      readonly kind: 'refused';
      readonly ref: number;
      readonly reason: SendRefusal | 'left_already' | 'unknown' | 'tokens_full';
    }
  | { readonly kind: 'cancelled'; readonly ref: number; readonly id: number }
  /** What is known of a message has changed; durable before it is told. */
  | { readonly kind: 'progress'; readonly progress: MessageProgress }
  /** Told again, after a while and after a restart, until it is taken. */
  | { readonly kind: 'received'; readonly message: ReceivedMessage }
  /** A token command waits, under this number; `token-done` when the provider has it. */
  | { readonly kind: 'token-queued'; readonly ref: number; readonly number: number }
  | { readonly kind: 'token-done'; readonly number: number }
  | { readonly kind: 'status'; readonly status: ClientStatus }
  | { readonly kind: 'alarm'; readonly reason: DocumentAlarm | 'other_copy' };

export type ConnectionState =
  /** No document that can be used now. */
  | 'no_document'
  /** The document does not list the own provider. */
  | 'provider_gone'
  /** This computer's clock and the other end's differ too much; `clockAheadMs` says by how much. */
  | 'clock_wrong'
  | 'connecting'
  | 'registering'
  | 'refused'
  | 'online';

export type ClientStatus = {
  readonly state: ConnectionState;
  readonly refusal: SessionRefusal | null;
  /** How much the provider's clock is ahead of this one, where it is too much. */
  readonly clockAheadMs: number | null;
  readonly epoch: number | null;
  readonly terms: Terms | null;
  /** The disk is full: messages and mail stay where they are, cover goes on. */
  readonly isStoreFull: boolean;
};

export type ClientForecast = {
  /** Payload slots until the last fragment has left. */
  readonly slots: number;
  readonly departureMs: number;
  /** At the recipient's provider, expected. */
  readonly arrivalMs: number;
};

export type ForecastMessage = MessageProgress & { readonly forecast: ClientForecast | null };

export type DayBytes = {
  /** Days since 1970, UTC by this computer's clock. */
  readonly day: number;
  readonly sent: number;
  readonly received: number;
};

export const CLIENT_EVENTS = [
  'frame_kind',
  'frame_version',
  'frame_size',
  'frame_field',
  'frame_unexpected', // a frame that this peer has no business to send
  'frames_full', // more frames than wait for a quiet moment
  'answer_unexpected', // a pull answer that nobody asked for
  'acknowledgement_unknown',
  'document_accepted',
  'document_refused',
  'document_conflict',
  'packet_unbuildable', // a key that nobody can agree with, or none for the epoch
  'clock_jump', // a sleep, or a clock that was set
] as const;
export type ClientEvent = (typeof CLIENT_EVENTS)[number];

export type ClientCounters = {
  readonly events: Readonly<Record<ClientEvent, number>>;
  readonly streams: Readonly<Record<Stream, StreamCounts>>;
  readonly inbox: InboxCounts;
  readonly outbox: OutboxCounts;
  readonly backlog: { readonly mails: number; readonly acknowledgements: number };
  /** This day and the one before. */
  readonly days: readonly DayBytes[];
};

export type ClientOptions = {
  readonly engine: CryptoEngine;
  readonly sphinx: Sphinx;
  /** For keys, contents, paths, delays and waits. */
  readonly random: RandomSource;
  /** For the instants of each stream alone, and for where the pulls begin. */
  readonly instants: Readonly<Record<Stream | 'pull', RandomSource>>;
  readonly network: NetworkFile;
  readonly store: ClientStore;
  /** Bytes of the largest message. */
  readonly messageSizeMax?: number;
  /** The provider to register at; else one that is open to everybody is drawn. */
  readonly providerKey?: Uint8Array;
  /** For a provider that wants an invite, 32 bytes. */
  readonly invite?: Uint8Array;
};

export type Client = Role<ClientInput, ClientEffect> & {
  readonly status: () => ClientStatus;
  /** Own mailbox with its contacts' token; null before there is one. */
  readonly address: () => MailboxAddress | null;
  /** The network's rates and times; null before its first document. */
  readonly traffic: () => Traffic | null;
  /** The network's k, which says how long a pull answer is. */
  readonly pullMailCount: () => number;
  readonly progress: (id: number) => MessageProgress | null;
  readonly messages: () => readonly MessageProgress[];
  /** At most `max` messages with a later id than this one, by id. */
  readonly page: (afterId: number, max: number) => readonly ForecastMessage[];
  readonly forecast: (id: number) => ClientForecast | null;
  readonly counters: () => ClientCounters;
  readonly ledger: () => LedgerSummary;
  /** Those that were decided, oldest first: the newest, as many as the ledger keeps. */
  readonly probes: (kind: ProbeKind) => readonly DecidedProbe[];
  /** Those under way, oldest first. */
  readonly flying: (kind: ProbeKind) => readonly Probe[];
  /** Null before the first. */
  readonly document: () => NewestDocument | null;
  /** When the newest pull was answered; null before the first. */
  readonly pulledAtMs: () => number | null;
};
