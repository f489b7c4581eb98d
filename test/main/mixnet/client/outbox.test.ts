// The outbox and the ledger at their limits, and mail at a provider that claims a backlog.
import { describe, expect, it } from 'vitest';
import type { Inbox } from '../../../../main/mixnet/client/inbox.ts';
import { createLedger, PROBES_MAX, type Probe } from '../../../../main/mixnet/client/ledger.ts';
import {
  BACKLOG_PULLS_MAX,
  createMail,
  TOKEN_COMMANDS_MAX,
} from '../../../../main/mixnet/client/mail.ts';
import {
  OUTBOX_BYTES_MAX,
  OUTBOX_MESSAGES_MAX,
  Outbox,
} from '../../../../main/mixnet/client/outbox.ts';
import { createPulls, REQUESTS_OPEN_MAX } from '../../../../main/mixnet/client/pulls.ts';
import { createSchedule } from '../../../../main/mixnet/client/schedule.ts';
import {
  createSlots,
  EMISSION_LAG_MS_MAX,
  SLOTS_MAX,
} from '../../../../main/mixnet/client/slots.ts';
import type {
  ClientStore,
  StoredClient,
  StoredMessage,
} from '../../../../main/mixnet/client/store.ts';
import { createClientStore } from '../../../../main/store/client-store.ts';
import { openDatabase } from '../../../../main/store/database.ts';
import { profileMigrations } from '../../../../main/store/migrations.ts';
import type { PullAnswer } from '../../../../shared/network/mailbox-frames.ts';
import { trafficSets } from '../../../../shared/network/traffic.ts';
import { seededRandom } from '../../../support/random.ts';
import { memoryFolder } from '../../../support/store-files.ts';

const traffic = trafficSets.demo;

function openStore(): ClientStore {
  const file = `${memoryFolder()}/profile.db`;
  const key = new Uint8Array(32).fill(1);
  const db = openDatabase({ file, key, migrations: profileMigrations });
  return createClientStore(db, { unixMs: () => 1_000 });
}

function storedMessage(id: number, size: number): StoredMessage {
  return {
    id,
    messageId: new Uint8Array(10),
    contactTag: new Uint8Array(8).fill(1),
    recipient: {
      providerKey: new Uint8Array(32),
      mailbox: new Uint8Array(16),
      token: new Uint8Array(16),
      mailboxKey: new Uint8Array(32),
    },
    priority: 'interactive',
    fragmentCount: 1,
    size,
    state: 'queued',
    acknowledged: [],
    flights: [],
    nextIndex: 0,
  };
}

function openOutbox(messages: readonly StoredMessage[] = []) {
  const store = openStore();
  const stored: StoredClient = { ...store.load(), messages };
  const random = seededRandom('outbox');
  return {
    store,
    stored,
    outbox: new Outbox({ store, random, traffic: () => traffic }, stored, 0),
  };
}

