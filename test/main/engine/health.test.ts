// Health as the window gets it, from a real client role in a network on virtual time: what loses,
// what stands still, what is held back, and that asking moves nothing.
import { beforeAll, describe, expect, it } from 'vitest';
import { FRESH_MS, watchHealth } from '../../../main/engine/health.ts';
import type { Client } from '../../../main/mixnet/client/contract.ts';
import { healthSchema } from '../../../shared/api-health.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import type { MailboxAddress } from '../../../shared/network/address.ts';
import { nodePeer } from '../../../shared/network/topology.ts';
import type { ClientRun } from '../../support/client-run.ts';
import { fastestEngine } from '../../support/engines.ts';
import { memoryFolder } from '../../support/store-files.ts';
import { WatchedClient, type WatchedOptions } from '../../support/watched-client.ts';

let engine: CryptoEngine;
const watched = (options: Partial<WatchedOptions> = {}) =>
  new WatchedClient(engine, { folder: memoryFolder(), ...options });
beforeAll(async () => {
  engine = await fastestEngine();
});

function addressOf(run: ClientRun): MailboxAddress {
  const address = run.role.address();
  if (address === null) throw new Error('the client has no mailbox yet');
  return address;
}

describe('health', () => {
  it('says that there is no network, and needs none to be asked', async () => {
    const alone = watchHealth({ port: () => null, now: () => ({ monotonicMs: 0, unixMs: 0 }) });
    const health = healthSchema.parse(await alone.handlers['health.get']({}));
    expect(health).toMatchObject({ state: 'none', network: null, usual: null, nodes: [] });
    await alone.look();
  });

  it('measures, then is good, and tells what it is made of', async () => {
    const one = watched();
    expect((await one.get()).state).toBe('connecting');
    expect(await one.until('good', 10_000)).not.toBeNull();
    await one.pass(20_000);
    await one.inFlight();
    const health = await one.get();
    const { returned, late, lost, rate, spanMs } = health.loops;
    expect(returned).toBeGreaterThan(150);
    expect([late, lost]).toEqual([0, 0]);
    expect(rate).toMatchObject({ estimate: 1, high: 1 });
    expect(spanMs).toBeLessThan(60_000);
    // Eight delays of 20 ms are passed by no loop; four are, on average.
    expect(health.roundTrip?.p50Ms).toBeGreaterThan(40);
    expect(health.roundTrip?.p50Ms).toBeLessThan(200);
    expect(health.history.expectedMs).toBeCloseTo(health.roundTrip?.p50Ms ?? 0, -2);
    expect(health.history.steps.reduce((sum, step) => sum + step.returned, 0)).toBe(returned);
    expect(health.usual?.toMs).toBeGreaterThan(health.usual?.fromMs ?? Infinity);
    const mixes = health.nodes.filter(({ layer }) => layer !== null);
    expect(mixes.every(({ state }) => state === 'good')).toBe(true);
    for (const layer of [1, 2, 3]) {
      const inLayer = mixes.filter((node) => node.layer === layer);
      expect(inLayer.reduce((sum, node) => sum + node.loops, 0)).toBe(returned);
    }
    expect(health.nodes.filter(({ isOwnProvider }) => isOwnProvider)).toHaveLength(1);
    expect(health.nodes.find(({ isOwnProvider }) => isOwnProvider)?.loops).toBe(returned);
    expect(health.network).toMatchObject({ isLocal: true, traffic: 'test' });
    expect(health.cost?.packetsPerSecond).toBeCloseTo(40, 6);
    expect(health.recent.at(-1)?.outcome).toBe('flying');
    expect(new Set(health.recent.map(({ id }) => id)).size).toBe(health.recent.length);
    expect(health.flight?.path).toHaveLength(5);
  });

  it('tells messages, cover and what waits apart, for its user alone', async () => {
    const one = watched();
    const bob = one.other();
    await one.pass(6_000);
    const before = await one.get();
    for (let index = 0; index < 5; index++)
      one.run.send(addressOf(bob), new Uint8Array(300).fill(index));
    await one.pass(4_000);
    const sent = () => {
      const { payload, loop, drop } = one.run.role.counters().streams;
      return payload.sent + loop.sent + drop.sent;
    };
    const atLeast = sent();
    const { emissions, queue } = await one.get();
    expect(before.emissions.messages).toBe(0);
    expect(emissions.messages).toBe(5);
    const all = emissions.messages + emissions.loops + emissions.drops;
    expect(all).toBeGreaterThanOrEqual(atLeast);
    expect(all).toBeLessThanOrEqual(sent());
    expect(queue).toEqual({ messages: 0, packets: 0, departureMs: null });
  });
});

