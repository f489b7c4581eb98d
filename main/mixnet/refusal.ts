// Why a packet is turned away, as one closed union, and the one place that counts it. Nothing is
// told to whoever sent it: an answer that depends on the reason would help an attacker who tags
// packets.

export const PACKET_REFUSALS = [
  // What unwrapping refuses (shared/sphinx).
  'length',
  'low-order',
  'mac',
  'replay',
  'flag',
  'version',
  // What a hop refuses.
  'epoch', // no key for the parity at this time
  'unwrap-full', // as many as may wait at the desk
  'unwrap-lost', // the worker ended over it
  'replay-set-full', // the set may forget nothing while its key lives
  'previous-hop', // not from the layer before
  'next-hop', // not a neighbour in the order of the layers
  'delay', // longer than any honest draw
  'pool-full',
  'no-link', // the neighbour was not connected when the packet was due
  // What a last hop refuses.
  'payload', // garbled on the way
  'payload-table',
  'destination',
  'mailbox',
  'token',
  'token-spent',
  'mailbox-full',
  'acknowledgement', // an acknowledgement with nowhere to go
] as const;
export type PacketRefusal = (typeof PACKET_REFUSALS)[number];

export type Counter<R extends string> = {
  readonly count: (reason: R, times?: number) => void;
  readonly snapshot: () => Readonly<Record<R, number>>;
};

/** Counts each of `reasons`, from zero. */
export function createCounter<R extends string>(reasons: readonly R[]): Counter<R> {
  const counts = new Map<R, number>(reasons.map((reason) => [reason, 0]));
  return {
    count: (reason, times = 1) => {
      counts.set(reason, (counts.get(reason) ?? 0) + times);
    },
    snapshot: () => Object.fromEntries(counts) as Record<R, number>,
  };
}
