// A client over a locked profile: it goes on as if nothing had happened, to the microsecond, and
// everything that came in or was acknowledged meanwhile is in the database once it is open again,
// also where the process was killed in between. The client, its files and its network are real.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { takeInSpool } from '../../../main/engine/locking.ts';
import type { ClientStore } from '../../../main/mixnet/client/store.ts';
import { type OpenDb, transaction } from '../../../main/store/handle.ts';
import { createLockedStore, snapshotReader } from '../../../main/store/locked-store.ts';
import { type Spool, startSpool } from '../../../main/store/spool.ts';
import { makeSpoolKeyPair } from '../../../main/store/spool-key.ts';
import { createSwitchedStore, type SwitchedStore } from '../../../main/store/switched-store.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { ClientRun } from '../../support/client-run.ts';
import { ClientWorld } from '../../support/client-world.ts';
import { fastestEngine } from '../../support/engines.ts';
import { seededRandom } from '../../support/random.ts';
import { memoryFolder } from '../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

type Lockable = {
  readonly run: ClientRun;
  readonly lock: () => void;
  readonly unlock: () => void;
};

/** `forgets`: the planted defect, a spool that says it wrote and did not. */
function lockable(world: ClientWorld, folder: string, forgets = false): Lockable {
  const file = path.join(folder, 'spool');
  const random = seededRandom('spool');
  const place = { engine, random, file, nowUnixMs: () => 1 };
  let parts: { store: ClientStore; db: OpenDb; switched: SwitchedStore } | null = null;
  let spool: Spool | null = null;
  let isLocked = false;
  const held = () => {
    if (parts === null) throw new Error('the client has no store yet');
    return parts;
  };
  const run = new ClientRun(world, {
    name: 'locked',
    folder,
    takes: false,
    wrapStore: (real, db) => {
      // A new process: the profile is opened with its passphrase before anything runs.
      isLocked = false;
      const untouched = new Proxy(real, {
        get: (target, name) => {
          if (isLocked) throw new Error(`a locked profile is used: ${String(name)}`);
          return target[name as keyof ClientStore];
        },
      });
      takeInSpool(place, db, real, () => {});
      const switched = createSwitchedStore(untouched);
      parts = { store: real, db, switched };
      return switched.store;
    },
  });
  return {
    run,
    lock: () => {
      const { db, switched } = held();
      const pair = transaction(db, (write) => makeSpoolKeyPair(write, engine, random));
      const reader = snapshotReader(db);
      while (!reader.next());
      const started = startSpool(engine, random, file, pair.publicKey);
      spool = forgets ? { ...started, append: () => {} } : started;
      switched.switchTo(createLockedStore(reader.finish(), spool));
      isLocked = true;
    },
    unlock: () => {
      const { db, store, switched } = held();
      isLocked = false;
      spool?.close();
      takeInSpool(place, db, store, () => {});
      switched.switchTo(store);
      run.command({ kind: 'tell-again' });
    },
  };
}

type Told = { readonly texts: string[]; readonly instants: number[]; readonly states: string[][] };

/** A life in which messages come and go, locked in its middle or not, killed there or not. */
function live(options: { locks: boolean; kills?: boolean; forgets?: boolean }): Told {
  const folder = memoryFolder();
  const world = new ClientWorld({ engine, codec: 'plain', seed: 'lock', folder });
  const { run, lock, unlock } = lockable(world, folder, options.forgets);
  const sender = new ClientRun(world, { name: 'sender', folder });
  world.run(2_000);
  const own = run.role.address();
  const theirs = sender.role.address();
  if (own === null || theirs === null) throw new Error('there is no mailbox yet');
  const say = (text: string, size = text.length) =>
    sender.send(own, Buffer.from(text.padEnd(size)));
  say('before');
  const refs = [100, 3_000, 9_000].map((size) => run.send(theirs, new Uint8Array(size)));
  world.run(120);
  if (options.locks) lock();
  for (let index = 0; index < 12; index++) say(`while ${index}`, index % 3 === 0 ? 4_000 : 20);
  world.run(3_500);
  if (options.kills === true) run.kill();
  else if (options.locks) unlock();
  say('after');
  world.run(2_500);
  const ids = refs.map((ref) => run.idOf(ref) ?? 0);
  const told = {
    texts: [...new Map(run.received.map((one) => [one.id, one])).values()].map(({ bytes }) =>
      Buffer.from(bytes).toString().trim(),
    ),
    instants: [...run.packets, ...run.pulls].map(({ atMs }) => atMs),
    states: ids.map((id) => run.states(id)),
  };
  expect(existsSync(path.join(folder, 'spool'))).toBe(false);
  run.end();
  sender.end();
  return told;
}

const all = ['before', 'after', ...Array.from({ length: 12 }, (_, index) => `while ${index}`)];

describe('a client over a locked profile', () => {
  it('receives and sends everything once, at the instants of one that was not locked', () => {
    const [free, locked] = [live({ locks: false }), live({ locks: true })];
    expect([...locked.texts].sort()).toEqual([...all].sort());
    expect(locked.states.map((states) => states.at(-1))).toEqual(Array(3).fill('at_provider'));
    expect(locked.instants).toEqual(free.instants);
    expect(free.instants.length).toBeGreaterThan(300);
  });

  it('has no mailbox before it is opened where it had none', () => {
    const folder = memoryFolder();
    const world = new ClientWorld({ engine, codec: 'plain', seed: 'lock early', folder });
    const { run, lock, unlock } = lockable(world, folder);
    lock();
    world.run(3_000);
    expect(run.role.document()).not.toBeNull();
    expect(run.role.address()).toBeNull();
    unlock();
    world.run(2_000);
    expect(run.role.address()).not.toBeNull();
    run.end();
  });

  it('loses nothing where it is killed before it is opened again', () => {
    const { texts } = live({ locks: true, kills: true });
    expect([...texts].sort()).toEqual([...all].sort());
  });

  it('would be seen to lose, had its spool not written', () => {
    const { texts } = live({ locks: true, kills: true, forgets: true });
    expect(texts.length).toBeLessThan(all.length);
  });
});
