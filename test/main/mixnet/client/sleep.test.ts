// A machine that sleeps while its monotonic clock runs on: at whatever moment of its schedule it
// fell asleep, and for however long, a client begins anew at the wake and makes nothing up.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../../../main/mixnet/client/client.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { drawUnit } from '../../../../shared/random.ts';
import { ClientRun, type Emitted } from '../../../support/client-run.ts';
import { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { seededRandom } from '../../../support/random.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** From the wake on; a pull is due in it, and the link is back. */
const AWAKE_MS = 15_000;
const SLEEPS = 25;

/** How many of a list left in (from, to]. */
const between = (list: readonly Emitted[], fromMs: number, toMs: number) =>
  list.filter(({ atMs }) => atMs > fromMs && atMs <= toMs).length;

function settled(traffic: 'standard' | 'low-bandwidth', seed: string) {
  const folder = memoryFolder();
  const world = new ClientWorld({ engine, codec: 'plain', seed, folder, traffic });
  const run = new ClientRun(world, { name: seed, folder });
  world.run(30_000);
  expect(run.role.status().state).toBe('online');
  return { world, run };
}

function sleep({ world, run }: ReturnType<typeof settled>, ms: number): void {
  const jumps = () => run.role.counters().events.clock_jump;
  const before = jumps();
  run.isStalled = true;
  world.run(ms);
  run.isStalled = false;
  const wokenMs = world.now.monotonicMs;
  const fromMs = wokenMs - ms;
  world.run(AWAKE_MS);
  expect(jumps()).toBe(before + 1);
  // Nothing before 100 ms and a draw, and no more than the rates give.
  expect(between(run.packets, fromMs, wokenMs + 100)).toBe(0);
  expect(between(run.pulls, fromMs, wokenMs + 100)).toBe(0);
  const traffic = run.role.traffic();
  if (traffic === null) throw new Error('the client has a document');
  const { pullIntervalMs } = traffic;
  expect(between(run.pulls, wokenMs, wokenMs + pullIntervalMs)).toBeLessThanOrEqual(1);
  expect(between(run.pulls, wokenMs, wokenMs + AWAKE_MS)).toBeGreaterThan(0);
  // At `standard` 1.5 a second: 12 or more come once in 10 million seconds.
  expect(between(run.packets, wokenMs, wokenMs + 1_000)).toBeLessThan(12);
}

describe.each(['standard', 'low-bandwidth'] as const)('a client at `%s`', (traffic) => {
  it('has moments in which no slot is in sight', () => {
    const { run } = settled(traffic, 'sight');
    const atMs = run.packets.map((one) => one.atMs);
    const gaps = atMs.slice(1).filter((one, index) => one - (atMs[index] ?? 0) > 500);
    expect(gaps.length).toBeGreaterThan(2);
  });

  it.each(['one', 'two', 'three'])('begins anew after each sleep of minutes; seed %s', (seed) => {
    const life = settled(traffic, seed);
    const random = seededRandom(`${seed} sleeps`);
    for (let nth = 0; nth < SLEEPS; nth++) {
      life.world.run(1_000 + 5_000 * drawUnit(random));
      sleep(life, MINUTE_MS + 4 * MINUTE_MS * drawUnit(random));
    }
    expect(life.run.role.status().state).toBe('online');
    expect(life.run.packets.length).toBeGreaterThan(100);
  });

  it('begins anew after two days', () => {
    const life = settled(traffic, 'two days');
    sleep(life, 48 * HOUR_MS);
    const { payload } = life.run.role.counters().streams;
    expect(payload.forfeited.late + payload.forfeited.not_complete).toBeLessThan(30);
    // The world has documents of three hours: it pulls, and says what it lacks.
    expect(life.run.role.status().state).toBe('no_document');
  });
});

describe('a client whose clock is set', () => {
  /** When it emits from then on; with a command before its schedule is due again, or without. */
  function instants(hasCommand: boolean, plant: (role: Client) => Client = (role) => role) {
    const folder = memoryFolder();
    const traffic = 'standard';
    const world = new ClientWorld({ engine, codec: 'plain', seed: 'set', folder, traffic });
    const run = new ClientRun(world, { name: 'set', folder, plant });
    world.run(30_000);
    run.unixOffsetMs += 30_000;
    if (hasCommand) run.command({ kind: 'look', look: () => {}, onFull: () => {} });
    const fromMs = world.now.monotonicMs;
    world.run(20_000);
    expect(run.role.counters().events.clock_jump).toBe(1);
    expect(between(run.packets, fromMs, fromMs + 20_000)).toBeGreaterThan(10);
    return [...run.packets, ...run.pulls].map(({ atMs }) => atMs);
  }

  it('begins anew at an instant that no command sets', () => {
    expect(instants(true)).toEqual(instants(false));
  });

  it('would be found if a command set it', () => {
    const plant = (role: Client): Client => ({
      ...role,
      receive: (input, now) => {
        const isCommand = input.kind === 'look';
        const nothing = { kind: 'not-sent', frame: new Uint8Array(0) } as const;
        const first = isCommand ? role.receive(nothing, now) : [];
        return [...first, ...role.receive(input, now)];
      },
    });
    expect(instants(true, plant)).not.toEqual(instants(false, plant));
  });
});
