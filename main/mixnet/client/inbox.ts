// What is pulled becomes messages: unsealed, told from own loops, put together, given once. Every
// fragment is durable before its sequence is acknowledged, and a message that was received is known
// for good, so that tries, repeated pulls and restarts give nothing twice (design section 2).
import { concatBytes, equalBytes, toHex } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import {
  decodeFragment,
  type Fragment,
  LOOP_CONTACT_TAG,
} from '../../../shared/network/fragment.ts';
import { FRAGMENT_BODY_SIZE, MESSAGE_SIZE_MAX } from '../../../shared/network/geometry.ts';
import type { PulledMail } from '../../../shared/network/mailbox-frames.ts';
import { openContent } from '../../../shared/network/seal.ts';
import { type Counter, createCounter } from '../refusal.ts';
import type { ClientAccount, ClientStore, StoredClient } from './store.ts';

/**
 * Messages of which fragments are missing; beyond, those go to which nothing has come for
 * `PARTIAL_IDLE_MS`, and where there are none no further one is begun. Both are counted.
 */
export const PARTIALS_MAX = 512;
/** Several times what all tries of a fragment take: nobody sends the others any more, it seems. */
export const PARTIAL_IDLE_MS = 3_600_000;
/**
 * Bytes that they will have when they are whole: eight of the largest messages. What was begun can
 * be finished, whatever comes beside it.
 */
export const PARTIAL_BYTES_MAX = 8 * MESSAGE_SIZE_MAX;
/**
 * Fragments to which no other has come for longer will not see one: past a sender's tries by far.
 * Counts from when the newest was taken here; while it lay at the provider it was no age.
 */
export const PARTIAL_MS_MAX = 14 * 24 * 3_600_000;
/** Whole messages that the program has not taken; beyond, mail stays at the provider. */
export const RECEIVED_MAX = 1_000;

export const INBOX_REFUSALS = [
  'seal', // does not open with the mailbox's key
  'fragment_size',
  'fragment_count',
  'fragment_index',
  'fragment_length',
  'fragment_padding',
  'fragment_conflict', // another count than the fragments before it
  'fragment_again',
  'message_again',
  'loop_unknown', // sent before a restart, or by somebody else
  'message_too_large', // more fragments than a message may have here
  'inbox_full', // the first fragment seen of a message, where too many are unfinished
  'partial_idle', // to which nothing has come for long, where there were too many
  'partial_old',
] as const;
export type InboxRefusal = (typeof INBOX_REFUSALS)[number];

export type Taken =
  | { readonly kind: 'loop'; readonly messageId: Uint8Array }
  /** A message is whole. */
  | { readonly kind: 'received'; readonly id: number }
  | { readonly kind: 'kept' }
  | { readonly kind: 'refused' };

export type Inbox = {
  /** Whether further mail is taken; else its sequences are not acknowledged. */
  readonly hasRoom: () => boolean;
  readonly take: (mail: PulledMail, account: ClientAccount, nowUnixMs: number) => Taken;
  /** Whole messages that the program has not taken, oldest first. */
  readonly waiting: () => readonly number[];
  readonly isWaiting: (id: number) => boolean;
  readonly isEmpty: () => boolean;
  /** Begins anew with what is durable. */
  readonly reload: (stored: StoredClient) => void;
  readonly done: (id: number) => void;
  /** As `done`, for a message that is out of the store already. */
  readonly taken: (id: number) => void;
  readonly expire: (nowUnixMs: number) => void;
  readonly counts: () => InboxCounts;
};

export type InboxCounts = {
  readonly partials: number;
  readonly partialBytes: number;
  readonly waiting: number;
  readonly refused: Readonly<Record<InboxRefusal, number>>;
};

type Partial = {
  readonly id: number;
  readonly fragmentCount: number;
  readonly indexes: Set<number>;
  size: number;
  /** When the newest was taken, by this client's clock. */
  takenUnixMs: number;
};

export type InboxOptions = {
  readonly engine: CryptoEngine;
  readonly store: ClientStore;
  readonly isOwnLoop: (messageId: Uint8Array) => boolean;
  /** Bytes of the largest message that is taken. */
  readonly messageSizeMax: number;
  /** `PARTIAL_BYTES_MAX` where absent. */
  readonly partialBytesMax?: number;
};

