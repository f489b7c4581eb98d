// Emission instants tell nothing of what a user does: with the same seeds of instants they are the
// same to the microsecond whatever is sent, received or lost. Each check also runs on a planted
// leak, which it must find.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../main/mixnet/client/client.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { MailboxAddress } from '../../shared/network/address.ts';
import { nodePeer } from '../../shared/network/topology.ts';
import { ClientRun, type Emitted, type RunOptions } from '../support/client-run.ts';
import { ClientWorld } from '../support/client-world.ts';
import { fastestEngine } from '../support/engines.ts';
import { memoryFolder } from '../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const MICROSECOND_MS = 0.001;
/** Virtual time after the client is online, while it is watched. */
const WATCHED_MS = 5_000;

type Watched = { readonly packets: readonly number[]; readonly pulls: readonly number[] };
type Life = {
  readonly world: ClientWorld;
  readonly watched: ClientRun;
  /** A mailbox of somebody else's. */
  readonly other: MailboxAddress;
};

/** A client that does what `live` says; when its packets and pulls left. */
function watch(live: (life: Life) => void, change: Partial<RunOptions> = {}): Watched {
  const folder = memoryFolder();
  const world = new ClientWorld({ engine, seed: 'instants', folder });
  const watched = new ClientRun(world, { name: 'watched', folder, ...change });
  world.run(2_000);
  const own = watched.role.address();
  if (own === null) throw new Error('the client has no mailbox yet');
  // Nobody has this mailbox: what is sent there is refused, and tried again.
  const other = { ...own, mailbox: new Uint8Array(16).fill(9) };
  live({ world, watched, other });
  world.run(2_000 + WATCHED_MS - world.now.monotonicMs + 1_000);
  const atMs = (list: readonly Emitted[]) => list.map((one) => one.atMs);
  const result = { packets: atMs(watched.packets), pulls: atMs(watched.pulls) };
  watched.end();
  return result;
}

function differences(a: readonly number[], b: readonly number[]): number {
  const moved = a.filter((atMs, index) => Math.abs(atMs - (b[index] ?? NaN)) < MICROSECOND_MS);
  return Math.max(a.length, b.length) - moved.length;
}

const bytesOf = (size: number) => new Uint8Array(size).fill(7);
const lives: Record<string, (life: Life) => void> = {
  'one message': ({ watched, other }) => void watched.send(other, bytesOf(100)),
  'a message every 100 ms': ({ world, watched, other }) => {
    for (let index = 0; index < 40; index++) {
      watched.send(other, bytesOf(1 + 90 * index));
      world.run(100);
    }
  },
  '10,000 messages queued': ({ world, watched, other }) => {
    for (let index = 0; index < 10_000; index++) {
      watched.send(other, bytesOf(20));
      // The program is answered `busy` beyond what waits, and comes again.
      if (index % 500 === 499) world.run(15);
    }
    expect(watched.role.counters().outbox.messages).toBe(10_000);
  },
  '256 KiB': ({ watched, other }) => void watched.send(other, bytesOf(262_144)),
  'a busy program': ({ world, watched, other }) => {
    let ended = 0;
    for (let index = 0; index < 200; index++) {
      watched.command({
        kind: 'step',
        run: (hands) => {
          hands.send({ address: other, bytes: bytesOf(500), priority: 'interactive' });
        },
        onEnd: () => {
          ended += 1;
        },
        quietMs: 50,
      });
      if (index % 10 === 9) world.run(100);
    }
    expect(ended).toBeGreaterThan(100);
  },
  'many incoming': ({ world, watched }) => {
    const own = watched.role.address();
    if (own === null) throw new Error('the client has no mailbox');
    const folder = memoryFolder();
    const sender = new ClientRun(world, { name: 'sender', folder });
    world.run(1_000);
    for (let index = 0; index < 50; index++) sender.send(own, bytesOf(1_000));
    world.run(3_000);
    sender.end();
    expect(watched.received.length).toBeGreaterThan(10);
  },
  'a network that loses everything': ({ world, watched, other }) => {
    for (const node of world.made.nodes) {
      if (node.kind === 'mix') world.loss.set(nodePeer(node.identity.publicKey), 1);
    }
    watched.send(other, bytesOf(5_000));
  },
};

describe('instants of packets and pulls', () => {
  let watchedIdle: Watched | null = null;
  const idleOnce = (): Watched => {
    watchedIdle ??= watch(() => undefined);
    return watchedIdle;
  };

  it('are watched long enough', () => {
    const idle = idleOnce();
    expect(idle.packets.length).toBeGreaterThan(150);
    expect(idle.pulls.length).toBeGreaterThan(90);
  });

  it.each(Object.entries(lives))('are the same with %s', (_, live) => {
    const [idle, busy] = [idleOnce(), watch(live)];
    expect(differences(idle.packets, busy.packets)).toBe(0);
    expect(differences(idle.pulls, busy.pulls)).toBe(0);
  });

  it('are a part of the same ones where the link is cut and comes back', () => {
    const idle = idleOnce();
    const cut = watch(({ world, watched, other }) => {
      const provider = nodePeer(other.providerKey);
      watched.send(other, bytesOf(5_000));
      world.run(1_000);
      world.setUp(provider, false);
      world.run(1_000);
      world.setUp(provider, true);
    });
    expect(cut.packets.length).toBeLessThan(idle.packets.length);
    expect(cut.packets.length).toBeGreaterThan(100);
    const known = new Set(idle.packets);
    expect(cut.packets.filter((atMs) => !known.has(atMs))).toEqual([]);
  });

  it('show a stream that shares its source with contents', () => {
    const change = (options: { instants: object; random: unknown }) => ({
      instants: { ...options.instants, payload: options.random },
    });
    const leak = { change } as unknown as Partial<RunOptions>;
    const quiet = watch(() => undefined, leak);
    const busy = watch(lives['one message'] ?? (() => undefined), leak);
    expect(differences(quiet.packets, busy.packets)).toBeGreaterThan(0);
  });

  it('show one emission that a send moved by two microseconds', () => {
    const plant = (role: Client): Client => {
      let isMoved = false;
      return {
        ...role,
        receive: (input, now) => {
          if (input.kind === 'send') isMoved = true;
          return role.receive(input, now);
        },
        wake: (now) => {
          const effects = role.wake(now);
          if (effects.some((effect) => effect.kind === 'send')) isMoved = false;
          return effects;
        },
        nextWakeAt: () => (role.nextWakeAt() ?? 0) + (isMoved ? 2 * MICROSECOND_MS : 0),
      };
    };
    const quiet = watch(() => undefined, { plant });
    const busy = watch(lives['one message'] ?? (() => undefined), { plant });
    expect(differences(quiet.packets, idleOnce().packets)).toBe(0);
    expect(differences(quiet.packets, busy.packets)).toBeGreaterThan(0);
  });
});
