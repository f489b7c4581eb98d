// What a last hop reads: lengths, round trips, and what it makes of bytes that are not a payload.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import {
  decodeFragment,
  encodeFragment,
  type Fragment,
  LOOP_CONTACT_TAG,
} from '../../../shared/network/fragment.ts';
import {
  CONTENT_SIZE,
  FRAGMENT_BODY_SIZE,
  FRAGMENT_COUNT_MAX,
  FRAGMENT_SIZE,
} from '../../../shared/network/geometry.ts';
import {
  decodePayload,
  encodePayload,
  FORWARD_DESTINATION,
  mailboxDestination,
  type Payload,
  readDestination,
} from '../../../shared/network/payload.ts';
import { openContent, sealContent } from '../../../shared/network/seal.ts';
import { drawBytes } from '../../../shared/random.ts';
import { agreementKey } from '../../support/network.ts';
import { seededRandom } from '../../support/random.ts';

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const payloads: fc.Arbitrary<Payload> = fc.record({
  kind: fc.constantFrom('mail', 'drop'),
  mailbox: bytes(16),
  token: bytes(16),
  acknowledgement: fc.record({
    delayNs: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
    firstHop: bytes(32),
    header: bytes(348),
  }),
  content: bytes(1_627),
});

describe('the payload table', () => {
  it('gives back every payload, and fills 2,048 bytes exactly', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        const plaintext = encodePayload(payload);
        expect(plaintext).toHaveLength(2_048);
        expect(decodePayload(plaintext)).toEqual({ ok: true, payload });
      }),
      { numRuns: 50 },
    );
  });

  it('refuses other lengths and kinds by name, and never throws', () => {
    const plaintext = new Uint8Array(2_048);
    expect(decodePayload(plaintext)).toEqual({ ok: false, reason: 'payload_kind' });
    expect(decodePayload(plaintext.subarray(1))).toEqual({ ok: false, reason: 'payload_size' });
    expect(decodePayload(new Uint8Array(2_049))).toEqual({ ok: false, reason: 'payload_size' });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_100 }), (any) => void decodePayload(any)));
  });
});

it('a destination is forward, this node, a mailbox, or refused', () => {
  const identity = new Uint8Array(32).fill(7);
  const mailbox = new Uint8Array(16).fill(3);
  expect(readDestination(FORWARD_DESTINATION, identity)).toEqual({ kind: 'forward' });
  expect(readDestination(identity.slice(), identity)).toEqual({ kind: 'self' });
  expect(readDestination(mailboxDestination(mailbox), identity)).toEqual({
    kind: 'mailbox',
    mailbox,
  });
  expect(readDestination(new Uint8Array(32).fill(8), identity)).toEqual({ kind: 'other' });
  const nearly = mailboxDestination(mailbox);
  nearly[31] = 1;
  expect(readDestination(nearly, identity)).toEqual({ kind: 'other' });
});

