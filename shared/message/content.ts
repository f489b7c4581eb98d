// What a message can be (design section 3, "What a message can be"), and the limits of each kind.
// The bytes are in content-codec.ts. A kind that this program does not know is kept whole, so that
// it can be read after an update.
import { toUtf8 } from '../bytes.ts';
import type { MailboxAddress } from '../network/address.ts';

/** 16 random bytes: the same in every try and resend of one message. */
export const UID_SIZE = 16;
/** The first bytes of SHA-256 over the message before, as it was sealed. */
export const CONTENT_HASH_SIZE = 16;
/** UTF-8 of a text: 11 packets. */
export const TEXT_SIZE_MAX = 16_384;
/** UTF-8 of a reaction: the longest emoji sequences, families and flags, are below it. */
export const REACTION_SIZE_MAX = 64;
/** Message ids in one receipt: what one packet carries. */
export const RECEIPT_UIDS_MAX = 87;
/** Ranges in one request to send again. */
export const RESEND_RANGES_MAX = 32;
/** Messages that one request may ask for: what a session may skip. */
export const RESEND_MESSAGES_MAX = 2_000;
/** Four weeks. */
export const EXPIRY_SECONDS_MAX = 4 * 7 * 86_400;

export type ContentHeader = {
  readonly uid: Uint8Array;
  /**
   * Which count `sequence` belongs to: the generation of the session with which the sender began to
   * count. It goes on over resets; a profile that lost its count begins a new one. 0 where
   * `sequence` is 0.
   */
  readonly stream: number;
  /** From 1, within one stream; 0 in kinds that nobody misses (see `isSequenced`). */
  readonly sequence: number;
  /** 16 bytes: of the sequenced message before; zeros in the first, and where `sequence` is 0. */
  readonly previousHash: Uint8Array;
  /** By the sender's clock. */
  readonly sentUnixMs: number;
  /** The message disappears so long after it was delivered; 0 for never. */
  readonly expirySeconds: number;
};

/** Its user asked for it; messages no longer opened; a copy of the other's profile was seen. */
export type ResetReason = 'asked' | 'broken' | 'restored';

/** Messages `first` to `last`, both included. */
export type SequenceRange = { readonly first: number; readonly last: number };

export type ContentBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reply'; readonly target: Uint8Array; readonly text: string }
  /** An empty reaction takes the one before away. */
  | { readonly kind: 'reaction'; readonly target: Uint8Array; readonly reaction: string }
  | { readonly kind: 'edit'; readonly target: Uint8Array; readonly text: string }
  /** Asks the other program to delete; nobody can make it. */
  | { readonly kind: 'delete'; readonly target: Uint8Array }
  | {
      readonly kind: 'receipt';
      readonly level: 'delivered' | 'read';
      readonly uids: readonly Uint8Array[];
    }
  /** For all later messages of the conversation; 0 for off. */
  | { readonly kind: 'timer'; readonly seconds: number }
  /** The first message on a session that replaced another: why, for the line in the chat. */
  | {
      readonly kind: 'session_note';
      readonly reason: ResetReason;
      readonly previousGeneration: number;
    }
  | { readonly kind: 'profile'; readonly name: string }
  | {
      readonly kind: 'resend';
      readonly stream: number;
      readonly ranges: readonly SequenceRange[];
    }
  /** The answer to `resend` for what the sender no longer has. */
  | {
      readonly kind: 'unavailable';
      readonly stream: number;
      readonly ranges: readonly SequenceRange[];
    }
  /** Where to write from now on, with the contacts' token. */
  | { readonly kind: 'address'; readonly address: MailboxAddress }
  | { readonly kind: 'address_confirmed'; readonly token: Uint8Array };

export type ContentKind = ContentBody['kind'];

export type UnknownBody = {
  readonly kind: 'unknown';
  readonly code: number;
  readonly bytes: Uint8Array;
};

export type Content = {
  readonly header: ContentHeader;
  readonly body: ContentBody | UnknownBody;
};

/** Whether messages of this kind are counted, so that a lost one is noticed. */
export function isSequenced(kind: ContentKind): boolean {
  switch (kind) {
    case 'text':
    case 'reply':
    case 'reaction':
    case 'edit':
    case 'delete':
    case 'timer':
    case 'session_note':
    case 'profile':
    case 'address':
      return true;
    case 'receipt':
    case 'resend':
    case 'unavailable':
    case 'address_confirmed':
      return false;
  }
}

/** Whether this can be sent as a text: well-formed, 1 to 16,384 bytes of UTF-8. */
export function isMessageText(text: string): boolean {
  if (text.length === 0 || text.length > TEXT_SIZE_MAX || /\p{Cs}/u.test(text)) return false;
  return toUtf8(text).length <= TEXT_SIZE_MAX;
}

/** Whether this can be sent as a reaction: nothing, or up to 64 bytes without controls. */
export function isReaction(text: string): boolean {
  if (text.length > REACTION_SIZE_MAX || /[\p{Cs}\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return false;
  return toUtf8(text).length <= REACTION_SIZE_MAX;
}

/** Whether these are 1 to 32 ranges in ascending order with gaps, of at most 2,000 messages. */
export function areRanges(ranges: readonly SequenceRange[]): boolean {
  if (ranges.length < 1 || ranges.length > RESEND_RANGES_MAX) return false;
  let before = -1;
  let count = 0;
  for (const { first, last } of ranges) {
    if (first < 1 || first <= before + 1 || last < first) return false;
    count += last - first + 1;
    before = last;
  }
  return count <= RESEND_MESSAGES_MAX;
}
