// A client in a network on virtual time that is watched as the engine watches it: a look every two
// seconds, and when asked.
import { FRESH_MS, type HealthPort, LOOK_MS, watchHealth } from '../../main/engine/health.ts';
import type { Client } from '../../main/mixnet/client/contract.ts';
import { type Health, healthSchema } from '../../shared/api-health.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { NodePeer } from '../../shared/network/topology.ts';
import type { TrafficName } from '../../shared/network/traffic.ts';
import { ClientRun, type RunOptions } from './client-run.ts';
import { ClientWorld } from './client-world.ts';
import type { NetworkShape } from './network.ts';

export type WatchedOptions = Partial<RunOptions> & {
  readonly traffic?: TrafficName;
  readonly shape?: NetworkShape;
  /** A folder of the caller's own. */
  readonly folder: string;
};

/** A client that is watched as the engine watches it: every two seconds, and when asked. */
export class WatchedClient {
  readonly world: ClientWorld;
  readonly run: ClientRun;
  readonly health;
  readonly held: boolean[] = [];
  readonly #folder: string;

  constructor(engine: CryptoEngine, options: WatchedOptions) {
    const { traffic = 'test', shape = {}, folder, ...run } = options;
    this.#folder = folder;
    const world = { engine, codec: 'plain' as const, seed: 'health', folder, traffic, shape };
    this.world = new ClientWorld(world);
    this.run = new ClientRun(this.world, { name: 'alice', folder, ...run });
    this.health = watchHealth({ port: () => this.#port(), now: () => this.run.now });
  }

  other(): ClientRun {
    return new ClientRun(this.world, { name: 'bob', folder: this.#folder });
  }

  /** Time passes, with the looks in it. */
  async pass(ms: number): Promise<void> {
    const endMs = this.world.now.monotonicMs + ms;
    while (this.world.now.monotonicMs < endMs) {
      const looked = this.health.look();
      this.world.run(Math.min(LOOK_MS, endMs - this.world.now.monotonicMs));
      await looked;
    }
  }

  async get(): Promise<Health> {
    const asked = Promise.resolve(this.health.handlers['health.get']({}));
    this.world.run(FRESH_MS);
    return healthSchema.parse(await asked);
  }

  /** Time until the state is `wanted`, in ms; null where it is not within `atMost`. */
  async until(wanted: Health['state'], atMost: number): Promise<number | null> {
    const fromMs = this.world.now.monotonicMs;
    while (this.world.now.monotonicMs - fromMs < atMost) {
      if ((await this.get()).state === wanted) return this.world.now.monotonicMs - fromMs;
      await this.pass(1_100);
    }
    return null;
  }

  /** Until a loop is on its way. */
  async inFlight(): Promise<void> {
    while (this.run.role.flying('loop').length === 0) await this.pass(100);
  }

  mixes(layer: number): readonly NodePeer[] {
    return (this.world.topology.layers[layer - 1] ?? []).map(({ peer }) => peer);
  }

  #port(): HealthPort {
    const { run, world } = this;
    const client = run.role;
    return {
      client,
      network: world.made.network,
      status: () => statusOf(client),
      look: (read) =>
        new Promise((resolve, reject) => {
          run.command({
            kind: 'look',
            look: () => resolve(read()),
            onFull: () => reject(new Error('full')),
          });
        }),
      hold: (isHeld) => {
        this.held.push(isHeld);
        // A driver gives it as the next input; this one is inside a step of the role.
        world.at(world.now.monotonicMs, () => run.command({ kind: 'hold', isHeld }));
      },
    };
  }
}

function statusOf(client: Client) {
  const { terms, ...status } = client.status();
  const retentionMs = terms?.retentionMs ?? null;
  return { network: null, ...status, linkGroup: null, retentionMs };
}