describe('a fragment', () => {
  const fragment = (change: Partial<Fragment> = {}): Fragment => ({
    messageId: new Uint8Array(10).fill(1),
    index: 0,
    count: 1,
    contactTag: LOOP_CONTACT_TAG,
    ciphertext: new Uint8Array(1).fill(9),
    ...change,
  });
  const full = new Uint8Array(FRAGMENT_BODY_SIZE).fill(9);

  it('keeps its lengths: 24 + 1,555 bytes, and 4 MiB fit the largest count', () => {
    expect(FRAGMENT_SIZE).toBe(24 + 1_555);
    expect(FRAGMENT_COUNT_MAX * FRAGMENT_BODY_SIZE).toBeGreaterThan(4 * 1_024 * 1_024);
  });

  it('comes back at both ends of every limit', () => {
    const last = FRAGMENT_COUNT_MAX - 1;
    for (const one of [
      fragment(),
      fragment({ ciphertext: full }),
      fragment({ index: last, count: FRAGMENT_COUNT_MAX }),
      fragment({ index: last - 1, count: FRAGMENT_COUNT_MAX, ciphertext: full }),
    ]) {
      expect(decodeFragment(encodeFragment(one))).toEqual({ ok: true, fragment: one });
    }
  });

  it('that lies about itself is refused by name', () => {
    const good = encodeFragment(fragment({ index: 1, count: 3, ciphertext: full }));
    const altered = (at: number, value: number) => {
      const copy = good.slice();
      new DataView(copy.buffer).setUint16(at, value);
      return decodeFragment(copy);
    };
    const refused = (reason: string) => ({ ok: false, reason });
    expect(altered(10, 3)).toEqual(refused('fragment_index'));
    expect(altered(12, 0)).toEqual(refused('fragment_count'));
    expect(altered(12, FRAGMENT_COUNT_MAX + 1)).toEqual(refused('fragment_count'));
    expect(altered(14, 0)).toEqual(refused('fragment_length'));
    expect(altered(14, FRAGMENT_BODY_SIZE + 1)).toEqual(refused('fragment_length'));
    expect(altered(14, FRAGMENT_BODY_SIZE - 1)).toEqual(refused('fragment_length'));
    expect(decodeFragment(good.subarray(1))).toEqual(refused('fragment_size'));
    const padded = encodeFragment(fragment());
    padded[FRAGMENT_SIZE - 1] = 1;
    expect(decodeFragment(padded)).toEqual(refused('fragment_padding'));
  });

  it('is read or refused, whatever the bytes', () => {
    let read = 0;
    fc.assert(
      fc.property(bytes(24), (head) => {
        const any = new Uint8Array(FRAGMENT_SIZE);
        any.set(head);
        if (decodeFragment(any).ok) read += 1;
      }),
      { numRuns: 500 },
    );
    expect(read).toBeLessThan(500);
  });
});

describe('the seal', () => {
  const random = seededRandom('seal');
  const mailbox = agreementKey(random);
  const other = agreementKey(random);
  const plain = drawBytes(random, FRAGMENT_SIZE);
  const content = sealContent(nobleEngine, random, mailbox.publicKey, plain);
  if (content === null) throw new Error('an honest key seals');

  it('opens for the mailbox and for nobody else', () => {
    expect(content).toHaveLength(CONTENT_SIZE);
    expect(openContent(nobleEngine, mailbox, content)).toEqual(plain);
    expect(openContent(nobleEngine, other, content)).toBeNull();
    const mixed = { publicKey: other.publicKey, secretKey: mailbox.secretKey };
    expect(openContent(nobleEngine, mixed, content)).toBeNull();
  });

  it('is another one every time: two seals of one fragment share no 16 bytes', () => {
    const again = sealContent(nobleEngine, random, mailbox.publicKey, plain);
    expect(sharedRuns(content, again ?? content)).toBe(0);
    expect(sharedRuns(content, content)).toBeGreaterThan(1_000);
  });

  it('does not open with any byte altered, cut or added', () => {
    for (const at of [0, 31, 32, 800, CONTENT_SIZE - 1]) {
      const altered = content.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(openContent(nobleEngine, mailbox, altered)).toBeNull();
    }
    expect(openContent(nobleEngine, mailbox, content.subarray(1))).toBeNull();
    expect(openContent(nobleEngine, mailbox, new Uint8Array(CONTENT_SIZE + 1))).toBeNull();
  });

  it('refuses keys that agree with nobody', () => {
    expect(sealContent(nobleEngine, random, new Uint8Array(32), plain)).toBeNull();
    expect(openContent(nobleEngine, mailbox, new Uint8Array(CONTENT_SIZE))).toBeNull();
  });
});

/** Places of `a` whose next 16 bytes stand anywhere in `b`. */
function sharedRuns(a: Uint8Array, b: Uint8Array): number {
  const runs = new Set<string>();
  for (let at = 0; at + 16 <= b.length; at++) runs.add(b.subarray(at, at + 16).join());
  let shared = 0;
  for (let at = 0; at + 16 <= a.length; at++) {
    if (runs.has(a.subarray(at, at + 16).join())) shared += 1;
  }
  return shared;
}
