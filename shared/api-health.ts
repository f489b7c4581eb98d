// The part of the contract that is about how well delivery works: what the window's network page
// shows (design section 2, "Health"; shared/ui of the design brief, "Network state"). Asked for at
// most once a second; nothing of it is stored.
import * as z from 'zod/mini';

/** Loops that are told one by one, the newest. */
export const LOOPS_SHOWN_MAX = 150;

const nothing = z.strictObject({});
const count = z.int().check(z.nonnegative());
const share = z.number().check(z.minimum(0), z.maximum(1));

export const healthSchema = z.strictObject({
  state: z.enum([
    'none',
    'connecting',
    'measuring',
    'good',
    'slow',
    'degraded',
    'failing',
    'offline',
    'clock_wrong',
    'stale',
  ]),
  /** Since when, in ms before now. */
  forMs: z.number(),
  /** Whether real messages are held back while delivery fails; the user may let them go. */
  isHolding: z.boolean(),
  clockAheadMs: z.nullable(z.number()),
  /** Until a message is at its recipient's provider, and how long it takes to be fetched there. */
  usual: z.nullable(z.strictObject({ fromMs: z.number(), toMs: z.number() })),
  /** Own loops of the last 15 minutes. */
  loops: z.strictObject({
    sent: count,
    returned: count,
    late: count,
    lost: count,
    void: count,
    flying: count,
    /** Of those decided; null before the first. */
    rate: z.nullable(z.strictObject({ low: share, estimate: share, high: share })),
  }),
  roundTrip: z.nullable(
    z.strictObject({ p50Ms: z.number(), p95Ms: z.number(), expectedMs: z.number() }),
  ),
  /** Oldest first. */
  recent: z.array(
    z.strictObject({
      outcome: z.enum(['returned', 'late', 'lost', 'void', 'flying']),
      agoMs: z.number(),
      roundTripMs: z.nullable(z.number()),
      /** Indices into `nodes`, in order. */
      path: z.array(count),
    }),
  ),
  pulls: z.strictObject({
    lastAgoMs: z.nullable(z.number()),
    intervalMs: z.nullable(z.number()),
    backlog: count,
  }),
  queue: z.strictObject({
    messages: count,
    packets: count,
    departureMs: z.nullable(z.number()),
  }),
  /** Packets since the start, by what they were; nobody outside can tell them apart. */
  emissions: z.strictObject({
    messages: count,
    loops: count,
    drops: count,
    forfeited: count,
    sinceMs: z.number(),
  }),
  /** UTC days of this computer's clock, this one and the one before. */
  days: z.array(z.strictObject({ day: z.int(), sent: count, received: count })),
  /** What the network's rates cost, whether or not anything is written. */
  cost: z.nullable(
    z.strictObject({
      packetsPerSecond: z.number(),
      bytesPerDaySent: z.number(),
      bytesPerDayReceived: z.number(),
      hopDelayMsMean: z.number(),
    }),
  ),
  /** Everybody in the document. */
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['mix', 'provider']),
      layer: z.nullable(z.int()),
      isOwnProvider: z.boolean(),
      standing: z.enum(['normal', 'probation', 'out']),
      /** Own loops over it that came back, of those decided. */
      loops: count,
      returned: count,
    }),
  ),
  epoch: z.nullable(z.int()),
  linkGroup: z.nullable(z.string()),
  retentionMs: z.nullable(z.number()),
});
export type Health = z.infer<typeof healthSchema>;

export const healthCalls = {
  'health.get': { args: nothing, value: healthSchema },
  /** Lets messages go although delivery fails, until it works again. */
  'health.sendAnyway': { args: nothing, value: nothing },
} as const;
