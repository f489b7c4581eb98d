// The last hop: nothing is acknowledged before it is durable, drops and provider.mail are
// acknowledged alike, and a garbled packet shows nothing of where it was going.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { BATCH_MS, BATCH_PACKETS_MAX } from '../../../main/mixnet/provider-mail.ts';
import {
  encodePayload,
  FORWARD_DESTINATION,
  FORWARD_IDENTIFIER,
  mailboxDestination,
  type Payload,
} from '../../../shared/network/payload.ts';
import { drawBytes } from '../../../shared/random.ts';
import {
  openProvider,
  removeMailboxes,
  sphinx,
  type TestProvider,
} from '../../support/provider.ts';
import { seededRandom } from '../../support/random.ts';

const random = seededRandom('provider mail');
const mailbox = drawBytes(random, 16);
const token = drawBytes(random, 16);
const at = (ms: number) => ({ monotonicMs: ms, unixMs: 1_000 + ms });
afterAll(removeMailboxes);

let provider: TestProvider;

beforeEach(() => {
  provider = openProvider();
  provider.store.register({ mailbox, authKey: drawBytes(random, 32), invite: null }, at(0));
  const limits = { quota: null, expiresUnixMs: null };
  const put = { kind: 'put' as const, number: 1, token, tokenKind: 'contacts' as const, ...limits };
  const tokens = [{ mailbox, command: put }];
  provider.store.commit({ mails: [], acknowledgements: [], progress: [], tokens }, at(0));
});

function packetFor(payload: Partial<Payload> = {}, delayMs = 50): Uint8Array {
  const plaintext = encodePayload({
    kind: 'mail',
    mailbox,
    token,
    content: drawBytes(random, 1_627),
    acknowledgement: {
      delayNs: BigInt(delayMs * 1e6),
      firstHop: provider.layer1Key,
      header: drawBytes(random, 348),
    },
    ...payload,
  });
  return wrapTo(FORWARD_DESTINATION, FORWARD_IDENTIFIER, plaintext);
}

function wrapTo(
  destination: Uint8Array,
  identifier: Uint8Array,
  plaintext: Uint8Array = new Uint8Array(1),
) {
  const packet = sphinx.wrap({
    route: [{ address: provider.identityKey, publicKey: provider.sphinxKey }],
    delaysNs: [0n],
    destination,
    identifier,
    version: 259,
    random,
    payloadSize: 2_065,
    plaintext,
  });
  if (packet === null) throw new Error('must hold: the key is not of low order');
  return packet;
}

function deliver(packet: Uint8Array, ms: number): void {
  const final = provider.hop.receive(packet, 0, 'node:bb', at(ms));
  if (final !== null) provider.mail.take(final, at(ms));
}

const stored = () =>
  provider.store.read({ mailbox, mailSequence: 0, acknowledgementSequence: 0 }, 10, 16)?.mails
    .length;

