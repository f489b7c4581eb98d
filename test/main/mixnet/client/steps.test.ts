// Steps of the program: one transaction with what the client does for it, in a moment in which no
// emission is near, undone as a whole. On a real store and a real network.
import { beforeAll, describe, expect, it } from 'vitest';
import { type ClientHands, COMMANDS_MAX } from '../../../../main/mixnet/client/contract.ts';
import { WORK_GUARD_MS } from '../../../../main/mixnet/client/slots.ts';
import { StepLostError } from '../../../../main/mixnet/client/steps.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import {
  commonQuietMs,
  type TrafficName,
  trafficSets,
} from '../../../../shared/network/traffic.ts';
import { ClientRun } from '../../../support/client-run.ts';
import { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

function life(traffic: TrafficName = 'test') {
  const folder = memoryFolder();
  const world = new ClientWorld({ engine, seed: 'steps', folder, traffic });
  const run = new ClientRun(world, { name: 'one', folder });
  world.run(traffic === 'test' ? 2_000 : 10_000);
  const own = run.role.address();
  if (own === null) throw new Error('there is no mailbox yet');
  const send = (hands: ClientHands, size = 20) =>
    hands.send({ address: own, bytes: new Uint8Array(size).fill(7), priority: 'interactive' });
  /** Runs a step and gives what it ended with. */
  const step = (work: (hands: ClientHands) => void): unknown => {
    let ended: unknown = 'not yet';
    const onEnd = (error: unknown) => {
      ended = error;
    };
    run.command({ kind: 'step', run: work, onEnd });
    for (let tries = 0; tries < 50 && ended === 'not yet'; tries++) world.run(10);
    return ended;
  };
  return { world, run, send, step };
}

describe('a step', () => {
  it('queues a message with its transaction, and that is sent and received', () => {
    const { world, run, send, step } = life();
    let id = 0;
    expect(
      step((hands) => {
        const outcome = send(hands);
        if (outcome.ok) id = outcome.id;
      }),
    ).toBeNull();
    expect(run.role.progress(id)?.state).toBe('queued');
    world.run(2_000);
    expect(run.states(id).at(-1)).toBe('at_provider');
    expect(run.received).toHaveLength(1);
    run.end();
  });

  it('that throws leaves nothing: no message, no count, also after a restart', () => {
    const { world, run, send, step } = life();
    const error = step((hands) => {
      expect(send(hands).ok).toBe(true);
      throw new RangeError('the program changed its mind');
    });
    expect(error).toBeInstanceOf(RangeError);
    expect(run.role.messages()).toEqual([]);
    run.kill();
    world.run(2_000);
    expect(run.role.messages()).toEqual([]);
    expect(run.received).toEqual([]);
    run.end();
  });

  it('that throws after it changed the client in memory ends the process', () => {
    const { run, send, step } = life();
    let id = 0;
    step((hands) => {
      const outcome = send(hands);
      if (outcome.ok) id = outcome.id;
    });
    const spoil = () =>
      step((hands) => {
        hands.forget(id);
        throw new RangeError('too late');
      });
    expect(spoil).toThrow(StepLostError);
    run.end();
  });

  it('has no hands after its end, and a reason where a message cannot be queued', () => {
    const { run, send, step } = life();
    let kept: ClientHands | null = null;
    step((hands) => {
      kept = hands;
      expect(send(hands, 0)).toEqual({ ok: false, reason: 'empty' });
      expect(send(hands, 300_000)).toEqual({ ok: false, reason: 'too_large' });
    });
    expect(() => send(kept as unknown as ClientHands)).toThrow('inside their step');
    run.end();
  });

  it('is refused at once where too many wait', () => {
    const { run } = life();
    const ends: unknown[] = [];
    for (let index = 0; index <= COMMANDS_MAX; index++) {
      run.command({ kind: 'step', run: () => {}, onEnd: (error) => ends.push(error) });
    }
    expect(ends).toHaveLength(1);
    expect(ends[0]).toBeInstanceOf(Error);
    run.end();
  });

  it('has its place beside any number of commands that nobody is answered', () => {
    const { world, run, step } = life();
    for (let index = 0; index < COMMANDS_MAX; index++) {
      run.command({ kind: 'hold', isHeld: index % 2 === 0 });
      run.command({ kind: 'tell-again' });
      run.command({ kind: 'forget', id: index });
      run.command({ kind: 'taken', id: index });
    }
    run.command({ kind: 'hold', isHeld: true });
    expect(step(() => {})).toBeNull();
    // Of those that hold and let go, the last one counts.
    const address = run.role.address();
    if (address === null) throw new Error('there is a mailbox');
    const ref = run.send(address, new Uint8Array(20));
    world.run(1_000);
    expect(run.role.progress(run.idOf(ref) ?? 0)?.state).toBe('queued');
    run.end();
  });

  it('waits for the quiet that it asks for, as far as such a quiet is common', () => {
    const { world, run } = life('demo');
    const common = commonQuietMs(trafficSets.demo);
    expect(common).toBeGreaterThan(10 * WORK_GUARD_MS);
    const ask = (quietMs: number) => {
      const moments: number[] = [];
      for (let index = 0; index < 40; index++) {
        const onEnd = () => moments.push(world.now.monotonicMs);
        run.command({ kind: 'step', run: () => {}, onEnd, quietMs });
        world.run(150);
      }
      world.run(2_000);
      expect(moments).toHaveLength(40);
      const emissions = [...run.packets, ...run.pulls].map(({ atMs }) => atMs);
      return moments.map((at) => Math.min(...emissions.filter((one) => one > at)) - at);
    };
    expect(Math.min(...ask(1_000_000))).toBeGreaterThanOrEqual(common);
    expect(Math.min(...ask(40))).toBeGreaterThanOrEqual(40);
    // One that asks for nothing does not wait for more than the others.
    const [shortest = NaN] = ask(0).sort((a, b) => a - b);
    expect(shortest).toBeGreaterThanOrEqual(WORK_GUARD_MS);
    expect(shortest).toBeLessThan(40);
    run.end();
  });
});
