// A message of which some fragments were acknowledged when the others ran out of tries, and which
// is sent again: every fragment that is missing goes, with new tries, whenever the process ends.
import { beforeAll, describe, expect, it } from 'vitest';
import { Outbox } from '../../../../main/mixnet/client/outbox.ts';
import { type Taken, TRIES_MAX } from '../../../../main/mixnet/client/outbox-message.ts';
import type { ClientStore, ExpectedIdentifier } from '../../../../main/mixnet/client/store.ts';
import { createClientStore } from '../../../../main/store/client-store.ts';
import { openDatabase } from '../../../../main/store/database.ts';
import { profileMigrations } from '../../../../main/store/migrations.ts';
import { toHex } from '../../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { FRAGMENT_BODY_SIZE } from '../../../../shared/network/geometry.ts';
import { nodePeer } from '../../../../shared/network/topology.ts';
import { trafficSets } from '../../../../shared/network/traffic.ts';
import { drawBytes } from '../../../../shared/random.ts';
import { addressOf, ClientRun } from '../../../support/client-run.ts';
import { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { seededRandom } from '../../../support/random.ts';
import { memoryFolder } from '../../../support/store-files.ts';

const COUNT = 4;
/** Longer than any wait before another try. */
const LONG_MS = 1e9;

/** An outbox on a real store; its packets leave when they are taken, and nothing comes back. */
class Bench {
  readonly store: ClientStore;
  readonly tries: ExpectedIdentifier[] = [];
  outbox: Outbox;
  nowMs = 0;

  constructor() {
    const key = new Uint8Array(32).fill(1);
    const file = `${memoryFolder()}/profile.db`;
    const db = openDatabase({ file, key, migrations: profileMigrations });
    this.store = createClientStore(db, { unixMs: () => 1_000 });
    this.outbox = this.#open();
  }

  #open(): Outbox {
    const options = { random: seededRandom('resend'), traffic: () => trafficSets.demo };
    return new Outbox({ store: this.store, ...options }, this.store.load(), this.nowMs);
  }

  /** The process ends, and another goes on with what is durable. */
  restart(): void {
    this.outbox = this.#open();
  }

  add(): number {
    const recipient = {
      providerKey: new Uint8Array(32),
      mailbox: new Uint8Array(16),
      token: new Uint8Array(16),
      mailboxKey: new Uint8Array(32),
    };
    const message = {
      messageId: new Uint8Array(10),
      contactTag: new Uint8Array(8).fill(1),
      recipient,
      priority: 'interactive' as const,
      fragmentCount: COUNT,
      size: COUNT,
    };
    const id = this.store.addMessage(message);
    const bodies = Array.from({ length: COUNT }, (_, index) => new Uint8Array(1).fill(index));
    this.store.addFragments(id, 0, bodies, true);
    this.restart();
    return id;
  }

  /** Takes the fragment of the next slot, and has its packet leave. */
  takeOne(): Taken | null {
    const taken = this.outbox.take(this.nowMs, () => true);
    if (taken === null) return null;
    const { id, index } = taken;
    const identifier = new Uint8Array(16);
    new DataView(identifier.buffer).setUint32(0, this.tries.length + 1);
    this.tries.push({ identifier, id, index });
    this.outbox.reserve(taken, identifier);
    this.outbox.sent(taken, this.nowMs);
    return taken;
  }

  /** Everything that can leave now, by place. */
  takeAll(): number[] {
    const places: number[] = [];
    for (let one = this.takeOne(); one !== null; one = this.takeOne()) places.push(one.index);
    return places;
  }

  acknowledge(index: number): void {
    const one = this.tries.findLast((each) => each.index === index);
    if (one === undefined) throw new Error('the fragment was tried');
    this.outbox.acknowledge(one.identifier);
  }

  /** Loses every try there is. */
  exhaust(id: number): void {
    for (let nth = 0; this.outbox.progress(id)?.state !== 'not_confirmed'; nth++) {
      if (nth > TRIES_MAX) throw new Error('the tries never end');
      this.nowMs += LONG_MS;
      this.outbox.overdue(this.nowMs, this.nowMs);
      this.nowMs += LONG_MS;
      this.takeAll();
    }
  }
}

/** A message of which `acknowledged` came back and nothing else did, sent again. */
function resent(acknowledged: readonly number[]) {
  const bench = new Bench();
  const first = bench.add();
  bench.takeAll();
  for (const index of acknowledged) bench.acknowledge(index);
  bench.exhaust(first);
  const id = bench.outbox.renew(first)?.id ?? 0;
  const missing = [0, 1, 2, 3].filter((index) => !acknowledged.includes(index));
  return { bench, id, missing };
}

const partly = [[0], [1], [2], [3], [1, 2], [0, 3], [2, 3], [0, 1, 2], [1, 2, 3]];

