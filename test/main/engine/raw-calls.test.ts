// Raw calls on the thread that emits: they read the client only where no emission is due within
// 8 ms, never more than fits, and refuse what is too large before they read it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../../main/engine/call-failure.ts';
import { type Mixnet, startMixnet } from '../../../main/engine/mixnet.ts';
import { AT_ONCE_LENGTH, PIECE_LENGTH, rawBytes, rawText } from '../../../main/engine/raw-calls.ts';
import { MESSAGE_SIZE_MAX_DEFAULT } from '../../../main/mixnet/client/contract.ts';
import { WORK_GUARD_MS } from '../../../main/mixnet/client/slots.ts';
import { createClientStore } from '../../../main/store/client-store.ts';
import { openDatabase } from '../../../main/store/database.ts';
import { profileMigrations } from '../../../main/store/migrations.ts';
import { networkCalls } from '../../../shared/api-network.ts';
import { fromBase64url, toBase64url } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { drawBytes } from '../../../shared/random.ts';
import { makeBody, makeNetwork, signBody } from '../../support/network.ts';
import { checkProperty } from '../../support/property.ts';
import { seededRandom } from '../../support/random.ts';
import { memoryFolder } from '../../support/store-files.ts';

/** A user in a network of `test` traffic, forty slots a second, on a clock that the test moves. */
function open() {
  const clock = { ms: 1_000 };
  const made = makeNetwork({ describe: () => ({ addresses: ['127.0.0.1:9'] }) });
  const { network } = made;
  const now = () => {
    return { monotonicMs: clock.ms, unixMs: Math.floor(network.epoch0UnixMs + clock.ms) };
  };
  const key = new Uint8Array(32).fill(1);
  const file = `${memoryFolder()}/profile.db`;
  const db = openDatabase({ file, key, migrations: profileMigrations });
  const store = createClientStore(db, { unixMs: () => now().unixMs });
  store.documents.save(0, signBody(made, makeBody(made, { traffic: 'test' })));
  const mixnet = startMixnet({
    store,
    network,
    crypto: nobleEngine,
    random: seededRandom('raw calls'),
    now,
    proxy: null,
    messageSizeMax: null,
    emit: () => undefined,
    onStoreFailed: () => undefined,
    program: {
      received: () => false,
      progress: () => undefined,
      tokenDone: () => undefined,
      statusChanged: () => undefined,
    },
  });
  const close = (): void => {
    mixnet.close();
    db.close();
  };
  return { mixnet, clock, close };
}

/** Slots that are over: none is sent where there is no link. */
function slotsOver({ client }: Mixnet): number {
  const { streams } = client.counters();
  const forfeited = Object.values(streams).flatMap((one) => Object.values(one.forfeited));
  return forfeited.reduce((sum, count) => sum + count, 0);
}

const reads = {
  'message.list': ['page', 'messages'],
  'message.get': ['progress'],
  ledger: ['ledger'],
} as const;
type Read = keyof typeof reads;

/** Calls once in each millisecond of a second: when the client was read, and when slots were. */
function callAlways(call: Read, plant?: (mixnet: Mixnet) => () => unknown) {
  const { mixnet, clock, close } = open();
  const readAtMs: number[] = [];
  for (const name of reads[call]) {
    const read = mixnet.client[name] as (...args: unknown[]) => unknown;
    const told = (...args: unknown[]) => {
      readAtMs.push(clock.ms);
      return read(...args);
    };
    Object.assign(mixnet.client, { [name]: told });
  }
  const slotAtMs: number[] = [];
  const ask = plant?.(mixnet) ?? (() => mixnet.handlers[call]({ id: 1 } as never));
  for (let nth = 0; nth < 1_000; nth++) {
    clock.ms += 1;
    const before = slotsOver(mixnet);
    void Promise.resolve(ask()).catch(() => undefined);
    if (slotsOver(mixnet) > before) slotAtMs.push(clock.ms);
  }
  close();
  // A slot that was seen to be over at a millisecond was due within the one before it.
  const isNear = (atMs: number) =>
    slotAtMs.some((slotMs) => atMs < slotMs && atMs >= slotMs - WORK_GUARD_MS + 1);
  return { reads: readAtMs.length, near: readAtMs.filter(isNear).length, slots: slotAtMs.length };
}

