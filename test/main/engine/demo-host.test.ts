// Who has the demo network run, and what the engine is told of it. The process is a stand-in that
// does what a test says; test/e2e/demo.test.ts runs the real one.
import { mkdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  DEMO_IN_USE,
  DEMO_SILENT_MS,
  type DemoReport,
  removeDemoFile,
  writeDemoFile,
} from '../../../main/engine/demo-file.ts';
import { DEMO_RESTARTS_MAX, startDemoHost } from '../../../main/engine/demo-host.ts';
import { DEMO_NETWORK_NAME } from '../../../main/engine/joined-network.ts';
import { noNetwork } from '../../../main/engine/mixnet.ts';
import type { DemoNote } from '../../../main/engine/program.ts';
import { writeDurably } from '../../../main/store/durable-file.ts';
import { unixMs } from '../../../main/system.ts';
import type { EventFrame, Reply } from '../../../shared/api.ts';
import { fromUtf8, toHex } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import {
  canonicalNetworkFile,
  type NetworkFile,
  networkHash,
} from '../../../shared/network/network-file.ts';
import { scratchFolder } from '../../support/store-files.ts';

const network: NetworkFile = {
  name: DEMO_NETWORK_NAME,
  authorities: [{ key: new Uint8Array(32).fill(7), addresses: ['127.0.0.1:20001'] }],
  epoch0UnixMs: 1_700_000_000_000,
};
const ownHash = toHex(networkHash(nobleEngine, network));
const reportOf = (given: Partial<DemoReport> = {}): DemoReport => ({
  pid: process.pid,
  state: { state: 'ready', nodes: [], hasCorrespondent: true },
  network: fromUtf8(canonicalNetworkFile(network)),
  correspondent: 'eddy:c/code',
  ...given,
});
const status = (hash: string | null) => ({
  ...noNetwork,
  network: hash === null ? null : { name: 'a network', hash },
});

type Started = {
  readonly say: (message: unknown) => void;
  readonly exit: (code: number | null) => void;
  isTold: boolean;
};

