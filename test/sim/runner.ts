// One host at a time: gives its role inputs and wakes, and carries out what it asks for.
import type { LinkEffect, LinkInput } from '../../main/mixnet/role.ts';
import type { Now } from '../../shared/time.ts';
import type { Send } from './carrier.ts';
import type { Dialer } from './dialer.ts';
import type { Observer, Running, SimEffect } from './parts.ts';

/** Virtual 1970 is not the start: epochs count from a network's own beginning. */
export const START_UNIX_MS = 1_800_000_000_000;

export type RunnerOptions = {
  readonly nowMs: () => number;
  readonly at: (atMs: number, act: () => void) => void;
  readonly observers: readonly Observer[];
  readonly send: Send;
  readonly dialer: () => Dialer;
};

export type Runner = {
  readonly timeOf: (running: Running) => Now;
  /** Carries out effects in order and arms the next wake. */
  readonly step: (running: Running, effects: readonly SimEffect[]) => void;
  readonly give: (running: Running, input: unknown) => void;
  readonly start: (running: Running) => void;
};

export function createRunner(options: RunnerOptions): Runner {
  const { nowMs, observers } = options;

  const timeOf = (running: Running): Now => ({
    monotonicMs: nowMs(),
    // Whole, as a machine's clock gives it.
    unixMs: Math.floor(START_UNIX_MS + nowMs() + (running.host.clockOffsetMs ?? 0)),
  });
  const step = (running: Running, effects: readonly SimEffect[]): void => {
    for (const effect of effects) carryOut(running, effect);
    armWake(running);
  };
  const give = (running: Running, input: unknown): void => {
    const { role } = running;
    if (role === null) return;
    if (running.isAsleep) {
      running.held.push(input as LinkInput);
      return;
    }
    step(running, role.receive(input, timeOf(running)));
  };
  const armWake = (running: Running): void => {
    const at = running.role?.nextWakeAt() ?? null;
    running.wakeSerial += 1;
    if (at === null || running.isAsleep) return;
    const serial = running.wakeSerial;
    options.at(Math.max(at, nowMs()), () => {
      const { role } = running;
      if (role === null || running.wakeSerial !== serial || running.isAsleep) return;
      step(running, role.wake(timeOf(running)));
    });
  };

  const carryOut = (running: Running, effect: SimEffect): void => {
    const linkEffect = effect as LinkEffect;
    const dialer = options.dialer();
    switch (linkEffect.kind) {
      case 'send': {
        const link = dialer.linkOf(running, linkEffect.peer);
        if (link !== null) options.send(link, running, linkEffect.frame);
        return;
      }
      case 'neighbours':
        // Those without an address dial in themselves.
        dialer.setWanted(
          running,
          new Set(
            linkEffect.neighbours
              .filter(({ addresses }) => addresses.length > 0)
              .map(({ peer }) => peer),
          ),
        );
        return;
      case 'close': {
        const link = dialer.linkOf(running, linkEffect.peer);
        if (link !== null) dialer.cut(link);
        return;
      }
      default:
        for (const observer of observers) observer.onEffect?.(running.host.name, effect, nowMs());
        running.host.carryOut?.(effect, timeOf(running));
    }
  };

  const start = (running: Running): void => {
    running.life += 1;
    running.wanted = new Set();
    running.role = running.host.start(timeOf(running));
    step(running, running.role.wake(timeOf(running)));
  };

  return { timeOf, step, give, start };
}
