// How well delivery works, for people: looks at the client every two seconds, in moments in which
// no emission is near, follows the state loop by loop, and holds real messages back while nothing
// is delivered (design section 2, "Health"). The estimators are in shared/health.
import type { Health, healthCalls } from '../../shared/api-health.ts';
import { DeliveryMonitor } from '../../shared/health/delivery.ts';
import { Timeline } from '../../shared/health/history.ts';
import { createNetworkMonitor, type Linked } from '../../shared/health/network-state.ts';
import type { Now } from '../../shared/time.ts';
import type { Client } from '../mixnet/client/contract.ts';
import { ARRIVAL_SLACK_MS } from '../mixnet/client/preparation.ts';
import type { Handlers } from './engine.ts';
import { KnownLoops } from './health-loops.ts';
import { healthOf, healthWithoutNetwork } from './health-view.ts';
import type { Mixnet } from './mixnet.ts';

/** Between two looks that nobody asked for. */
export const LOOK_MS = 2_000;
/** A picture younger than this is given again, however many windows ask. */
export const FRESH_MS = 900;
/** p99.9 of the sum of four exponential delays, in means. */
const ONE_WAY_MEANS = 13.1;

/** What health is seen through: the client, a way to look at it, and its one lever. */
export type HealthPort = Pick<Mixnet, 'client' | 'look' | 'hold' | 'status' | 'network'>;

export type HealthOptions = {
  /** Null while no network is joined. */
  readonly port: () => HealthPort | null;
  readonly now: () => Now;
};

export type HealthWatch = {
  readonly handlers: Pick<Handlers, keyof typeof healthCalls>;
  /** A network is there now: begins to look. */
  readonly joined: () => void;
  /** One look, now. */
  readonly look: () => Promise<void>;
  readonly close: () => void;
};

export function watchHealth({ port, now }: HealthOptions): HealthWatch {
  let tracker: HealthTracker | null = null;
  let timer: NodeJS.Timeout | null = null;
  let asked: Promise<Health> | null = null;
  let known: { readonly health: Health; readonly atMs: number } | null = null;

  const look = async (): Promise<void> => {
    const open = port();
    if (open === null) return;
    tracker ??= new HealthTracker(open, now());
    const one = tracker;
    await open.look(() => one.look(now()));
  };

  const ask = async (): Promise<Health> => {
    const open = port();
    if (open === null) return healthWithoutNetwork(now().unixMs);
    tracker ??= new HealthTracker(open, now());
    const one = tracker;
    const health = await open.look(() => {
      one.look(now());
      return one.view(now());
    });
    known = { health, atMs: now().monotonicMs };
    return health;
  };

  const arm = (): void => {
    timer = setTimeout(() => {
      // Where too much waits already, the next look sees what this one would have.
      look().then(arm, arm);
    }, LOOK_MS);
    timer.unref();
  };

  return {
    handlers: {
      'health.get': () => {
        if (known !== null && now().monotonicMs - known.atMs < FRESH_MS) return known.health;
        asked ??= ask().finally(() => {
          asked = null;
        });
        return asked;
      },
      'health.sendAnyway': () => {
        tracker?.sendAnyway();
        known = null;
        return {};
      },
    },
    look,
    joined: () => {
      if (timer === null) arm();
    },
    close: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** The calls of a profile that has joined no network, or is locked. */
export function withoutHealth(nowUnixMs: () => number): HealthWatch['handlers'] {
  return {
    'health.get': () => healthWithoutNetwork(nowUnixMs()),
    'health.sendAnyway': () => ({}),
  };
}

/** Follows one client. Every method is to be called in a look. */
class HealthTracker {
  readonly #port: HealthPort;
  readonly #startUnixMs: number;
  readonly #delivery = new DeliveryMonitor();
  readonly #timeline = new Timeline();
  readonly #network;
  readonly #loops = new KnownLoops();
  #isHolding = false;
  /** The user lets messages go, until delivery works again. */
  #isReleased = false;

  constructor(port: HealthPort, start: Now) {
    this.#port = port;
    this.#startUnixMs = start.unixMs;
    this.#network = createNetworkMonitor(start.monotonicMs);
  }

  look(now: Now): void {
    const { client } = this.#port;
    const linked = linkedOf(client);
    this.#timeline.look(now, linked === 'online');
    for (const { outcome, sentUnixMs } of this.#loops.take(client, this.#timeline)) {
      this.#delivery.decide({ outcome, atMs: sentUnixMs });
    }
    this.#network.look(now.monotonicMs, linked, this.#delivery.state);
    this.#listen(now);
    this.#network.look(now.monotonicMs, linked, this.#delivery.state);
    const isFailing = this.#delivery.state === 'failing';
    if (!isFailing) this.#isReleased = false;
    this.#hold(isFailing && !this.#isReleased);
  }

  sendAnyway(): void {
    this.#isReleased = true;
    this.#hold(false);
  }

  view(now: Now): Health {
    return healthOf({
      ...this.#port,
      status: this.#port.status(),
      delivery: this.#delivery,
      timeline: this.#timeline,
      loops: this.#loops,
      view: this.#network.look(now.monotonicMs, linkedOf(this.#port.client), this.#delivery.state),
      isHolding: this.#isHolding,
      startUnixMs: this.#startUnixMs,
      now,
    });
  }

  #hold(isHolding: boolean): void {
    if (isHolding === this.#isHolding) return;
    this.#isHolding = isHolding;
    this.#port.hold(isHolding);
  }

  #listen(now: Now): void {
    const { client } = this.#port;
    const traffic = client.document()?.topology.traffic;
    if (traffic === undefined) return;
    const sinceMs = this.#network.onlineSinceMs();
    const isBehind = client.counters().backlog.mails > 0;
    const listeningSinceMs = sinceMs === null || isBehind ? null : this.#timeline.unixOf(sinceMs);
    const { loopIntervalMsMean, hopDelayMsMean, pullIntervalMs } = traffic;
    const roundTripMsMax = ONE_WAY_MEANS * hopDelayMsMean + ARRIVAL_SLACK_MS + pullIntervalMs;
    this.#delivery.look(now.unixMs, { listeningSinceMs, loopIntervalMsMean, roundTripMsMax });
  }
}

function linkedOf(client: Client): Linked {
  const { state } = client.status();
  switch (state) {
    case 'online':
    case 'clock_wrong':
      return state;
    case 'provider_gone':
    case 'refused':
      return 'refused';
    case 'connecting':
    case 'registering':
      return 'coming';
    case 'no_document': {
      const kind = client.document()?.timeliness.kind;
      if (kind === 'past') return 'stale';
      return kind === 'future' ? 'clock_wrong' : 'coming';
    }
  }
}
