// The simulator on the production roles: nothing is violated under any story, every planted defect
// is found, the same seed tells the same story, and the transparent codec leaves the real one's
// trace.
import { afterAll, describe, expect, it } from 'vitest';
import { frameKindOf } from '../../shared/network/frame-sizes.ts';
import { removeMailboxes } from '../support/provider.ts';
import { hostile } from './hostile.ts';
import type { Hostile } from './parts.ts';
import { type SimOptions, simulate } from './simulate.ts';
import type { World } from './world.ts';

afterAll(removeMailboxes);

const isAnswer = (frame: Uint8Array) => frameKindOf(frame[0] ?? 0) === 'pull-answer';
const once = (frame: Uint8Array) => ({ frame, laterMs: 0 });

const MINUTES = 1 / 60;
const run = (options: Partial<SimOptions>) =>
  simulate({
    seed: 7,
    hours: 10 * MINUTES,
    scenario: 'calm',
    codec: 'plain',
    traffic: 'standard',
    ...options,
  });

describe('a run', () => {
  it('without faults violates nothing and loses next to nothing', async () => {
    const result = await run({});
    expect(result.violations).toEqual([]);
    expect(result.packets).toBeGreaterThan(1_500);
    expect(result.lost / result.packets).toBeLessThan(0.02);
  });

  it('with crashes, partings, loss, repeats and reordering violates nothing', async () => {
    const result = await run({ scenario: 'faults' });
    expect(result.violations).toEqual([]);
    for (const fault of [
      'lost',
      'repeated',
      'reordered',
      'parted',
      'crashed',
      'restarted',
    ] as const) {
      expect([fault, result.faults[fault] > 0]).toEqual([fault, true]);
    }
    expect(result.refusals['replay']).toBeGreaterThan(0);
    expect(result.delivered / result.packets).toBeGreaterThan(0.5);
  });

  it.each(['lose', 'delay', 'replay', 'tag', 'flood'])(
    'with a mix that means to %s binds every honest node all the same',
    async (name) => {
      const result = await run({ scenario: `hostile-${name}`, hours: 4 * MINUTES });
      expect(result.violations).toEqual([]);
      expect(result.faults.hostile).toBeGreaterThan(0);
    },
  );

  it('with a mix that spares the loops of nodes hides its losses from them', async () => {
    const short = { hours: 4 * MINUTES, clients: 1 };
    const spared = await run({ scenario: 'hostile-spare', ...short });
    const open = await run({ scenario: 'hostile-lose', ...short });
    expect(spared.violations).toEqual([]);
    expect(spared.faults.hostile).toBeGreaterThan(50);
    const share = ({ loops }: typeof open) => loops.lost / loops.sent;
    expect(share(spared)).toBeLessThan(0.01);
    expect(share(open)).toBeGreaterThan(0.1);
  });

  it('is the same again with the same seed, and another with another', async () => {
    const first = await run({ scenario: 'faults', hours: 4 * MINUTES });
    const again = await run({ scenario: 'faults', hours: 4 * MINUTES });
    const other = await run({ scenario: 'faults', hours: 4 * MINUTES, seed: 8 });
    expect(again).toEqual(first);
    expect(other.traceHash).not.toBe(first.traceHash);
  });

  it('leaves the same trace with real packets as with transparent ones', async () => {
    const options = { scenario: 'faults', hours: 5 * MINUTES, clients: 2 };
    const plain = await run(options);
    const real = await run({ ...options, codec: 'sphinx' });
    expect(plain.delivered).toBeGreaterThan(2);
    expect(real).toEqual(plain);
  });
});

describe('a planted defect is found', () => {
  const plant = (act: Hostile) => (world: World) => world.setHostile('mix-2', act);
  const found = async (options: Partial<SimOptions>) => {
    const result = await run({ hours: 2 * MINUTES, ...options });
    return [...new Set(result.violations.map(({ invariant, host }) => `${invariant} ${host}`))];
  };

  it('a mix that sends packets twice', async () => {
    const plantReplay = (world: World) =>
      world.setHostile('mix-2', hostile('replay', world.random));
    expect(await found({ plant: plantReplay })).toEqual(['replay-forwarded mix-2']);
  });

  it('a mix whose tags do not outlive it', async () => {
    const result = await found({
      hours: 10 * MINUTES,
      scenario: 'hostile-replay',
      plant: (_world, network) => {
        for (const store of network.keyStores.values()) store.forgetTags();
      },
    });
    expect(result.length).toBeGreaterThan(0);
    expect(new Set(result.map((one) => one.split(' ')[0]))).toEqual(new Set(['replay-forwarded']));
  });

  it.each<[string, Hostile]>([
    ['twice', (frame) => (isAnswer(frame) ? [once(frame), once(frame)] : [once(frame)])],
    ['never', (frame) => (isAnswer(frame) ? [] : [once(frame)])],
  ])('a provider that answers a pull %s', async (_, act) => {
    const plantAnswers = (world: World) => {
      for (const name of ['provider-1', 'provider-2']) world.setHostile(name, act);
    };
    const result = await found({ clients: 1, plant: plantAnswers });
    expect(result.map((one) => one.split(' ')[0])).toEqual(['pull-answer']);
  });

  it('a client whose pulls are not at their instants', async () => {
    let pulls = 0;
    const late: Hostile = (frame) => {
      const isPull = frameKindOf(frame[0] ?? 0) === 'pull-request';
      if (isPull) pulls += 1;
      return [{ frame, laterMs: isPull && pulls % 3 === 0 ? 1 : 0 }];
    };
    const plantLate = (world: World) => world.setHostile('client-1', late);
    expect(await found({ clients: 1, plant: plantLate })).toEqual(['pull-interval client-1']);
  });

  it('a frame of another size', async () => {
    const shorten: Hostile = (frame) => [{ frame: frame.subarray(1), laterMs: 0 }];
    expect(await found({ plant: plant(shorten) })).toEqual(['frame-size mix-2']);
  });

  it('a node that looks away from what it was given', async () => {
    const result = await found({
      plant: (_world, network) => {
        const role = network.mixes.get('mix-2')?.();
        if (role === null || role === undefined) throw new Error('must hold: the mix is up');
        const { receive } = role;
        let serial = 0;
        Object.assign(role, {
          receive: (...given: Parameters<typeof receive>) => {
            serial += 1;
            return given[0].kind === 'frame' && serial % 10 === 0 ? [] : receive(...given);
          },
        });
      },
    });
    expect(result).toEqual(['conservation mix-2']);
  });
});