describe('a raw call', () => {
  it.each(Object.keys(reads) as Read[])('%s reads where no slot is near', (call) => {
    const seen = callAlways(call);
    expect(seen.slots).toBeGreaterThan(20);
    expect(seen.reads).toBeGreaterThan(250);
    expect(seen.near).toBe(0);
  });

  it('would be seen to read near one, did it read at once', () => {
    const plant = (mixnet: Mixnet) => () => {
      mixnet.tellAgain();
      return mixnet.client.page(0, 1);
    };
    expect(callAlways('message.list', plant).near).toBeGreaterThan(50);
  });
});

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => 'done',
    (failure: unknown) => failure,
  );
  return error instanceof CallFailure ? error.code : String(error);
};
const tooLong = Math.ceil((MESSAGE_SIZE_MAX_DEFAULT * 4) / 3) + 1;

/** A look that is had at once, and what it was asked for. */
function counted() {
  let looks = 0;
  const look = <T>(read: () => T): Promise<T> => {
    looks += 1;
    return new Promise((resolve) => resolve(read()));
  };
  return { look, looks: () => looks };
}

const readAll = async (...args: Parameters<typeof rawBytes>) => await rawBytes(...args);

describe('the bytes of a raw message', () => {
  it('are those of the text, and only of its one form', async () => {
    const texts: [string, Promise<Uint8Array | null>][] = [];
    const oneText = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map(toBase64url),
      fc.stringMatching(/^[A-Za-z0-9_-]{0,12}$/),
      fc.string(),
      fc.base64String(),
    );
    checkProperty(oneText, 500, (text) => {
      const read = readAll(text, 1_000, counted().look).then(
        (bytes) => new Uint8Array(bytes),
        () => null,
      );
      texts.push([text, read]);
    });
    for (const [text, read] of texts) expect(await read).toEqual(fromBase64url(text));
    expect(texts.length).toBeGreaterThan(900);
  });

  it('are read at once where they are few, else in as many looks as it takes', async () => {
    const few = toBase64url(new Uint8Array((AT_ONCE_LENGTH * 3) / 4));
    const none = counted();
    expect((await readAll(few, 1e6, none.look)).length).toBe((AT_ONCE_LENGTH * 3) / 4);
    expect(none.looks()).toBe(0);
    for (const size of [
      (AT_ONCE_LENGTH * 3) / 4 + 1,
      MESSAGE_SIZE_MAX_DEFAULT,
      4 * 1_024 * 1_024,
    ]) {
      const bytes = drawBytes(seededRandom('large'), size);
      const { look, looks } = counted();
      const text = rawText(bytes);
      expect(text.length).toBe(Math.ceil((size * 4) / 3));
      expect(Buffer.compare(await readAll(text, size, look), bytes)).toBe(0);
      expect(looks()).toBe(Math.ceil(text.length / PIECE_LENGTH));
    }
  });

  it('of one byte too many are refused unread', async () => {
    const { look, looks } = counted();
    for (const size of [1, 2, 3, 1_000, MESSAGE_SIZE_MAX_DEFAULT]) {
      const text = toBase64url(new Uint8Array(size + 1));
      expect(await codeOf(readAll(text, size, look))).toBe('too_large');
    }
    expect(looks()).toBe(0);
  });

  it('are refused by the call as they were before', async () => {
    const { mixnet, close } = open();
    const send = (bytes: string) => {
      const { address } = mixnet.handlers.address({}) as { address: string | null };
      if (address === null) throw new Error('the document has a provider');
      const args = networkCalls.send.args.parse({ address, bytes });
      return codeOf(Promise.resolve(mixnet.handlers.send(args)));
    };
    await mixnet.look(() => undefined);
    expect(await send('!'.repeat(tooLong))).toBe('too_large');
    expect(await send('A!')).toBe('bad_arguments');
    expect(await send('AB')).toBe('bad_arguments');
    expect(await send('')).toBe('empty');
    expect(await send('AA')).toBe('done');
    close();
  });
});
