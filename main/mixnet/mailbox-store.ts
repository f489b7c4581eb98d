// What a provider needs of its disk: mailboxes, their delivery tokens, mail and acknowledgement
// identifiers. The role gathers what arrives into a batch; `commit` makes all of it durable in one
// transaction, and only then is anything acknowledged (design section 2, "Mailbox").
import type {
  PulledAcknowledgement,
  PulledMail,
  WireTokenCommand,
} from '../../shared/network/mailbox-frames.ts';
import type { Now } from '../../shared/time.ts';

/** Mail a mailbox holds before further mail is refused with `mailbox_full`: 32 MB of it. */
export const MAILBOX_MAILS_MAX = 20_000;
/** Acknowledgement identifiers a mailbox holds; beyond, the oldest go and are counted. */
export const MAILBOX_ACKNOWLEDGEMENTS_MAX = 4_096;
/** Delivery tokens of one mailbox; a further one is refused, and its owner is told. */
export const MAILBOX_TOKENS_MAX = 256;
/** What a provider keeps of mail that nobody pulls, unless its configuration says otherwise. */
export const RETENTION_MS_DEFAULT = 30 * 24 * 3_600_000;

/** Mail for a mailbox, as it came out of a packet. */
export type IncomingMail = {
  /** 16 bytes each. */
  readonly mailbox: Uint8Array;
  readonly token: Uint8Array;
  /** 1,627 bytes, sealed. */
  readonly content: Uint8Array;
};

/** An acknowledgement that came back for a sender of this provider. */
export type IncomingAcknowledgement = {
  readonly mailbox: Uint8Array;
  readonly identifier: Uint8Array;
};

/** What one pull says: everything up to these sequences has arrived; zero for nothing yet. */
export type PullProgress = {
  readonly mailbox: Uint8Array;
  readonly mailSequence: number;
  readonly acknowledgementSequence: number;
};

/**
 * A token of kind `contacts` or `address` lives until renewed or expired; the quota of an `address`
 * counts the mail that lies under it (a pull frees it), the quota of an `invite` every mail there
 * ever was.
 */
export type TokenChange = { readonly mailbox: Uint8Array; readonly command: WireTokenCommand };

export type Batch = {
  readonly mails: readonly IncomingMail[];
  readonly acknowledgements: readonly IncomingAcknowledgement[];
  readonly progress: readonly PullProgress[];
  readonly tokens: readonly TokenChange[];
};

export type MailOutcome = 'stored' | 'no_mailbox' | 'no_token' | 'token_spent' | 'mailbox_full';

export type BatchOutcome = {
  /** One for each mail of the batch, in its order. */
  readonly mails: readonly MailOutcome[];
  readonly acknowledgementsStored: number;
  readonly acknowledgementsWithoutMailbox: number;
  /** Identifiers that went because a mailbox held too many. */
  readonly acknowledgementsGone: number;
  readonly tokensRefused: number;
};

export type PullContent = {
  readonly mails: readonly PulledMail[];
  readonly acknowledgements: readonly PulledAcknowledgement[];
  /** What lies beyond the acknowledged sequences, these included. */
  readonly mailBacklog: number;
  readonly acknowledgementBacklog: number;
  /** Whether the last token command was refused, since the mailbox has as many as it may. */
  readonly isTokenRefused: boolean;
  /** The number of the last token command that was done or refused, durably. */
  readonly tokenCommandNumber: number;
};

export type RegisterOutcome =
  | 'registered'
  | 'known'
  | 'foreign_key'
  | 'invite_used'
  | 'provider_full';

export type Registration = {
  /** 16 bytes. */
  readonly mailbox: Uint8Array;
  /** 32 bytes, Ed25519. */
  readonly authKey: Uint8Array;
  /** 32 bytes: registers one mailbox, once. Null where the provider asks for none. */
  readonly invite: Uint8Array | null;
};

export type MailboxStore = {
  /**
   * Durable when it returns. `known` where the same key asks again, `foreign_key` where another
   * does.
   */
  readonly register: (registration: Registration, now: Now) => RegisterOutcome;
  /** The key that a mailbox's pulls are checked with, or null. */
  readonly authKey: (mailbox: Uint8Array) => Uint8Array | null;
  /** All of the batch in one transaction, durable when it returns. */
  readonly commit: (batch: Batch, now: Now) => BatchOutcome;
  /** The oldest mails and identifiers after the given sequences. Changes nothing. */
  readonly read: (
    progress: PullProgress,
    mailsMax: number,
    acknowledgementsMax: number,
  ) => PullContent | null;
  /** Removes what is older than the retention and tokens that ended; gives how much. */
  readonly expire: (now: Now) => {
    readonly mails: number;
    readonly acknowledgements: number;
    readonly tokens: number;
  };
};