describe('an outbox', () => {
  it('takes so many messages and bytes, and not one more', () => {
    const many = Array.from({ length: OUTBOX_MESSAGES_MAX - 1 }, (_, id) => storedMessage(id, 1));
    const { outbox } = openOutbox(many);
    expect(outbox.hasRoom(1)).toBe(true);
    outbox.add(storedMessage(OUTBOX_MESSAGES_MAX, 1));
    expect(outbox.hasRoom(1)).toBe(false);
    const large = openOutbox([storedMessage(1, OUTBOX_BYTES_MAX - 10)]).outbox;
    expect(large.hasRoom(10)).toBe(true);
    expect(large.hasRoom(11)).toBe(false);
  });

  it('gives its messages page by page, by id, whatever their order', () => {
    const { outbox } = openOutbox([5, 2, 9, 3].map((id) => storedMessage(id, 1)));
    const ids = (after: number, max: number) => outbox.page(after, max).map(({ id }) => id);
    expect([ids(0, 2), ids(3, 2), ids(9, 2), ids(0, 9)]).toEqual([
      [2, 3],
      [5, 9],
      [],
      [2, 3, 5, 9],
    ]);
    for (const { id, slots } of outbox.page(0, 9)) expect(slots).toBe(outbox.slotsUntilGone(id));
    expect(outbox.page(0, 9).map(({ slots }) => slots)).toEqual([2, 4, 1, 3]);
  });

  it('waits longer from try to try, and never the same time', () => {
    const { store, stored } = openOutbox();
    const message = storedMessage(0, 1);
    const id = store.addMessage(message);
    store.addFragments(id, 0, [new Uint8Array(1)], true);
    const waits: number[][] = [[], [], [], []];
    for (let round = 0; round < 60; round++) {
      const random = seededRandom(`waits ${round}`);
      const outbox = new Outbox({ store, random, traffic: () => traffic }, stored, 0);
      outbox.add({ ...message, id });
      for (let nth = 0, nowMs = 0; nth < 4; nth++) {
        let taken = outbox.take(nowMs, () => true);
        const from = nowMs;
        while (taken === null) {
          nowMs += 50;
          taken = outbox.take(nowMs, () => true);
        }
        if (nth > 0) waits[nth - 1]?.push(nowMs - from);
        const identifier = new Uint8Array(16);
        new DataView(identifier.buffer).setUint32(0, round * 10 + nth + 1);
        outbox.reserve(taken, identifier);
        outbox.sent(taken, nowMs + 100);
        nowMs += 200;
        outbox.overdue(nowMs, nowMs);
      }
    }
    const means = waits.slice(0, 3).map((list) => list.reduce((sum, one) => sum + one, 0) / 60);
    const roundTripMs = 8 * traffic.hopDelayMsMean + traffic.pullIntervalMs;
    // Exponential with means of 1, 2 and 4 round trips; three standard errors of 60 draws.
    for (const [nth, mean] of means.entries()) {
      const expected = roundTripMs * 2 ** nth;
      expect(Math.abs(mean - expected)).toBeLessThan(0.4 * expected);
    }
  });
});

describe('a store', () => {
  it('keeps what is being stored while it is read, and drops what a process left half stored', () => {
    const file = `${memoryFolder()}/profile.db`;
    const key = new Uint8Array(32).fill(1);
    const db = openDatabase({ file, key, migrations: profileMigrations });
    const store = createClientStore(db, { unixMs: () => 1_000 });
    const message = { ...storedMessage(0, 2), fragmentCount: 2 };
    const [whole, half] = [store.addMessage(message), store.addMessage(message)];
    for (const id of [whole, half]) store.addFragments(id, 0, [new Uint8Array(1)], false);
    expect(store.load().messages).toEqual([]);
    store.addFragments(whole, 1, [new Uint8Array(1)], true);
    const again = createClientStore(db, { unixMs: () => 1_000 });
    expect(again.load().messages.map(({ id }) => id)).toEqual([whole]);
    expect(() => again.addFragments(half, 1, [new Uint8Array(1)], true)).toThrow('FOREIGN KEY');
  });
});

describe('a ledger', () => {
  it('remembers so many probes; the oldest is forgotten and counted, not lost', () => {
    const ledger = createLedger();
    const probe: Probe = {
      kind: 'loop',
      stream: 'loop',
      epoch: 0,
      path: [],
      delaysMs: [],
      sentAtMs: 0,
      deadlineMs: 10,
    };
    for (let index = 0; index < PROBES_MAX; index++) ledger.expect(`${index}`, probe);
    expect(ledger.summary().forgotten).toBe(0);
    ledger.expect('one more', probe);
    expect(ledger.summary()).toMatchObject({
      forgotten: 1,
      loop: { pending: PROBES_MAX, lost: 0 },
    });
    ledger.arrived('1', 10, 12);
    ledger.arrived('2', 11, 12);
    ledger.arrived('1', 10, 12);
    expect(ledger.summary().loop).toMatchObject({ returned: 1, late: 1 });
    ledger.drained('acknowledgement', 1e9);
    expect(ledger.summary().loop.lost).toBe(0);
    ledger.drained('loop', 1e9);
    expect(ledger.summary().loop).toMatchObject({ pending: 0, lost: PROBES_MAX - 2 });
  });
});