function begin(given: { hash?: string | null; isLocked?: boolean; isNew?: boolean } = {}) {
  const folder = path.join(scratchFolder(), 'demo');
  mkdirSync(folder);
  writeDurably(path.join(folder, 'network.json'), canonicalNetworkFile(network));
  const notes: DemoNote[] = [];
  const started: Started[] = [];
  const listeners = new Set<(event: EventFrame) => void>();
  const joined = { hash: given.hash ?? null, isLocked: given.isLocked ?? false };
  const handle = async (frame: unknown): Promise<Reply> => {
    const { isLocked, hash } = joined;
    if ((frame as { call: string }).call === 'network.status') {
      return { id: 0, ok: true, value: status(isLocked ? null : hash) };
    }
    const state = isLocked ? 'locked' : 'open';
    const value = {
      state,
      hasPassphrase: isLocked,
      hasKeychain: null,
      wasGivenToKeychain: false,
      hasLockFailed: false,
      spooled: 0,
    };
    return { id: 0, ok: true, value };
  };
  const tell = (event: EventFrame) => {
    for (const listener of listeners) listener(event);
  };
  const host = startDemoHost({
    engine: {
      handle,
      listen: (listener) => {
        listeners.add(listener);
        listener({ event: 'engine', value: { state: 'running', reason: null } });
        return () => listeners.delete(listener);
      },
      noteDemo: (note) => notes.push(note),
    },
    folder,
    start: (_folder, { onMessage, onExit }) => {
      const one: Started = { say: onMessage, exit: onExit, isTold: false };
      started.push(one);
      return {
        end: () => {
          one.isTold = true;
          queueMicrotask(() => onExit(0));
        },
        kill: () => onExit(null),
      };
    },
    log: () => {},
    limits: { followMs: 10, restartMs: 1 },
    ...(given.isNew === undefined ? {} : { isNew: given.isNew }),
  });
  onTestFinished(() => host.close());
  return { folder, notes, started, joined, tell, host };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const state = (notes: readonly DemoNote[]) => notes.at(-1)?.state.state;

describe('the demo network', () => {
  it('is started for a profile that has joined no network, or this one', async () => {
    for (const hash of [null, ownHash]) {
      const { started, notes } = begin({ hash });
      await expect.poll(() => started.length).toBe(1);
      started[0]?.say(reportOf());
      expect(notes.at(-1)).toEqual({
        state: { state: 'ready', nodes: [], hasCorrespondent: true },
        network,
        correspondent: 'eddy:c/code',
      });
    }
  });

  it('is not started for a profile of another network, and ends when another is joined', async () => {
    const other = begin({ hash: '00'.repeat(8) });
    await pause(30);
    expect(other.started).toHaveLength(0);
    expect(other.notes).toEqual([]);

    const { started, notes, tell } = begin();
    await expect.poll(() => started.length).toBe(1);
    started[0]?.say(reportOf());
    tell({ event: 'network', value: status('00'.repeat(8)) });
    expect(started[0]?.isTold).toBe(true);
    expect(notes.at(-1)).toMatchObject({ state: { state: 'off' }, network: null });
    await pause(30);
    expect(started).toHaveLength(1);
  });

  it('is started before the engine is up where the profile is new', () => {
    expect(begin({ isNew: true }).started).toHaveLength(1);
  });

  it('waits for a locked profile to say what it has joined', async () => {
    const { started, joined, tell } = begin({ isLocked: true });
    await pause(30);
    expect(started).toHaveLength(0);
    joined.isLocked = false;
    tell({ event: 'lock', value: {} });
    await expect.poll(() => started.length).toBe(1);
  });

  it('is started again after a fault, and given up after too many', async () => {
    const { started, notes } = begin();
    for (let count = 1; count <= DEMO_RESTARTS_MAX + 1; count++) {
      await expect.poll(() => started.length).toBe(count);
      const nodes = [{ name: 'mix-1', kind: 'mix' as const, layer: 1, isReady: true }];
      started.at(-1)?.say(reportOf({ state: { state: 'ready', nodes, hasCorrespondent: true } }));
      started.at(-1)?.exit(1);
      expect(notes.at(-1)?.state.nodes).toMatchObject([{ isReady: false }]);
    }
    expect(state(notes)).toBe('failed');
    await pause(30);
    expect(started).toHaveLength(DEMO_RESTARTS_MAX + 1);
  });

  it('is followed where another Eddy runs it, and taken over when that ends', async () => {
    const { started, notes, folder } = begin();
    await expect.poll(() => started.length).toBe(1);
    // Two began at once: the other one has the lock.
    writeDemoFile(folder, reportOf());
    started[0]?.exit(DEMO_IN_USE);
    await expect.poll(() => state(notes)).toBe('ready');
    writeDemoFile(folder, reportOf({ correspondent: 'eddy:c/other' }));
    await expect.poll(() => notes.at(-1)?.correspondent).toBe('eddy:c/other');
    expect(started).toHaveLength(1);
    removeDemoFile(folder);
    await expect.poll(() => started.length).toBe(2);
    expect(state(notes)).toBe('starting');
  });

  it.each([
    ['was killed', (folder: string) => writeDemoFile(folder, reportOf({ pid: 4_194_304 + 1 }))],
    [
      'gives no sign any more',
      (folder: string) => {
        const past = (unixMs() - DEMO_SILENT_MS - 1_000) / 1_000;
        utimesSync(path.join(folder, 'running.json'), past, past);
      },
    ],
  ])('is taken over from one that %s', async (_what, happen) => {
    const { started, notes, folder } = begin();
    await expect.poll(() => started.length).toBe(1);
    writeDemoFile(folder, reportOf());
    started[0]?.exit(DEMO_IN_USE);
    await expect.poll(() => state(notes)).toBe('ready');
    happen(folder);
    await expect.poll(() => started.length).toBe(2);
  });

  it('ends with the Eddy that runs it', async () => {
    const { started, host } = begin();
    await expect.poll(() => started.length).toBe(1);
    await host.close();
    expect(started[0]?.isTold).toBe(true);
    await pause(30);
    expect(started).toHaveLength(1);
  });
});