export function createInbox(options: InboxOptions, stored: StoredClient): Inbox {
  const { engine, store, partialBytesMax = PARTIAL_BYTES_MAX } = options;
  const refusals: Counter<InboxRefusal> = createCounter(INBOX_REFUSALS);
  /** By message id and contact tag; the oldest first. */
  const partials = new Map<string, Partial>();
  let partialBytes = 0;
  /** What they come to when they are whole. */
  let wholeBytes = 0;
  const fragmentsMax = Math.ceil(options.messageSizeMax / FRAGMENT_BODY_SIZE);
  const waiting = new Set<number>();

  const reload = (from: StoredClient): void => {
    partials.clear();
    partialBytes = 0;
    wholeBytes = 0;
    for (const one of from.partials) {
      const { id, fragmentCount, size, takenUnixMs } = one;
      const indexes = new Set(one.indexes);
      const key = toHex(concatBytes(one.messageId, one.contactTag));
      partials.set(key, { id, fragmentCount, indexes, size, takenUnixMs });
      partialBytes += size;
      wholeBytes += fragmentCount * FRAGMENT_BODY_SIZE;
    }
    waiting.clear();
    for (const id of from.received) waiting.add(id);
  };
  reload(stored);

  const refuse = (reason: InboxRefusal): Taken => {
    refusals.count(reason);
    return { kind: 'refused' };
  };

  const drop = (key: string, partial: Partial): void => {
    if (!partials.delete(key)) return;
    partialBytes -= partial.size;
    wholeBytes -= partial.fragmentCount * FRAGMENT_BODY_SIZE;
  };

  const removeIdle = (msMax: number, nowUnixMs: number, reason: InboxRefusal): void => {
    for (const [key, partial] of partials) {
      if (nowUnixMs - partial.takenUnixMs <= msMax) continue;
      store.removePartial(partial.id);
      refusals.count(reason);
      drop(key, partial);
    }
  };

  const hasRoom = (fragmentCount: number): boolean => {
    const bytes = wholeBytes + fragmentCount * FRAGMENT_BODY_SIZE;
    return partials.size === 0 || (partials.size < PARTIALS_MAX && bytes <= partialBytesMax);
  };
  /** Whether a further message may be begun: one alone always may. */
  const mayBegin = (fragmentCount: number, nowUnixMs: number): boolean => {
    if (hasRoom(fragmentCount)) return true;
    removeIdle(PARTIAL_IDLE_MS, nowUnixMs, 'partial_idle');
    return hasRoom(fragmentCount);
  };

  const keep = (fragment: Fragment, arrivedUnixMs: number, nowUnixMs: number): Taken => {
    const { messageId, contactTag, index, count, ciphertext } = fragment;
    const key = concatBytes(messageId, contactTag);
    const name = toHex(key);
    const known = partials.get(name);
    if (known === undefined && store.isSeen(key)) return refuse('message_again');
    if (known !== undefined && known.fragmentCount !== count) return refuse('fragment_conflict');
    if (known?.indexes.has(index) === true) return refuse('fragment_again');
    // Somebody who begins more than there is room for ends nothing of what others began.
    if (known === undefined && count > fragmentsMax) return refuse('message_too_large');
    if (known === undefined && count > 1 && !mayBegin(count, nowUnixMs)) {
      return refuse('inbox_full');
    }
    const isLast = (known?.indexes.size ?? 0) + 1 === count;
    const id = store.addPart({
      partial: known?.id ?? null,
      messageId,
      contactTag,
      fragmentCount: count,
      index,
      ciphertext,
      arrivedUnixMs,
      takenUnixMs: nowUnixMs,
      isLast,
    });
    if (isLast) {
      if (known !== undefined) drop(name, known);
      waiting.add(id);
      return { kind: 'received', id };
    }
    if (known === undefined) {
      const indexes = new Set([index]);
      const size = ciphertext.length;
      partials.set(name, { id, fragmentCount: count, indexes, size, takenUnixMs: nowUnixMs });
      wholeBytes += count * FRAGMENT_BODY_SIZE;
    } else {
      known.indexes.add(index);
      known.size += ciphertext.length;
      known.takenUnixMs = nowUnixMs;
    }
    partialBytes += ciphertext.length;
    return { kind: 'kept' };
  };

  return {
    hasRoom: () => waiting.size < RECEIVED_MAX,
    take: (mail, account, nowUnixMs) => {
      const pair = { publicKey: account.mailboxPublicKey, secretKey: account.mailboxSecretKey };
      const bytes = openContent(engine, pair, mail.content);
      if (bytes === null) return refuse('seal');
      const decoded = decodeFragment(bytes);
      if (!decoded.ok) return refuse(decoded.reason);
      const { fragment } = decoded;
      if (equalBytes(fragment.contactTag, LOOP_CONTACT_TAG)) {
        const messageId = fragment.messageId.slice();
        return options.isOwnLoop(messageId) ? { kind: 'loop', messageId } : refuse('loop_unknown');
      }
      return keep(fragment, mail.arrivedUnixMs, nowUnixMs);
    },
    waiting: () => [...waiting],
    isWaiting: (id) => waiting.has(id),
    isEmpty: () => waiting.size === 0,
    reload,
    done: (id) => {
      if (!waiting.has(id)) return;
      store.take(id);
      waiting.delete(id);
    },
    taken: (id) => {
      waiting.delete(id);
    },
    expire: (nowUnixMs) => {
      removeIdle(PARTIAL_MS_MAX, nowUnixMs, 'partial_old');
    },
    counts: () => ({
      partials: partials.size,
      partialBytes,
      waiting: waiting.size,
      refused: refusals.snapshot(),
    }),
  };
}
