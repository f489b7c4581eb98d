// The state of delivery: which loops change it, after how many, and which never do. What must hold
// is also run against monitors with a planted defect.
import { describe, expect, it } from 'vitest';
import {
  DEGRADED_AGAIN_LOOPS,
  type Delivery,
  DeliveryMonitor,
  GOOD_AGAIN_LOOPS,
  LOOPS_MIN,
  type LoopOutcome,
  SILENCE_LOST_MIN,
  SILENCE_MEANS,
  WINDOW_LOOPS_MAX,
  WINDOW_MS_MAX,
} from '../../../shared/health/delivery.ts';
import { drawUnit } from '../../../shared/random.ts';
import { seededRandom } from '../../support/random.ts';

type Monitor = Pick<DeliveryMonitor, 'decide' | 'look' | 'state' | 'rate' | 'decided'>;

const LOOP_MS = 4_000;
let atMs = 0;
/** Loops one after the other at the standard rate; how many until the state is another. */
function feed(monitor: Monitor, outcome: LoopOutcome, count: number): number | null {
  const before = monitor.state;
  for (let index = 1; index <= count; index++) {
    atMs += LOOP_MS;
    monitor.decide({ outcome, atMs });
    if (monitor.state !== before) return index;
  }
  return null;
}
function good(monitor: Monitor = new DeliveryMonitor()): Monitor {
  feed(monitor, 'returned', LOOPS_MIN);
  feed(monitor, 'returned', WINDOW_LOOPS_MAX);
  expect(monitor.state).toBe('good');
  return monitor;
}
/** Listening all the time, at the standard rate. */
const silence = { listeningSinceMs: 0, loopIntervalMsMean: LOOP_MS, roundTripMsMax: 10_050 };

/** States that a random stream of this loss goes through. */
function statesAt(loss: number, loops: number, monitor: Monitor, seed = 'loss'): Delivery[] {
  const random = seededRandom(seed);
  const states: Delivery[] = [];
  for (let index = 0; index < loops; index++) {
    atMs += LOOP_MS;
    monitor.decide({ outcome: drawUnit(random) < loss ? 'lost' : 'returned', atMs });
    states.push(monitor.state);
  }
  return states;
}

describe('delivery', () => {
  it('is measured below twenty decided loops', () => {
    const monitor = new DeliveryMonitor();
    expect(feed(monitor, 'returned', LOOPS_MIN)).toBe(LOOPS_MIN);
    expect(monitor.state).toBe('good');
    expect(monitor.rate?.low).toBeCloseTo(0.839, 3);
  });

  it('is degraded once thirteen of the last 150 are lost, and failing at forty', () => {
    const monitor = good();
    expect(feed(monitor, 'lost', WINDOW_LOOPS_MAX)).toBe(13);
    expect(monitor.state).toBe('degraded');
    expect(feed(monitor, 'lost', WINDOW_LOOPS_MAX)).toBe(40 - 13);
    expect(monitor.state).toBe('failing');
  });

  it('is better again by the newest alone: after 30 that come back, and 75', () => {
    const monitor = good();
    feed(monitor, 'lost', WINDOW_LOOPS_MAX);
    feed(monitor, 'lost', WINDOW_LOOPS_MAX);
    feed(monitor, 'lost', 50);
    expect(feed(monitor, 'returned', 100)).toBe(DEGRADED_AGAIN_LOOPS - 1);
    expect(monitor.state).toBe('degraded');
    expect(feed(monitor, 'returned', 100)).toBe(GOOD_AGAIN_LOOPS - DEGRADED_AGAIN_LOOPS + 1);
    expect(monitor.state).toBe('good');
  });

  it('stays between the thresholds, whichever side it came from', () => {
    const fromGood = good();
    const states = statesAt(0.04, 600, fromGood);
    expect(new Set(states)).toEqual(new Set(['good']));
    const fromBelow = good();
    feed(fromBelow, 'lost', 13);
    expect(fromBelow.state).toBe('degraded');
    // One in twenty is lost: never 75 in a row, and never surely too many.
    for (let round = 0; round < 20; round++) {
      feed(fromBelow, 'returned', 19);
      feed(fromBelow, 'lost', 1);
      expect(fromBelow.state).toBe('degraded');
    }
  });

  it('does not claim trouble of a sound network, and finds a bad one every time', () => {
    for (let seed = 0; seed < 20; seed++) {
      const sound = statesAt(0.01, 2_000, new DeliveryMonitor(), `sound ${seed}`);
      expect(sound.slice(WINDOW_LOOPS_MAX)).not.toContain('failing');
      const bad = statesAt(0.15, 2_000, new DeliveryMonitor(), `bad ${seed}`);
      expect(bad.at(-1)).toBe('degraded');
      expect(statesAt(0.5, 300, new DeliveryMonitor(), `worse ${seed}`).at(-1)).toBe('failing');
    }
  });

  it('is slow while many are late, and that is no loss', () => {
    const monitor = good();
    const needed = feed(monitor, 'late', WINDOW_LOOPS_MAX) ?? 0;
    expect(monitor.state).toBe('slow');
    expect(needed).toBeGreaterThan(30);
    expect(needed).toBeLessThan(60);
    expect(monitor.rate?.estimate).toBe(1);
    feed(monitor, 'returned', WINDOW_LOOPS_MAX);
    expect(monitor.state).toBe('good');
  });

  it('forgets what is older than a quarter of an hour', () => {
    const monitor = good();
    monitor.look(atMs + WINDOW_MS_MAX, silence);
    expect(monitor.decided).toBeLessThan(LOOPS_MIN);
    expect(monitor.state).toBe('measuring');
  });
});

