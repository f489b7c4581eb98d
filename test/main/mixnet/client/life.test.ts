// What befalls a client: sleeps, cuts, a provider that loses its disk, a clock that is wrong. It
// goes on without a burst, names what is wrong, and takes no backlog for a loss.
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientStore } from '../../../../main/mixnet/client/store.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import type { MailboxAddress } from '../../../../shared/network/address.ts';
import { type NodePeer, nodePeer } from '../../../../shared/network/topology.ts';
import { ClientRun } from '../../../support/client-run.ts';
import { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const DAY_MS = 24 * 3_600_000;

function addressOf(run: ClientRun): MailboxAddress {
  const address = run.role.address();
  if (address === null) throw new Error('the client has no mailbox yet');
  return address;
}
const providerOf = (run: ClientRun): NodePeer => nodePeer(addressOf(run).providerKey);
const bytesOf = (number: number) => new Uint8Array(300).fill(number);

function pair(traffic: 'demo' | 'test' = 'demo') {
  const folder = memoryFolder();
  const world = new ClientWorld({ engine, codec: 'plain', seed: 'life', folder, traffic });
  const alice = new ClientRun(world, { name: 'alice', folder });
  const bob = new ClientRun(world, { name: 'bob', folder });
  world.run(5_000);
  return { world, alice, bob, folder };
}

/** Packets of a client in (from, to]. */
const between = (run: ClientRun, fromMs: number, toMs: number) =>
  run.packets.filter(({ atMs }) => atMs > fromMs && atMs <= toMs).length;

describe('a client', () => {
  it('does not burst after a sleep, and takes nothing for lost', () => {
    const { world, alice } = pair('test');
    world.run(2_000);
    world.sleep(5_000);
    const wokenMs = world.now.monotonicMs;
    world.run(5_000);
    expect(between(alice, wokenMs, wokenMs + 100)).toBe(0);
    expect(between(alice, wokenMs, wokenMs + 1_000)).toBeLessThan(90);
    expect(alice.role.status().state).toBe('online');
    const { loop, voided } = alice.role.ledger();
    expect(voided.sleep).toBeGreaterThan(0);
    expect(loop.lost + loop.late).toBe(0);
    expect(alice.role.counters().events.clock_jump).toBe(1);
  });

  it('does not burst where its process stood still', () => {
    const { world, alice } = pair('test');
    alice.isStalled = true;
    world.run(10_000);
    alice.isStalled = false;
    const wokenMs = world.now.monotonicMs;
    const sent = alice.packets.length;
    world.run(90);
    expect(alice.packets.length).toBe(sent);
    world.run(3_000);
    expect(between(alice, wokenMs, wokenMs + 1_000)).toBeLessThan(90);
    const { payload } = alice.role.counters().streams;
    expect(payload.forfeited.restart).toBeGreaterThan(0);
  });

  it('forfeits slots without a link and sends what waits after it', () => {
    const { world, alice, bob } = pair();
    world.setUp(providerOf(alice), false);
    world.run(1_000);
    expect(alice.role.status().state).toBe('connecting');
    const sent = alice.packets.length;
    const ref = alice.send(addressOf(bob), bytesOf(1));
    world.run(20_000);
    expect(alice.packets.length).toBe(sent);
    const id = alice.idOf(ref) ?? 0;
    expect(alice.role.progress(id)?.state).toBe('queued');
    expect(alice.role.forecast(id)).toBeNull();
    world.setUp(providerOf(alice), true);
    world.run(15_000);
    expect(alice.role.progress(id)?.state).toBe('at_provider');
    expect(bob.received.length).toBe(1);
    const { loop, acknowledgement, voided } = alice.role.ledger();
    expect(voided.reconnect).toBeGreaterThan(0);
    expect(loop.lost + acknowledgement.lost).toBe(0);
    expect(alice.role.counters().streams.payload.forfeited.no_link).toBeGreaterThan(10);
  });

  it('gets a backlog without losing or doubting any of it', () => {
    const { world, alice, bob } = pair();
    world.remove(bob.peer);
    const address = addressOf(bob);
    for (let number = 0; number < 40; number++) alice.send(address, bytesOf(number));
    world.run(60_000);
    expect(alice.role.messages().every(({ state }) => state === 'at_provider')).toBe(true);
    bob.kill();
    world.run(40_000);
    expect(new Set(bob.received.map(({ bytes }) => bytes[0])).size).toBe(40);
    expect(bob.received.length).toBe(40);
    const { loop } = bob.role.ledger();
    expect(loop.lost + loop.late).toBe(0);
    expect(loop.returned).toBeGreaterThan(5);
  });

  it('sees loss where there is loss, by its ledger', () => {
    const { world, alice, bob } = pair('test');
    bob.end();
    for (const { kind, identity } of world.made.nodes) {
      if (kind === 'mix') world.loss.set(nodePeer(identity.publicKey), 0.2);
    }
    const fromMs = world.now.monotonicMs;
    world.run(20_000);
    const decided = alice.role
      .probes('loop')
      .filter(({ sentAtMs }) => sentAtMs > fromMs && sentAtMs < fromMs + 14_000);
    const lost = decided.filter(({ outcome }) => outcome === 'lost').length;
    const share = lost / decided.length;
    // Three mixes with a loss of 0.2 each: 0.488; four standard deviations of 140 draws around it.
    expect(decided.length).toBeGreaterThan(90);
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.66);
    const [loop] = alice.role.probes('loop');
    const [acknowledgement] = alice.role.probes('acknowledgement');
    expect([loop?.path.length, loop?.delaysMs.length]).toEqual([5, 5]);
    expect([acknowledgement?.path.length, acknowledgement?.delaysMs.length]).toEqual([9, 9]);
  });

  it('registers anew where its provider lost the mailbox, and puts its tokens there', () => {
    const { world, alice, bob } = pair();
    alice.send(addressOf(bob), bytesOf(1));
    world.run(10_000);
    world.forgetMailboxes(providerOf(bob));
    world.run(5_000);
    alice.send(addressOf(bob), bytesOf(2));
    world.run(15_000);
    expect(bob.received.map(({ bytes }) => bytes[0])).toEqual([1, 2]);
  });

  it.each([-DAY_MS, DAY_MS])(
    'names a clock that is %i ms off, and goes on when it is set',
    (offset) => {
      const folder = memoryFolder();
      const world = new ClientWorld({
        engine,
        codec: 'plain',
        seed: 'clock',
        folder,
        traffic: 'demo',
      });
      const run = new ClientRun(world, { name: 'clock', folder, unixOffsetMs: offset });
      world.run(5_000);
      const { state, clockAheadMs } = run.role.status();
      expect(state).toBe('clock_wrong');
      expect(Math.abs((clockAheadMs ?? 0) + offset)).toBeLessThan(1_000);
      run.unixOffsetMs = 0;
      world.run(70_000);
      expect(run.role.status()).toMatchObject({ state: 'online', clockAheadMs: null });
    },
  );

  it('stores a large message whole while it gets its mailbox', () => {
    const { world, bob, folder } = pair();
    const documents = [...world.documents.values()].map((document) => document.bytes);
    const run = new ClientRun(world, {
      name: 'first',
      folder,
      wrapStore: (store) => ({
        ...store,
        documents: { ...store.documents, load: () => documents },
      }),
    });
    expect(run.role.address()).toBeNull();
    const ref = run.send(addressOf(bob), new Uint8Array(200_000));
    world.run(5_000);
    expect(run.role.address()).not.toBeNull();
    expect(run.role.progress(run.idOf(ref) ?? 0)?.fragmentCount).toBe(129);
    expect(run.role.counters().outbox.messages).toBe(1);
  });

  it('takes back a message of which nothing has left, and no other', () => {
    const { world, alice, bob } = pair();
    alice.command({ kind: 'hold', isHeld: true });
    const ref = alice.send(addressOf(bob), bytesOf(1));
    world.run(5_000);
    const id = alice.idOf(ref) ?? 0;
    // While it is held back nobody knows when it leaves.
    expect(alice.role.forecast(id)).toBeNull();
    alice.command({ kind: 'hold', isHeld: false });
    while (alice.role.forecast(id) === null) world.run(1);
    expect(alice.role.forecast(id)).toEqual({ slots: 1, departureMs: 500, arrivalMs: 1_300 });
    alice.command({ kind: 'hold', isHeld: true });
    alice.command({ kind: 'cancel', ref: 50, id });
    world.run(50);
    expect(alice.told).toContainEqual({ kind: 'cancelled', ref: 50, id });
    alice.command({ kind: 'hold', isHeld: false });
    const second = alice.send(addressOf(bob), bytesOf(2));
    world.run(10_000);
    alice.command({ kind: 'cancel', ref: 51, id: alice.idOf(second) ?? 0 });
    world.run(50);
    expect(alice.told).toContainEqual({ kind: 'refused', ref: 51, reason: 'left_already' });
    expect(bob.received.map(({ bytes }) => bytes[0])).toEqual([2]);
  });

  it('delays a short message behind 256 KiB by two slots at most', () => {
    const folder = memoryFolder();
    const world = new ClientWorld({ engine, seed: 'fair', folder, traffic: 'demo' });
    /** Ids of messages in the order in which their fragments were taken for packets. */
    const taken: number[] = [];
    const wrapStore = (store: ClientStore): ClientStore => ({
      ...store,
      reserve: (expected) => {
        taken.push(expected.id);
        store.reserve(expected);
      },
    });
    const alice = new ClientRun(world, { name: 'alice', folder, wrapStore });
    world.run(4_000);
    const address = addressOf(alice);
    const longId = alice.send(address, new Uint8Array(262_144));
    for (let number = 0; number < 10; number++) {
      world.run(1_700);
      const from = taken.length;
      const ref = alice.send(address, bytesOf(number));
      world.run(100);
      const id = alice.idOf(ref) ?? 0;
      while (!taken.includes(id)) world.run(250);
      expect(taken.indexOf(id) - from).toBeLessThanOrEqual(2);
    }
    expect(alice.role.progress(alice.idOf(longId) ?? 0)?.state).toBe('in_mix');
  });
});