describe('a network that loses', () => {
  it('is degraded, names the mix that stands out, and is good again after it', async () => {
    const one = watched({ traffic: 'demo' });
    await one.pass(160_000);
    const [guilty] = one.mixes(2);
    if (guilty === undefined) throw new Error('layer 2 has mixes');
    one.world.loss.set(guilty, 0.4);
    const degradedMs = await one.until('degraded', 300_000);
    // 13 of the last 150 at a loss of 0.2 and one loop a second: 65 s, and 6 s until it is known.
    expect(degradedMs).toBeGreaterThan(30_000);
    expect(degradedMs).toBeLessThan(140_000);
    await one.pass(150_000);
    const { nodes, isHolding } = await one.get();
    expect(isHolding).toBe(false);
    const suspected = nodes.filter(({ state }) => state === 'suspected');
    expect(suspected.map(({ layer }) => layer)).toEqual([2]);
    expect(suspected[0]?.rate?.high).toBeLessThan(0.85);
    one.world.loss.clear();
    // 75 in a row, of which the first leave when the loss ends, and some have left before.
    const goodMs = await one.until('good', 200_000);
    expect(goodMs).toBeGreaterThan(40_000);
    expect(goodMs).toBeLessThan(110_000);
    expect(one.held).toEqual([]);
  });

  it('holds messages back while nothing comes back, and lets them go when it works', async () => {
    const one = watched({ traffic: 'demo' });
    const bob = one.other();
    await one.pass(160_000);
    for (const mix of one.mixes(1)) one.world.loss.set(mix, 1);
    const failingMs = await one.until('failing', 100_000);
    // A silence of 27.6 s and the longest round trip, 4.6 s; or forty losses before it.
    expect(failingMs).toBeGreaterThan(25_000);
    expect(failingMs).toBeLessThan(45_000);
    expect((await one.get()).isHolding).toBe(true);
    const ref = one.run.send(addressOf(bob), new Uint8Array(300));
    const sent = one.run.packets.length;
    await one.pass(20_000);
    expect(one.run.states(one.run.idOf(ref) ?? 0)).toEqual([]);
    expect((await one.get()).queue).toMatchObject({ messages: 1, packets: 1 });
    // Cover goes on: four packets a second.
    expect(one.run.packets.length - sent).toBeGreaterThan(50);
    one.world.loss.clear();
    const workingMs = await one.until('degraded', 100_000);
    expect(workingMs).toBeGreaterThan(20_000);
    expect(workingMs).toBeLessThan(60_000);
    expect((await one.get()).isHolding).toBe(false);
    await one.pass(10_000);
    expect(one.run.states(one.run.idOf(ref) ?? 0)).toContain('at_provider');
    expect(bob.received).toHaveLength(1);
    expect(one.held).toEqual([true, false]);
  });

  it('lets messages go where its user says so, until it fails anew', async () => {
    const one = watched({ traffic: 'demo' });
    const bob = one.other();
    await one.pass(160_000);
    for (const mix of one.mixes(1)) one.world.loss.set(mix, 1);
    await one.until('failing', 100_000);
    const ref = one.run.send(addressOf(bob), new Uint8Array(300));
    await one.health.handlers['health.sendAnyway']({});
    await one.pass(10_000);
    expect(await one.get()).toMatchObject({ state: 'failing', isHolding: false });
    expect(one.run.states(one.run.idOf(ref) ?? 0)).toContain('in_mix');
    one.world.loss.clear();
    expect(await one.until('degraded', 100_000)).not.toBeNull();
    for (const mix of one.mixes(1)) one.world.loss.set(mix, 1);
    expect(await one.until('failing', 100_000)).not.toBeNull();
    expect((await one.get()).isHolding).toBe(true);
    expect(one.held).toEqual([true, false, true]);
  });
});

describe('what is no loss', () => {
  it('a sleep, a lost link and the wait for them leave the state as it was', async () => {
    const one = watched({ traffic: 'demo' });
    await one.pass(40_000);
    await one.inFlight();
    one.world.sleep(60_000);
    await one.pass(3_000);
    const woken = await one.get();
    expect(woken.history.pauses.map(({ kind }) => kind)).toEqual(['slept']);
    expect(woken.loops.lost).toBe(0);
    expect(woken.loops.voided.sleep).toBeGreaterThan(0);
    expect(woken.state).toBe('good');
    const own = nodePeer(addressOf(one.run).providerKey);
    one.world.setUp(own, false);
    expect(await one.until('connecting', 10_000)).toBeGreaterThan(5_000);
    expect(await one.until('offline', 40_000)).not.toBeNull();
    one.world.setUp(own, true);
    expect(await one.until('good', 20_000)).not.toBeNull();
    const { loops, history } = await one.get();
    expect(loops.lost).toBe(0);
    expect(loops.voided.reconnect).toBeGreaterThan(0);
    expect(history.pauses.map(({ kind }) => kind)).toContain('offline');
  });

  it('would be found out where void were counted as lost', async () => {
    const plant = (role: Client): Client => ({
      ...role,
      probes: (kind) =>
        role
          .probes(kind)
          .map((one) => (one.outcome === 'void' ? { ...one, outcome: 'lost' } : one)),
    });
    const one = watched({ traffic: 'demo', plant });
    await one.pass(40_000);
    await one.inFlight();
    one.world.sleep(60_000);
    await one.pass(3_000);
    expect((await one.get()).loops.lost).toBeGreaterThan(0);
  });
});

describe('asking', () => {
  it('moves no emission, however often it is done', async () => {
    const asked = watched({ instants: 'same' });
    const alone = watched({ instants: 'same' });
    alone.world.run(10_000);
    for (let index = 0; index < 400; index++) {
      void asked.health.look();
      void asked.health.handlers['health.get']({});
      asked.world.run(25);
    }
    const instants = ({ run }: WatchedClient) => run.packets.map(({ atMs }) => atMs);
    expect(instants(asked).length).toBeGreaterThan(300);
    expect(instants(asked)).toEqual(instants(alone));
    expect(asked.run.pulls.map(({ atMs }) => atMs)).toEqual(
      alone.run.pulls.map(({ atMs }) => atMs),
    );
  });

  it('gives what is fresh again without another look', async () => {
    const one = watched();
    await one.pass(3_000);
    const first = Promise.resolve(one.health.handlers['health.get']({}));
    one.world.run(FRESH_MS / 2);
    const known = await first;
    expect(await one.health.handlers['health.get']({})).toBe(known);
    one.world.run(FRESH_MS);
    const second = Promise.resolve(one.health.handlers['health.get']({}));
    one.world.run(FRESH_MS);
    expect((await second).nowUnixMs).toBeGreaterThan(known.nowUnixMs);
  });
});