function openMail() {
  const { store, stored, outbox } = openOutbox();
  const id = store.addMessage(storedMessage(0, 1));
  store.addFragments(id, 0, [new Uint8Array(1)], true);
  outbox.add({ ...storedMessage(id, 1) });
  const taken = outbox.take(0, () => true);
  if (taken === null) throw new Error('the message can go');
  outbox.reserve(taken, new Uint8Array(16).fill(9));
  outbox.sent(taken, 100);
  const account = {
    providerKey: new Uint8Array(32),
    authPublicKey: new Uint8Array(32),
    authSecretKey: new Uint8Array(64),
    mailboxPublicKey: new Uint8Array(32),
    mailboxSecretKey: new Uint8Array(32),
    token: new Uint8Array(16),
  };
  const inbox = { hasRoom: () => true } as unknown as Inbox;
  const ledger = createLedger();
  const mail = createMail({ store, inbox, outbox, ledger, account, clockAheadMs: () => 0 }, stored);
  return { mail, outbox };
}
const answer = (acknowledgementBacklog: number): PullAnswer => ({
  kind: 'pull-answer',
  serial: 1,
  isOtherCopySeen: false,
  isTokenRefused: false,
  tokenCommandNumber: 0,
  mailBacklog: 0,
  acknowledgementBacklog,
  mails: [],
  acknowledgements: [],
});
const request = { sequences: { mailSequence: 0, acknowledgementSequence: 0 }, sentAtMs: 1_000 };
const now = { monotonicMs: 2_000, unixMs: 2_000 };

describe('mail', () => {
  const isTriedAgain = (outbox: Outbox) => outbox.take(1e9, () => true) !== null;

  it('tries again once no acknowledgement is left to be pulled, and not before', () => {
    const { mail, outbox } = openMail();
    mail.take(answer(5), request, now);
    expect(isTriedAgain(outbox)).toBe(false);
    mail.take(answer(0), request, now);
    expect(isTriedAgain(outbox)).toBe(true);
  });

  it('believes a backlog for as long as there can be one', () => {
    const { mail, outbox } = openMail();
    for (let pull = 0; pull < BACKLOG_PULLS_MAX; pull++) mail.take(answer(5), request, now);
    expect(isTriedAgain(outbox)).toBe(false);
    mail.take(answer(5), request, now);
    expect(isTriedAgain(outbox)).toBe(true);
  });

  it('keeps so many token commands and not one more', () => {
    const { mail } = openMail();
    const command = { kind: 'remove' as const, token: new Uint8Array(16).fill(1) };
    for (let count = 0; count < TOKEN_COMMANDS_MAX; count++) {
      expect(mail.addCommand(command)).not.toBeNull();
    }
    expect(mail.addCommand(command)).toBeNull();
    mail.take({ ...answer(0), tokenCommandNumber: 1 }, request, now);
    expect(mail.command()?.number).toBe(2);
    expect(mail.addCommand(command)).not.toBeNull();
  });
});

describe('a token that the provider has no room for', () => {
  it('waits behind what may make room, and is not told to be there', () => {
    const { mail } = openMail();
    const token = (value: number) => new Uint8Array(16).fill(value);
    const limits = { tokenKind: 'address' as const, quota: null, expiresUnixMs: null };
    mail.addCommand({ kind: 'put', token: token(1), ...limits });
    mail.addCommand({ kind: 'remove', token: token(2) });
    const told = (tokenCommandNumber: number, isTokenRefused: boolean) => {
      const one = { ...answer(0), tokenCommandNumber, isTokenRefused };
      return mail.take(one, request, now).tokensDone;
    };
    expect(told(1, true)).toEqual([]);
    expect([mail.command()?.kind, mail.isTokenThere(token(1))]).toEqual(['remove', false]);
    expect(told(2, false)).toEqual([2]);
    expect(mail.command()).toMatchObject({ kind: 'put', number: 3, token: token(1), ...limits });
    expect(told(3, false)).toEqual([3]);
    expect([mail.command(), mail.isTokenThere(token(1))]).toEqual([null, true]);
  });

  it('is not put where it was removed meanwhile', () => {
    const { mail } = openMail();
    const token = new Uint8Array(16).fill(1);
    const limits = { tokenKind: 'address' as const, quota: null, expiresUnixMs: null };
    mail.addCommand({ kind: 'put', token, ...limits });
    mail.addCommand({ kind: 'remove', token });
    mail.take({ ...answer(0), tokenCommandNumber: 1, isTokenRefused: true }, request, now);
    mail.take({ ...answer(0), tokenCommandNumber: 2 }, request, now);
    expect(mail.command()).toBeNull();
  });
});

