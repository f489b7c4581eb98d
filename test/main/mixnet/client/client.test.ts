// The client role in a network on virtual time, with real packets and a real store.
import { beforeAll, describe, expect, it } from 'vitest';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { drawBytes } from '../../../../shared/random.ts';
import { addressOf, ClientRun } from '../../../support/client-run.ts';
import { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { seededRandom } from '../../../support/random.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

/** Two clients that are online and whose tokens are known. */
function pair(seed = 'pair') {
  const folder = memoryFolder();
  const world = new ClientWorld({ engine, seed, folder });
  const alice = new ClientRun(world, { name: 'alice', folder });
  const bob = new ClientRun(world, { name: 'bob', folder });
  world.run(3_000);
  return { world, alice, bob };
}

describe('a client', () => {
  it('settles at a provider, registers and is online', () => {
    const { alice, bob } = pair();
    expect(alice.role.status().state).toBe('online');
    expect(bob.role.status().state).toBe('online');
    expect(alice.packets.length).toBeGreaterThan(40);
  });

  it('carries messages of one byte to the cap, in order of their states', () => {
    const { world, alice, bob } = pair();
    const random = seededRandom('messages');
    const sizes = [1, 1_555, 1_556, 10_000];
    const messages = sizes.map((size) => drawBytes(random, size));
    const refs = messages.map((bytes) => alice.send(addressOf(bob), bytes));
    world.run(10_000);
    expect(bob.received.map(({ bytes }) => bytes.length).sort((a, b) => a - b)).toEqual(sizes);
    for (const bytes of messages) {
      expect(bob.received.some((one) => Buffer.compare(one.bytes, bytes) === 0)).toBe(true);
    }
    for (const ref of refs) {
      const id = alice.idOf(ref) ?? 0;
      const states = alice.states(id);
      expect(states[0]).toBe('in_mix');
      expect(states.at(-1)).toBe('at_provider');
    }
  });
});
