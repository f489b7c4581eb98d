// A disk without room: nothing is lost and nothing is said that is not so, and what leaves leaves
// as if nothing were the matter.
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientStore } from '../../../../main/mixnet/client/store.ts';
import { STORE_RETRY_MS } from '../../../../main/mixnet/client/store-room.ts';
import { StoreError } from '../../../../main/store/store-error.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { ClientRun, type RunOptions } from '../../../support/client-run.ts';
import { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const bytesOf = (size: number) => new Uint8Array(size).fill(7);

type Disk = { isFull: boolean; writes: number };

/** What writes, whether in a transaction of its own or of `atomically`. */
const WRITES = [
  'createAccount',
  'setProviderLink',
  'setSequences',
  'addMessage',
  'addFragments',
  'reserve',
  'release',
  'acknowledged',
  'setState',
  'remove',
  'renew',
  'addPart',
  'removePartial',
  'take',
  'addTokenCommand',
  'removeTokenCommands',
  'renewTokens',
  'documents.save',
] as const satisfies readonly (keyof ClientStore | 'documents.save')[];

/** The same store, whose every write finds the disk as `disk` says: undone, and told. */
function on(disk: Disk, store: ClientStore): ClientStore {
  const limited = { ...store, documents: { ...store.documents } };
  for (const name of WRITES) {
    const isOwn = name !== 'documents.save';
    const write = (isOwn ? store[name] : store.documents.save) as (...args: unknown[]) => unknown;
    Object.assign(isOwn ? limited : limited.documents, {
      [isOwn ? name : 'save']: (...args: unknown[]) =>
        store.atomically(() => {
          const result = write(...args);
          disk.writes += 1;
          if (disk.isFull) throw new StoreError('store_full', 'the disk is full');
          return result;
        }),
    });
  }
  return limited;
}

function start(disk: Disk, change: Partial<RunOptions> = {}, traffic: 'demo' | 'test' = 'demo') {
  const folder = memoryFolder();
  const world = new ClientWorld({ engine, codec: 'plain', seed: 'room', folder, traffic });
  const run = new ClientRun(world, {
    name: 'full',
    folder,
    wrapStore: (store) => on(disk, store),
    ...change,
  });
  const other = new ClientRun(world, { name: 'other', folder });
  world.run(6_000);
  const addresses = [run, other].map(({ role }) => role.address());
  const [own, theirs] = addresses;
  if (own === null || theirs === null || own === undefined || theirs === undefined) {
    throw new Error('the clients have no mailboxes yet');
  }
  return { world, run, other, own, theirs };
}

const isFullAt = (run: ClientRun) => run.role.status().isStoreFull;

describe('a client whose disk is full', () => {
  it('holds what it has, refuses what is new, and goes on once there is room', () => {
    const disk: Disk = { isFull: false, writes: 0 };
    const { world, run, other, own, theirs } = start(disk);
    for (let index = 0; index < 12; index++) run.send(theirs, bytesOf(300 + index));
    world.run(1_200);
    disk.isFull = true;
    for (let index = 0; index < 10; index++) other.send(own, bytesOf(500 + index));
    world.run(12_000);
    expect(isFullAt(run)).toBe(true);
    const ref = run.send(theirs, bytesOf(5));
    world.run(500);
    expect(run.told).toContainEqual({ kind: 'refused', ref, reason: 'store_full' });
    expect(run.received).toEqual([]);
    expect(run.role.page(0, 99).every(({ forecast }) => forecast === null)).toBe(true);
    const sentMeanwhile = disk.writes;
    world.run(9_000);
    expect(disk.writes - sentMeanwhile).toBeLessThan(3);

    disk.isFull = false;
    world.run(STORE_RETRY_MS + 30_000);
    expect(isFullAt(run)).toBe(false);
    const sizes = (received: ClientRun['received']) =>
      received.map(({ bytes }) => bytes.length).sort((a, b) => a - b);
    expect(sizes(run.received)).toEqual(Array.from({ length: 10 }, (_, index) => 500 + index));
    expect(sizes(other.received)).toEqual(Array.from({ length: 12 }, (_, index) => 300 + index));
    expect(run.role.messages().every(({ state }) => state === 'at_provider')).toBe(true);
    expect(run.role.counters().streams.payload.forfeited.not_complete).toBe(0);
  });

  it('holds documents in memory, so that cover goes on, and saves them once there is room', () => {
    const disk: Disk = { isFull: false, writes: 0 };
    const { world, run, other } = start(disk, {}, 'test');
    other.end();
    const epoch = () => run.role.document()?.topology.epoch ?? 0;
    const forfeited = () => run.role.counters().streams.drop.forfeited.not_complete;
    const before = forfeited();
    disk.isFull = true;
    // Epochs of 20 s: the next one comes, and its document with it.
    world.sleep(9_000);
    world.run(7_000);
    expect(run.role.status().epoch).toBe(1);
    expect(epoch()).toBeGreaterThan(0);
    expect([isFullAt(run), forfeited()]).toEqual([true, before]);
    disk.isFull = false;
    world.run(STORE_RETRY_MS);
    expect(isFullAt(run)).toBe(false);
    run.kill();
    expect(epoch()).toBeGreaterThan(0);
  });

  it('emits at the same instants as one whose disk has room', () => {
    const watch = (isFull: boolean) => {
      const disk: Disk = { isFull: false, writes: 0 };
      const { world, run, other, own, theirs } = start(disk);
      for (let index = 0; index < 20; index++) run.send(theirs, bytesOf(300));
      world.run(1_000);
      disk.isFull = isFull;
      other.send(own, bytesOf(100));
      run.send(theirs, bytesOf(3_000));
      world.run(STORE_RETRY_MS + 6_000);
      expect(isFullAt(run)).toBe(isFull);
      return [run.packets, run.pulls].map((list) => list.map(({ atMs }) => atMs));
    };
    expect(watch(true)).toEqual(watch(false));
  });

  it.each(Array.from({ length: 4 }, (_, index) => 8 * index + 1))(
    'loses nothing where it becomes full at write %i',
    (write) => {
      const disk: Disk = { isFull: false, writes: 0 };
      let isArmed = false;
      const plant = (store: ClientStore): ClientStore => {
        const from = { writes: 0 };
        const limited = on(disk, store);
        const counted = limited.atomically;
        return {
          ...limited,
          atomically: (step) => {
            from.writes += isArmed ? 1 : 0;
            if (isArmed && from.writes === write) disk.isFull = true;
            return counted(step);
          },
        };
      };
      const { world, run, other, own, theirs } = start(disk, { wrapStore: plant });
      isArmed = true;
      for (let index = 0; index < 5; index++) {
        other.send(own, bytesOf(2_000));
        run.send(theirs, bytesOf(2_000));
        world.run(2_000);
      }
      world.run(4_000);
      disk.isFull = false;
      isArmed = false;
      world.run(STORE_RETRY_MS + 30_000);
      expect(run.received).toHaveLength(5);
      const queued = run.told.filter(({ kind }) => kind === 'queued');
      const refused = run.told.filter((one) => one.kind === 'refused');
      expect(queued.length + refused.length).toBe(5);
      expect(other.received).toHaveLength(queued.length);
      expect(run.role.messages().map(({ state }) => state)).toEqual(
        queued.map(() => 'at_provider'),
      );
    },
  );
});

it('a store that fails otherwise is nothing that a client goes on with', () => {
  const disk: Disk = { isFull: false, writes: 0 };
  let isDamaged = false;
  const { world, run, theirs } = start(disk, {
    wrapStore: (store) => ({
      ...store,
      addMessage: (message) => {
        if (isDamaged) throw new StoreError('store_damaged', 'the file is damaged');
        return store.addMessage(message);
      },
    }),
  });
  isDamaged = true;
  run.send(theirs, bytesOf(5));
  expect(() => world.run(500)).toThrow('the file is damaged');
});
