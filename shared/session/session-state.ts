// What one side knows of a session: the state of the Double Ratchet as a plain value, and the
// limits of what it keeps (design section 3, "Session"). Nothing here is ever changed in place, so
// that a state that was stored stays what was stored.
import type { AgreementKeyPair } from './identity.ts';

/** Keys that one message may make a session derive and keep: about 60 ms in plain JavaScript. */
export const JUMP_MAX = 2_000;
/** Keys of skipped messages that a session keeps; beyond it the oldest are forgotten, counted. */
export const SKIPPED_KEYS_MAX = 2_000;
/**
 * Receive chains before the current one that still await messages; the oldest goes first, and what
 * was on its way in it has to be asked for again. A chain that awaits nothing is not kept.
 */
export const CLOSED_CHAINS_MAX = 5;

/** A message key that was skipped, of one receive chain. */
export type SkippedKey = {
  readonly index: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** When it was skipped: keys are forgotten after a retention that the caller sets. */
  readonly sinceUnixMs: number;
};

export type ReceiveChain = {
  /** 32 bytes. */
  readonly headerKey: Uint8Array;
  /** 32 bytes; null once the other side went on to its next chain. */
  readonly chainKey: Uint8Array | null;
  /** Index of the first message not derived yet. */
  readonly next: number;
  /** Ascending. */
  readonly skipped: readonly SkippedKey[];
};

/** One session as one side has it. Secret. All keys are 32 bytes. */
export type Session = {
  /** With `starterKey`, which session this is; see shared/session/contact-sessions.ts. */
  readonly generation: number;
  /** Ed25519 key of who started it. */
  readonly starterKey: Uint8Array;
  /** 8 bytes: what the fragments of one's own messages carry. */
  readonly sendTag: Uint8Array;
  readonly receiveTag: Uint8Array;
  readonly establishedUnixMs: number;
  /** Bound into every message: it follows from both people's keys and the transcript. */
  readonly associated: Uint8Array;
  readonly rootKey: Uint8Array;
  readonly ownKey: AgreementKeyPair;
  readonly peerKey: Uint8Array;
  readonly sendChain: {
    readonly headerKey: Uint8Array;
    readonly chainKey: Uint8Array;
    /** Messages sealed in it. */
    readonly count: number;
  };
  readonly nextSendHeaderKey: Uint8Array;
  /** Messages in one's own chain before. */
  readonly previousCount: number;
  readonly nextReceiveHeaderKey: Uint8Array;
  /**
   * The current one first, then closed ones that await messages, newest first; empty until the
   * acceptor hears the starter.
   */
  readonly receiveChains: readonly ReceiveChain[];
};

/** How many keys of skipped messages a session keeps. */
export function skippedKeyCount(session: Session): number {
  return session.receiveChains.reduce((sum, { skipped }) => sum + skipped.length, 0);
}

/**
 * Forgets keys skipped before `olderThanUnixMs`, the oldest beyond `keepMax`, and closed chains
 * that await nothing or are too many. The messages they were for will not open any more.
 */
export function forgetSkippedKeys(
  session: Session,
  limits: { readonly keepMax: number; readonly olderThanUnixMs: number },
): { readonly session: Session; readonly forgottenCount: number } {
  let room = limits.keepMax;
  const trimmed = session.receiveChains.map((chain) => {
    const fresh = chain.skipped.filter((one) => one.sinceUnixMs >= limits.olderThanUnixMs);
    const skipped = fresh.slice(Math.max(0, fresh.length - room));
    room -= skipped.length;
    return skipped.length === chain.skipped.length ? chain : { ...chain, skipped };
  });
  const awaited = trimmed.filter(
    ({ chainKey, skipped }) => chainKey !== null || skipped.length > 0,
  );
  const current = awaited.filter(({ chainKey }) => chainKey !== null);
  const closed = awaited.filter(({ chainKey }) => chainKey === null).slice(0, CLOSED_CHAINS_MAX);
  const kept = { ...session, receiveChains: [...current, ...closed] };
  return { session: kept, forgottenCount: skippedKeyCount(session) - skippedKeyCount(kept) };
}
