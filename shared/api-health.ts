// The part of the contract that is about how well delivery works: what the window's network page
// and the line under the list show (design section 2, "Health"). Asked for at most once a second;
// nothing of it is stored, and nothing of it leaves this computer.
import * as z from 'zod/mini';

/** Loops that are told one by one, the newest: as many as the widest strip shows. */
export const LOOPS_SHOWN_MAX = 60;
/** Own loops are counted over so long, and less where less is known. */
export const LOOPS_SPAN_MS = 15 * 60_000;

const nothing = z.strictObject({});
const count = z.int().check(z.nonnegative());
const share = z.number().check(z.minimum(0), z.maximum(1));
/** 95 %, by Wilson. */
const interval = z.strictObject({ low: share, estimate: share, high: share });
const outcomes = { returned: count, late: count, lost: count, void: count };

export const healthStateSchema = z.enum([
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
]);

const networkSchema = z.strictObject({
  name: z.string(),
  /** The set of rates; null before the first document. */
  traffic: z.nullable(z.enum(['demo', 'standard', 'low-bandwidth', 'test'])),
  /** Every node of it is on this computer. */
  isLocal: z.boolean(),
  /** The own provider's name; null before there is one. */
  provider: z.nullable(z.string()),
  epoch: z.nullable(z.int()),
  /** Key exchange of the link to the provider, as it was negotiated. */
  linkGroup: z.nullable(z.string()),
  /** How long the provider keeps mail that nobody pulls. */
  retentionMs: z.nullable(z.number()),
});

const loopsSchema = z.strictObject({
  ...outcomes,
  /** How far back they reach. */
  spanMs: z.number(),
  flying: count,
  /** Since when none came back, in ms before now; null before the first. */
  lastBackAgoMs: z.nullable(z.number()),
  /** Why those that are void do not count. */
  voided: z.strictObject({ sleep: count, reconnect: count, key_change: count, no_token: count }),
  /** Of those decided; null before the first. */
  rate: z.nullable(interval),
});

/** An own loop on its way, to be drawn: where it is now follows from its delays. */
const flightSchema = z.strictObject({
  sentUnixMs: z.number(),
  /** Indices into `nodes`, in order, and how long each holds it. */
  path: z.array(count),
  delaysMs: z.array(z.number()),
});

const historySchema = z.strictObject({
  spanMs: z.number(),
  /** Median of what loops should take by the delays they drew; null before there are enough. */
  expectedMs: z.nullable(z.number()),
  /** Oldest first, of equal length; round trips are null where none came back. */
  steps: z.array(
    z.strictObject({
      ...outcomes,
      fromUnixMs: z.number(),
      p50Ms: z.nullable(z.number()),
      p95Ms: z.nullable(z.number()),
    }),
  ),
  pauses: z.array(
    z.strictObject({
      kind: z.enum(['slept', 'offline']),
      fromUnixMs: z.number(),
      toUnixMs: z.number(),
    }),
  ),
});

const nodeSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(['mix', 'provider']),
  /** 1 to 3 of a mix that is used, else null. */
  layer: z.nullable(z.int()),
  isOwnProvider: z.boolean(),
  standing: z.enum(['normal', 'probation', 'out']),
  /** Own loops over it that were decided, and those of them that came back. */
  loops: count,
  returned: count,
  rate: z.nullable(interval),
  /** `suspected`: far fewer came back over it than over the others of its layer. */
  state: z.enum(['good', 'suspected', 'unknown']),
});

export const healthSchema = z.strictObject({
  /** By this computer's clock, as all times here. */
  nowUnixMs: z.number(),
  state: healthStateSchema,
  /** Since when, in ms before now. */
  forMs: z.number(),
  /** What is told of the link: why it does not stand, where waiting alone does not help. */
  refusal: z.nullable(z.enum(['refused', 'provider_gone'])),
  /** Whether real messages are held back while delivery fails; the user may let them go. */
  isHolding: z.boolean(),
  /** How much the network's clock is ahead of this computer's, where it is too much. */
  clockAheadMs: z.nullable(z.number()),
  network: z.nullable(networkSchema),
  /** Decided loops of the window that the state is made from, of how many it needs. */
  measured: z.strictObject({ loops: count, needed: count }),
  /** From sending until the recipient, who is online, has it: p50 and p95; null until measured. */
  usual: z.nullable(z.strictObject({ fromMs: z.number(), toMs: z.number() })),
  /** Own loops of the last 15 minutes. */
  loops: loopsSchema,
  roundTrip: z.nullable(z.strictObject({ p50Ms: z.number(), p95Ms: z.number() })),
  /** Oldest first. */
  recent: z.array(
    z.strictObject({
      id: count,
      outcome: z.enum(['returned', 'late', 'lost', 'void', 'flying']),
      roundTripMs: z.nullable(z.number()),
    }),
  ),
  flight: z.nullable(flightSchema),
  history: historySchema,
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
  nodes: z.array(nodeSchema),
});
export type Health = z.infer<typeof healthSchema>;

export const healthCalls = {
  'health.get': { args: nothing, value: healthSchema },
  /** Lets messages go although delivery fails, until it works again. */
  'health.sendAnyway': { args: nothing, value: nothing },
} as const;