describe('mail', () => {
  it('is acknowledged after the delay of its sender, and only once it is durable', () => {
    deliver(packetFor(), 10);
    expect([stored(), provider.hop.poolSize(), provider.mail.nextWakeAtMs()]).toEqual([
      0,
      0,
      10 + BATCH_MS,
    ]);
    provider.mail.wake(at(10 + BATCH_MS - 1));
    expect([stored(), provider.hop.poolSize()]).toEqual([0, 0]);
    provider.mail.wake(at(10 + BATCH_MS));
    expect([stored(), provider.hop.poolSize(), provider.mail.nextWakeAtMs()]).toEqual([1, 1, null]);
    expect(provider.hop.release(at(63))).toEqual([]);
    const [out] = provider.hop.release(at(64));
    expect(out).toMatchObject({ peer: 'node:aa', parity: 0 });
    expect(out?.packet).toHaveLength(2_413);
  });

  it('that is refused by its mailbox is counted and not acknowledged', () => {
    deliver(packetFor({ token: drawBytes(random, 16) }), 0);
    deliver(packetFor({ mailbox: drawBytes(random, 16) }), 0);
    provider.mail.wake(at(100));
    expect([stored(), provider.hop.poolSize()]).toEqual([0, 0]);
    expect(provider.refusals.snapshot()).toMatchObject({ token: 1, mailbox: 1 });
  });

  it('is kept even where its acknowledgement leads nowhere or waits too long', () => {
    const acknowledgement = {
      delayNs: 0n,
      firstHop: provider.identityKey,
      header: new Uint8Array(348),
    };
    deliver(packetFor({ acknowledgement }), 0);
    deliver(packetFor({}, 1_001), 0);
    provider.mail.wake(at(100));
    expect([stored(), provider.hop.poolSize()]).toEqual([2, 0]);
    const told = { 'next-hop': 1, delay: 1, 'pool-full': 0 };
    expect(provider.mail.counts().acknowledgementsRefused).toEqual(told);
  });

  it('is kept where the pool has no place for its acknowledgement', () => {
    const place = { peer: 'node:aa', parity: 0, packet: new Uint8Array(2_413) } as const;
    while (provider.hop.hold(place, 1e9));
    deliver(packetFor(), 0);
    provider.mail.wake(at(100));
    expect(stored()).toBe(1);
    const told = { 'next-hop': 0, delay: 0, 'pool-full': 1 };
    expect(provider.mail.counts().acknowledgementsRefused).toEqual(told);
  });

  it('garbled on the way shows no mailbox: neither header nor payload names one', () => {
    const packet = packetFor();
    packet[400] = (packet[400] ?? 0) ^ 1;
    const final = provider.hop.receive(packet, 0, 'node:bb', at(0));
    expect(final?.destination).toEqual(FORWARD_DESTINATION);
    expect(final?.identifier).toEqual(FORWARD_IDENTIFIER);
    expect(Buffer.from(final?.payload ?? []).includes(Buffer.from(mailbox))).toBe(false);
    if (final !== null) provider.mail.take(final, at(0));
    provider.mail.wake(at(100));
    expect(provider.refusals.snapshot().payload).toBe(1);
    expect(stored()).toBe(0);
  });

  it('of a full batch is committed at once', () => {
    const final = provider.hop.receive(packetFor(), 0, 'node:bb', at(0));
    if (final === null) throw new Error('must hold: the packet ends here');
    for (let index = 0; index < BATCH_PACKETS_MAX - 1; index++) provider.mail.take(final, at(0));
    expect(provider.mail.counts().commits).toBe(0);
    provider.mail.take(final, at(0));
    expect(provider.mail.counts()).toMatchObject({ commits: 1, mailsStored: BATCH_PACKETS_MAX });
  });
});

it('a drop is acknowledged as provider.mail is and stored nowhere', () => {
  deliver(packetFor({ kind: 'drop' }), 10);
  expect(provider.hop.poolSize()).toBe(0);
  provider.mail.wake(at(10 + BATCH_MS));
  expect([stored(), provider.hop.poolSize()]).toEqual([0, 1]);
  expect(provider.hop.release(at(64))).toHaveLength(1);
});

it('an acknowledgement reaches the mailbox or the node that its header names, payload unread', () => {
  const identifier = drawBytes(random, 16);
  deliver(wrapTo(mailboxDestination(mailbox), identifier), 0);
  deliver(wrapTo(provider.identityKey, identifier), 0);
  deliver(wrapTo(drawBytes(random, 32), identifier), 0);
  provider.mail.wake(at(BATCH_MS));
  const content = provider.store.read(
    { mailbox, mailSequence: 0, acknowledgementSequence: 0 },
    10,
    16,
  );
  expect(content?.acknowledgements.map((one) => Buffer.from(one.identifier))).toEqual([
    Buffer.from(identifier),
  ]);
  expect(provider.owned).toEqual([identifier]);
  expect(provider.refusals.snapshot().destination).toBe(1);
});

it('a replay is refused before it costs anything', () => {
  const packet = packetFor();
  deliver(packet, 0);
  deliver(packet, 1);
  provider.mail.wake(at(100));
  expect([stored(), provider.refusals.snapshot().replay]).toEqual([1, 1]);
});
