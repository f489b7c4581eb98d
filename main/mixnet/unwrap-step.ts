// Unwrapping as a step that may be done elsewhere. A role that is given a desk hands each packet to
// it and gets what became of it as an input later; replay check, refusals and counting stay with
// the role, so nothing leaves before its tag was looked at. The price: a replay costs one unwrap.
import type { Unwrapped } from '../../shared/sphinx/packet.ts';

/**
 * Packets at the desk at once; the newest is refused at the limit, `unwrap-full`. As many as one
 * link may hold back: a tenth of a second of one thread's work, 2.5 MB.
 */
export const UNWRAP_WAITING_MAX = 1_024;

export type UnwrapJob = {
  /** 32 bits; none is given out twice while it waits. */
  readonly ticket: number;
  /** Whose key the packet is for; every key that the role's store made or loaded is known there. */
  readonly epoch: number;
  /** 2,413 bytes; not kept. */
  readonly packet: Uint8Array;
};

/** Takes jobs and answers each with one `UnwrappedInput`, in any order, never from within. */
export type UnwrapDesk = { readonly submit: (job: UnwrapJob) => void };

export type UnwrappedInput = {
  readonly kind: 'unwrapped';
  readonly ticket: number;
  /** Where the header was sound, whatever came of the rest. */
  readonly replayTag: Uint8Array | null;
  /** `lost` where the worker ended over it. */
  readonly outcome: Unwrapped | { readonly kind: 'lost' };
};
