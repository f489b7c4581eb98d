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
import { MESSAGE_SIZE_MAX } from '../../../shared/network/geometry.ts';
import type { PulledMail } from '../../../shared/network/mailbox-frames.ts';
import { openContent } from '../../../shared/network/seal.ts';
import { type Counter, createCounter } from '../refusal.ts';
import type { ClientAccount, ClientStore, StoredClient } from './store.ts';

/** Messages of which fragments are missing; beyond, the oldest goes and is counted. */
export const PARTIALS_MAX = 512;
/** Bytes of them: eight of the largest messages. */
export const PARTIAL_BYTES_MAX = 8 * MESSAGE_SIZE_MAX;
/** Fragments that wait longer for the others will not see them: past a sender's tries by far. */
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
  'partial_gone', // the oldest, where there were too many
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
  readonly firstUnixMs: number;
};

export type InboxOptions = {
  readonly engine: CryptoEngine;
  readonly store: ClientStore;
  readonly isOwnLoop: (messageId: Uint8Array) => boolean;
  /** `PARTIAL_BYTES_MAX` where absent. */
  readonly partialBytesMax?: number;
};

export function createInbox(options: InboxOptions, stored: StoredClient): Inbox {
  const { engine, store, partialBytesMax = PARTIAL_BYTES_MAX } = options;
  const refusals: Counter<InboxRefusal> = createCounter(INBOX_REFUSALS);
  /** By message id and contact tag; the oldest first. */
  const partials = new Map<string, Partial>();
  let partialBytes = 0;
  const waiting = new Set<number>();

  const reload = (from: StoredClient): void => {
    partials.clear();
    partialBytes = 0;
    for (const one of from.partials) {
      const { id, fragmentCount, size, firstUnixMs } = one;
      const indexes = new Set(one.indexes);
      const key = toHex(concatBytes(one.messageId, one.contactTag));
      partials.set(key, { id, fragmentCount, indexes, size, firstUnixMs });
      partialBytes += size;
    }
    waiting.clear();
    for (const id of from.received) waiting.add(id);
  };
  reload(stored);

  const refuse = (reason: InboxRefusal): Taken => {
    refusals.count(reason);
    return { kind: 'refused' };
  };

  const removePartial = (key: string, partial: Partial, reason: InboxRefusal): void => {
    refusals.count(reason);
    store.removePartial(partial.id);
    partials.delete(key);
    partialBytes -= partial.size;
  };

  /** The oldest go until the rest is within its bounds; never the one that has just come. */
  const makeRoom = (kept: string): void => {
    for (const [key, partial] of partials) {
      if (partials.size <= PARTIALS_MAX && partialBytes <= partialBytesMax) return;
      if (key !== kept) removePartial(key, partial, 'partial_gone');
    }
  };

  const keep = (fragment: Fragment, arrivedUnixMs: number, nowUnixMs: number): Taken => {
    const { messageId, contactTag, index, count, ciphertext } = fragment;
    const key = concatBytes(messageId, contactTag);
    const name = toHex(key);
    const known = partials.get(name);
    if (known === undefined && store.isSeen(key)) return refuse('message_again');
    if (known !== undefined && known.fragmentCount !== count) return refuse('fragment_conflict');
    if (known?.indexes.has(index) === true) return refuse('fragment_again');
    const isLast = (known?.indexes.size ?? 0) + 1 === count;
    const id = store.addPart({
      partial: known?.id ?? null,
      messageId,
      contactTag,
      fragmentCount: count,
      index,
      ciphertext,
      arrivedUnixMs,
      isLast,
    });
    if (isLast) {
      partials.delete(name);
      partialBytes -= known?.size ?? 0;
      waiting.add(id);
      return { kind: 'received', id };
    }
    if (known === undefined) {
      const indexes = new Set([index]);
      const size = ciphertext.length;
      partials.set(name, { id, fragmentCount: count, indexes, size, firstUnixMs: nowUnixMs });
    } else {
      known.indexes.add(index);
      known.size += ciphertext.length;
    }
    partialBytes += ciphertext.length;
    makeRoom(name);
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
      for (const [key, partial] of partials) {
        const isOld = nowUnixMs - partial.firstUnixMs > PARTIAL_MS_MAX;
        if (isOld) removePartial(key, partial, 'partial_old');
      }
    },
    counts: () => ({
      partials: partials.size,
      partialBytes,
      waiting: waiting.size,
      refused: refusals.snapshot(),
    }),
  };
}