describe('a silence', () => {
  it('is failing after 27.6 mean intervals and a round trip', () => {
    const monitor = good();
    const lastMs = atMs;
    feed(monitor, 'lost', SILENCE_LOST_MIN);
    const limitMs = SILENCE_MEANS * LOOP_MS + silence.roundTripMsMax;
    monitor.look(lastMs + limitMs - 1, silence);
    expect(monitor.state).toBe('good');
    monitor.look(lastMs + limitMs + 1, silence);
    expect(monitor.state).toBe('failing');
  });

  it('is none while there is no link, or a backlog, or nothing was sent', () => {
    const unlinked = good();
    feed(unlinked, 'lost', SILENCE_LOST_MIN);
    unlinked.look(atMs + 300_000, { ...silence, listeningSinceMs: null });
    expect(unlinked.state).toBe('good');
    unlinked.look(atMs + 300_000, { ...silence, listeningSinceMs: atMs + 299_000 });
    expect(unlinked.state).toBe('good');
    const unsent = good();
    unsent.look(atMs + 300_000, silence);
    expect(unsent.state).toBe('good');
  });
});

/** What must hold of any monitor: each says whether it does. */
const invariants: Readonly<Record<string, (monitor: Monitor) => boolean>> = {
  'what is void says nothing': (monitor) => {
    good(monitor);
    feed(monitor, 'void', 200);
    return monitor.state === 'good' && monitor.rate?.estimate === 1;
  },
  'a total loss is not perfect': (monitor) => {
    feed(monitor, 'lost', 60);
    return monitor.state === 'failing' && monitor.rate?.high !== 1;
  },
  'the window ends': (monitor) => {
    feed(monitor, 'lost', 60);
    feed(monitor, 'returned', 2 * WINDOW_LOOPS_MAX);
    return monitor.state === 'good' || monitor.decided <= WINDOW_LOOPS_MAX;
  },
};

/** A monitor that hears other outcomes than there were. */
class Planted extends DeliveryMonitor {
  readonly #heard: (outcome: LoopOutcome) => LoopOutcome | null;
  constructor(heard: (outcome: LoopOutcome) => LoopOutcome | null) {
    super();
    this.#heard = heard;
  }
  override decide(loop: { readonly outcome: LoopOutcome; readonly atMs: number }): void {
    const outcome = this.#heard(loop.outcome);
    if (outcome !== null) super.decide({ ...loop, outcome });
  }
}

describe('what must hold', () => {
  it.each(Object.entries(invariants))('%s', (_name, holds) => {
    expect(holds(new DeliveryMonitor())).toBe(true);
  });

  it.each<[string, string, (outcome: LoopOutcome) => LoopOutcome | null]>([
    ['void counted as loss', 'what is void says nothing', (o) => (o === 'void' ? 'lost' : o)],
    ['losses left out', 'a total loss is not perfect', (o) => (o === 'lost' ? null : o)],
    ['losses taken for returns', 'a total loss is not perfect', (o) => (o === 'lost' ? 'late' : o)],
  ])('finds the defect: %s', (_defect, invariant, heard) => {
    expect(invariants[invariant]?.(new Planted(heard))).toBe(false);
  });
});
