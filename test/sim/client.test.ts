// Client roles in a network of production roles: authority, mixes, providers, on virtual time.
import { expect, it } from 'vitest';
import { type Client, type ClientEffect, createClient } from '../../main/mixnet/client/client.ts';
import { createClientStore } from '../../main/store/client-store.ts';
import { openDatabase } from '../../main/store/database.ts';
import { profileMigrations } from '../../main/store/migrations.ts';
import { drawBytes } from '../../shared/random.ts';
import { seededRandom } from '../support/random.ts';
import { memoryFolder } from '../support/store-files.ts';
import { addNetwork, type SimNetwork } from './network.ts';
import type { SimRole } from './parts.ts';
import { createWorld, type World } from './world.ts';

type SimClient = {
  readonly name: string;
  readonly role: () => Client;
  readonly effects: ClientEffect[];
  readonly received: Uint8Array[];
};

function addClient(world: World, network: SimNetwork, name: string, folder: string): SimClient {
  const effects: ClientEffect[] = [];
  const received: Uint8Array[] = [];
  let role: Client | null = null;
  const running = () => {
    if (role === null) throw new Error('the client has not started');
    return role;
  };
  const db = openDatabase({
    file: `${folder}/${name}.db`,
    key: new Uint8Array(32).fill(1),
    migrations: profileMigrations,
  });
  const instants = (stream: string) => seededRandom(`${name} ${stream}`);
  world.add({
    name,
    peer: null,
    start: (now) => {
      role = createClient(
        {
          engine: network.engine,
          sphinx: network.sphinx,
          random: seededRandom(name),
          instants: {
            payload: instants('payload'),
            loop: instants('loop'),
            drop: instants('drop'),
            pull: instants('pull'),
          },
          network: network.file,
          store: createClientStore(db, { unixMs: () => now.unixMs }),
        },
        now,
      );
      return role as SimRole;
    },
    carryOut: (effect) => {
      const told = effect as ClientEffect;
      effects.push(told);
      if (told.kind !== 'received') return;
      received.push(told.message.bytes);
      world.at(world.nowMs(), () => world.input(name, { kind: 'taken', id: told.message.id }));
    },
  });
  return { name, role: running, effects, received };
}

it('sends messages both ways through production roles, over several epochs', async () => {
  const folder = memoryFolder();
  const world = createWorld('clients');
  const network = await addNetwork(world, {
    seed: 'clients',
    codec: 'sphinx',
    traffic: 'test',
    layers: 3,
    mixesPerLayer: 1,
    providers: 2,
  });
  const alice = addClient(world, network, 'alice', folder);
  const bob = addClient(world, network, 'bob', folder);
  world.run(12_000);
  expect([alice.role().status().state, bob.role().status().state]).toEqual(['online', 'online']);
  const random = seededRandom('messages');
  const sent: Uint8Array[] = [];
  for (let index = 0; index < 16; index++) {
    const bytes = drawBytes(random, 1 + 150 * index);
    sent.push(bytes);
    const [from, to] = index % 2 === 0 ? [alice, bob] : [bob, alice];
    const address = to.role().address();
    world.input(from.name, { kind: 'send', ref: index, address, bytes, priority: 'interactive' });
    world.run(world.nowMs() + 500);
  }
  world.run(world.nowMs() + 6_000);
  const expected = (which: number) => sent.filter((_, index) => index % 2 === which);
  const sorted = (list: readonly Uint8Array[]) =>
    list.map((one) => one.length).sort((a, b) => a - b);
  expect(sorted(bob.received)).toEqual(sorted(expected(0)));
  expect(sorted(alice.received)).toEqual(sorted(expected(1)));
  for (const client of [alice, bob]) {
    expect(
      client
        .role()
        .messages()
        .map(({ state }) => state),
    ).toEqual(Array(8).fill('at_provider'));
    const { loop, acknowledgement } = client.role().ledger();
    expect(loop.returned).toBeGreaterThan(150);
    expect(loop.lost + loop.late + acknowledgement.lost + acknowledgement.late).toBe(0);
  }
}, 120_000);