describe('pulls', () => {
  it('come at a constant interval, are not made up for, and are answered once', () => {
    const pulls = createPulls(seededRandom('pulls'));
    pulls.restart(0, 500);
    const first = pulls.nextAtMs() ?? 0;
    expect(first).toBeGreaterThanOrEqual(100);
    expect(first).toBeLessThanOrEqual(600);
    expect([pulls.take(first - 1), pulls.take(first), pulls.take(first)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(pulls.nextAtMs()).toBe(first + 500);
    expect(pulls.take(first + 2_600)).toBe(true);
    expect(pulls.nextAtMs()).toBe(first + 3_000);
    const sequences = { mailSequence: 0, acknowledgementSequence: 0 };
    const serials = Array.from({ length: REQUESTS_OPEN_MAX + 1 }, () => pulls.open(sequences, 0));
    const close = (serial: number) => pulls.close({ serial } as PullAnswer) !== null;
    expect(close(serials[0] ?? 0)).toBe(false);
    expect([close(serials[1] ?? 0), close(serials[1] ?? 0)]).toEqual([true, false]);
  });
});

describe('slots', () => {
  const slot = (atMs: number) => ({ stream: 'payload' as const, atMs });
  const forfeits = (slots: ReturnType<typeof createSlots>) => slots.counts().payload.forfeited;

  it('are emitted up to the lag that is named and forfeited after it, with their packet', () => {
    const slots = createSlots();
    const fates: string[] = [];
    const prepared = (name: string) => ({
      peer: 'node:aa' as const,
      frame: new Uint8Array(4).fill(1),
      onSent: () => void fates.push(`${name} sent`),
      onForfeit: () => void fates.push(`${name} forfeited`),
    });
    const [one, two] = [slot(1_000), slot(2_000)];
    slots.add([one, two]);
    expect(slots.nextToPrepare(900)).toBe(one);
    expect(slots.nextToPrepare(901)).toBe(two);
    slots.prepared(one, prepared('one'));
    const late = prepared('two');
    slots.prepared(two, late);
    const at = (monotonicMs: number) => ({ monotonicMs, unixMs: 0 });
    expect(slots.emit(at(1_000 + EMISSION_LAG_MS_MAX), true).length).toBe(1);
    expect(slots.emit(at(2_000 + EMISSION_LAG_MS_MAX + 0.1), true)).toEqual([]);
    expect(fates).toEqual(['one sent', 'two forfeited']);
    expect(late.frame).toEqual(new Uint8Array(4));
    expect(forfeits(slots)).toMatchObject({ late: 1, no_link: 0, not_complete: 0 });
  });

  it('that a link did not take count as forfeited', () => {
    const slots = createSlots();
    const one = slot(1);
    const frame = new Uint8Array(4).fill(1);
    let isForfeited = false;
    slots.add([one]);
    const onForfeit = () => {
      isForfeited = true;
    };
    slots.prepared(one, { peer: 'node:aa', frame, onSent: () => undefined, onForfeit });
    slots.emit({ monotonicMs: 1, unixMs: 0 }, true);
    slots.notSent(frame);
    slots.notSent(frame);
    expect(isForfeited).toBe(true);
    expect(slots.counts().payload).toMatchObject({ sent: 0, forfeited: { not_sent: 1 } });
  });

  it('in sight are so many and no more', () => {
    const slots = createSlots();
    slots.add(Array.from({ length: SLOTS_MAX }, (_, index) => slot(index)));
    expect(forfeits(slots).not_complete).toBe(0);
    slots.add([slot(5_000)]);
    expect(forfeits(slots).not_complete).toBe(1);
    // Those of two days at once: more than a call may have arguments.
    slots.add(Array.from({ length: 700_000 }, (_, index) => slot(10_000 + index)));
    expect(forfeits(slots).not_complete).toBe(700_001);
  });
});

describe('the schedule', () => {
  it('begins 100 ms and a draw after its start, and draws on from the scheduled instant', () => {
    const instants = () => ({
      payload: seededRandom('payload'),
      loop: seededRandom('loop'),
      drop: seededRandom('drop'),
    });
    const [often, once] = [createSchedule(instants()), createSchedule(instants())];
    often.restart(1_000, traffic);
    once.restart(1_000, traffic);
    const pieces = Array.from({ length: 900 }, (_, index) => often.advance(1_000 + 100 * index));
    const whole = once.advance(1_000 + 100 * 899);
    const sorted = pieces.flat().sort((a, b) => a.atMs - b.atMs);
    expect(sorted).toEqual(whole);
    expect(whole[0]?.atMs).toBeGreaterThan(1_100);
    // 4 a second for 90 s: 360 and a bit, five standard deviations either way.
    expect(Math.abs(whole.length - 362)).toBeLessThan(95);
  });
});