describe('a message sent again', () => {
  it.each(partly.map((list) => ({ list })))('sends all but $list', ({ list }) => {
    const { bench, id, missing } = resent(list);
    expect(bench.outbox.counts()).toMatchObject({ fragmentsQueued: missing.length });
    expect(bench.takeAll()).toEqual(missing);
    for (const index of missing) bench.acknowledge(index);
    expect(bench.outbox.progress(id)?.state).toBe('at_provider');
  });

  it.each(partly.map((list) => ({ list })))(
    'sends all but $list where its process ends before the first of them, or between them',
    ({ list }) => {
      const { bench, id, missing } = resent(list);
      bench.restart();
      expect(bench.outbox.counts()).toMatchObject({ fragmentsQueued: missing.length });
      const first = bench.takeOne();
      bench.restart();
      expect([first?.index, ...bench.takeAll()]).toEqual(missing);
      bench.restart();
      expect(bench.takeAll()).toEqual([]);
      for (const index of missing) bench.acknowledge(index);
      expect(bench.outbox.progress(id)?.state).toBe('at_provider');
    },
  );

  it.each([false, true])('has five new tries of each fragment; restarts: %s', (isRestarted) => {
    const { bench, id, missing } = resent([1, 3]);
    expect(bench.outbox.progress(id)?.tryCount).toBe(1);
    const from = bench.tries.length;
    for (let nth = 0; nth < TRIES_MAX; nth++) {
      expect(bench.outbox.progress(id)?.state).toBe(nth === 0 ? 'queued' : 'in_mix');
      bench.nowMs += LONG_MS;
      expect(bench.takeAll().toSorted((a, b) => a - b)).toEqual(missing);
      bench.outbox.markInMix(id);
      if (isRestarted) bench.restart();
      bench.nowMs += LONG_MS;
      bench.outbox.overdue(bench.nowMs, bench.nowMs);
    }
    expect(bench.outbox.progress(id)?.state).toBe('not_confirmed');
    expect(bench.tries.length - from).toBe(TRIES_MAX * missing.length);
  });

  it.each([[], [2]].map((list) => ({ list })))(
    'is not confirmed again where that is taken back, and what left before still counts; $list',
    ({ list }) => {
      const { bench, id, missing } = resent(list);
      expect(bench.outbox.endResend(id)).toMatchObject({ id, state: 'not_confirmed' });
      bench.restart();
      expect(bench.outbox.progress(id)?.state).toBe('not_confirmed');
      expect(bench.takeAll()).toEqual([]);
      for (const index of missing.slice(1)) bench.acknowledge(index);
      const again = bench.outbox.renew(id)?.id ?? 0;
      expect(bench.takeAll()).toEqual(missing.slice(0, 1));
      bench.acknowledge(missing[0] ?? 0);
      expect(bench.outbox.progress(again)?.state).toBe('at_provider');
    },
  );

  it('is no resend that ends where nothing of it ever left, or something has since', () => {
    const bench = new Bench();
    const id = bench.add();
    expect(bench.outbox.endResend(id)).toBeNull();
    expect(bench.outbox.cancel(id)).toBe(true);
    const { bench: other, id: second } = resent([]);
    other.takeOne();
    expect(other.outbox.endResend(second)).toBeNull();
    expect(other.outbox.cancel(second)).toBe(false);
  });

  it('can be sent again once more', () => {
    const { bench, id, missing } = resent([2]);
    bench.takeAll();
    bench.acknowledge(0);
    bench.exhaust(id);
    const again = bench.outbox.renew(id)?.id ?? 0;
    expect(bench.takeAll()).toEqual(missing.slice(1));
    bench.acknowledge(1);
    bench.acknowledge(3);
    expect(bench.outbox.progress(again)?.state).toBe('at_provider');
  });

  it.each([false, true])(
    'sends nothing that an old try answers for meanwhile; restarts: %s',
    (isRestarted) => {
      const { bench, id } = resent([]);
      bench.acknowledge(2);
      if (isRestarted) bench.restart();
      expect(bench.outbox.counts()).toMatchObject({ fragmentsQueued: 3 });
      expect(bench.takeAll()).toEqual([0, 1, 3]);
      for (const index of [0, 1, 3]) bench.acknowledge(index);
      expect(bench.outbox.progress(id)?.state).toBe('at_provider');
    },
  );
});

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

describe('in a network, a message of three fragments whose last alone was acknowledged', () => {
  it.each([false, true])('is resent; its process ends before the first slot: %s', (isKilled) => {
    const folder = memoryFolder();
    const world = new ClientWorld({ engine, seed: 'resend', folder, traffic: 'demo' });
    const wrapStore = (store: ClientStore): ClientStore => ({
      ...store,
      reserve: (expected) => {
        if (expected.index === 2) world.sparedIdentifiers.add(toHex(expected.identifier));
        store.reserve(expected);
      },
    });
    const sender = new ClientRun(world, { name: 'sender', folder, wrapStore });
    const recipient = new ClientRun(world, { name: 'recipient', folder });
    world.run(4_000);
    world.losesAcknowledgements.add(nodePeer(addressOf(sender).providerKey));
    const bytes = drawBytes(seededRandom('bytes'), 3 * FRAGMENT_BODY_SIZE);
    const ref = sender.send(addressOf(recipient), bytes);
    world.run(100);
    const id = sender.idOf(ref) ?? 0;
    const isOver = () => sender.role.progress(id)?.state === 'not_confirmed';
    for (let step = 0; step < 300 && !isOver(); step++) world.run(1_000);
    expect(sender.role.progress(id)).toMatchObject({ fragmentsAcknowledged: 1 });
    world.losesAcknowledgements.clear();
    sender.command({ kind: 'resend', ref: 77, id });
    world.run(20);
    const renewed = sender.idOf(77) ?? 0;
    expect(sender.role.progress(renewed)).toMatchObject({ state: 'queued', tryCount: 1 });
    if (isKilled) sender.kill();
    const isThere = () => sender.role.progress(renewed)?.state === 'at_provider';
    for (let step = 0; step < 60 && !isThere(); step++) world.run(1_000);
    expect(sender.role.progress(renewed)).toMatchObject({ state: 'at_provider' });
    expect(recipient.received.map((one) => one.bytes)).toEqual([bytes]);
  });
});
