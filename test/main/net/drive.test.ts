// The driver: order of effects, one timer, inputs that arise while effects are carried out; and two
// roles that talk over real links.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkEffect, LinkInput, Neighbour, Role } from '../../../main/mixnet/role.ts';
import { createLinkKey } from '../../../main/net/certificate.ts';
import { Driver, SLEEP_MS_MAX } from '../../../main/net/drive.ts';
import type { SendOutcome } from '../../../main/net/link-counters.ts';
import { Links } from '../../../main/net/links.ts';
import { monotonicMs, systemRandom, unixMs } from '../../../main/system.ts';
import type { Now } from '../../../shared/time.ts';
import { onLoopback, testFrame, testFrameSizes } from '../../support/links.ts';

type Told = { readonly kind: 'told'; readonly text: string };
type Steps = Partial<Role<LinkInput, LinkEffect | Told>>;

describe('a driver', () => {
  let now: Now = { monotonicMs: 0, unixMs: 0 };
  beforeEach(() => {
    now = { monotonicMs: 0, unixMs: 0 };
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const pass = (ms: number) => {
    now = { monotonicMs: now.monotonicMs + ms, unixMs: now.unixMs + ms };
    vi.advanceTimersByTime(ms);
  };

  function driven(steps: Steps, outcome: SendOutcome = 'sent') {
    const log: string[] = [];
    let input: (input: LinkInput) => void = () => {};
    const driver = new Driver<LinkInput, Told>({
      role: { receive: () => [], wake: () => [], nextWakeAt: () => null, ...steps },
      now: () => now,
      links: (onInput) => {
        input = onInput;
        return {
          send: (peer, frame) => {
            log.push(`send ${peer} ${frame.length}`);
            return outcome;
          },
          setNeighbours: (neighbours) => log.push(`neighbours ${neighbours.length}`),
          close: (peer) => {
            log.push(`close ${peer}`);
            onInput({ kind: 'link-down', peer });
          },
        };
      },
      carryOut: ({ text }) => log.push(text),
      onLost: (peer, _, why) => log.push(`lost ${peer} ${why}`),
    });
    return { driver, log, input: (given: LinkInput) => input(given) };
  }

  it('carries out effects in order, and what they bring about after them', () => {
    const { log, input } = driven({
      receive: ({ kind, peer }) =>
        kind === 'link-up'
          ? [
              { kind: 'neighbours', neighbours: [] },
              { kind: 'close', peer },
              { kind: 'send', peer, frame: new Uint8Array(8) },
              { kind: 'told', text: 'first' },
            ]
          : [{ kind: 'told', text: kind }],
    });
    input({ kind: 'link-up', peer: 'client:1' });
    expect(log).toEqual([
      'neighbours 0',
      'close client:1',
      'send client:1 8',
      'first',
      'link-down',
    ]);
  });

  it('says which frames were lost, and why', () => {
    const send = { kind: 'send', peer: 'client:1', frame: new Uint8Array(8) } as const;
    const { log, input } = driven({ receive: () => [send] }, 'queue-full');
    input({ kind: 'link-up', peer: 'client:1' });
    expect(log).toEqual(['send client:1 8', 'lost client:1 queue-full']);
  });

  it('wakes the role at the instant asked for, never before it, with one timer', () => {
    const woken: number[] = [];
    let next: number | null = 100.4;
    const { driver } = driven({
      nextWakeAt: () => next,
      wake: (at) => {
        woken.push(at.monotonicMs);
        if (next !== null && at.monotonicMs >= next) next = next < 200 ? 200.4 : null;
        return [];
      },
    });
    expect([woken, vi.getTimerCount()]).toEqual([[0], 1]);
    for (let ms = 0; ms < 300; ms++) pass(1);
    expect([woken, vi.getTimerCount()]).toEqual([[0, 101, 201], 1]);
    expect(driver.lag.wakes).toBe(2);
    expect(driver.lag.maxMs).toBeCloseTo(0.6);
    driver.end();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('moves its timer forward when an input brings an earlier instant', () => {
    let next = 1_000;
    const woken: number[] = [];
    const { input } = driven({
      nextWakeAt: () => next,
      wake: (at) => {
        woken.push(at.monotonicMs);
        return [];
      },
      receive: () => {
        next = 50;
        return [];
      },
    });
    input({ kind: 'link-up', peer: 'client:1' });
    pass(50);
    expect(woken).toEqual([0, 50]);
  });

  it('wakes the role between two inputs that keep it from its timer', () => {
    const log: string[] = [];
    let next = 10;
    const { input } = driven({
      nextWakeAt: () => next,
      wake: (at) => {
        log.push(`wake ${at.monotonicMs}`);
        if (at.monotonicMs >= next) next += 10;
        return [];
      },
      receive: () => {
        log.push('input');
        // The work of a frame; no timer gets a turn meanwhile.
        now = { monotonicMs: now.monotonicMs + 6, unixMs: now.unixMs + 6 };
        return [];
      },
    });
    for (let frame = 0; frame < 4; frame++) input({ kind: 'link-up', peer: 'client:1' });
    expect(log).toEqual(['wake 0', 'input', 'input', 'wake 12', 'input', 'input', 'wake 24']);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('looks at the time once a minute at least, whatever the role asked for', () => {
    const woken: number[] = [];
    driven({
      nextWakeAt: () => 1e12,
      wake: (at) => {
        woken.push(at.monotonicMs);
        return [];
      },
    });
    pass(SLEEP_MS_MAX);
    expect(woken).toEqual([0, SLEEP_MS_MAX]);
  });

  it('gives a role nothing after its end', () => {
    const { driver, log, input } = driven({ receive: () => [{ kind: 'told', text: 'heard' }] });
    driver.end();
    input({ kind: 'link-up', peer: 'client:1' });
    expect(log).toEqual([]);
  });
});

describe('two driven roles on real links', () => {
  it('answer each other, and one wakes on time', async () => {
    const ends: { driver: Driver<LinkInput, Told>; links: Links }[] = [];
    const key = createLinkKey();
    async function start(
      role: Role<LinkInput, LinkEffect | Told>,
      listen: ReturnType<typeof onLoopback> | null,
    ): Promise<number> {
      let made: Links | undefined;
      const driver = new Driver<LinkInput, Told>({
        role,
        now: () => ({ monotonicMs: monotonicMs(), unixMs: unixMs() }),
        links: (onInput) => {
          made = new Links({
            frameSizes: testFrameSizes,
            key: listen === null ? null : key,
            listen,
            random: systemRandom,
            nowMs: monotonicMs,
            onInput,
          });
          return made;
        },
        carryOut: () => {},
      });
      if (made === undefined) throw new Error('no links');
      ends.push({ driver, links: made });
      return made.listen();
    }

    const echo: Role<LinkInput, LinkEffect> = {
      receive: (input) =>
        input.kind === 'frame' ? [{ kind: 'send', peer: input.peer, frame: input.frame }] : [],
      wake: () => [],
      nextWakeAt: () => null,
    };
    const port = await start(echo, onLoopback(true));
    const address = `127.0.0.1:${port}`;
    const server: Neighbour = { peer: 'node:01', addresses: [address], linkKeyHash: key.hash };
    let isUp = false;
    let heard = 0;
    let dueMs: number | null = 0;
    const counting: Role<LinkInput, LinkEffect> = {
      receive: (input, now) => {
        if (input.kind === 'link-up') {
          isUp = true;
          dueMs = now.monotonicMs + 5.5;
        } else if (input.kind === 'frame') heard += 1;
        return [];
      },
      wake: (now) => {
        if (dueMs === null || now.monotonicMs < dueMs) return [];
        if (!isUp) {
          dueMs = null;
          return [{ kind: 'neighbours', neighbours: [server] }];
        }
        dueMs = dueMs + 5.5;
        return [{ kind: 'send', peer: 'node:01', frame: testFrame(2) }];
      },
      nextWakeAt: () => dueMs,
    };
    await start(counting, null);
    await vi.waitFor(() => expect(heard).toBeGreaterThan(50), { timeout: 10_000, interval: 10 });
    for (const { driver, links } of ends) {
      driver.end();
      await links.end();
    }
    expect(ends[1]?.driver.lag.wakes).toBeGreaterThan(50);
  });
});
