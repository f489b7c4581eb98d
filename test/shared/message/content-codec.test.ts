// Contents: every kind comes back from its bytes, fills whole packets, keeps its limits, and no
// bytes make the parser throw.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import {
  areRanges,
  type ContentBody,
  type ContentHeader,
  EXPIRY_SECONDS_MAX,
  isMessageText,
  isReaction,
  isSequenced,
  REACTION_SIZE_MAX,
  RECEIPT_UIDS_MAX,
  RESEND_MESSAGES_MAX,
  RESEND_RANGES_MAX,
  TEXT_SIZE_MAX,
} from '../../../shared/message/content.ts';
import {
  contentHash,
  decodeContent,
  encodeContent,
  ONE_PACKET_BODY_SIZE,
  packetCount,
} from '../../../shared/message/content-codec.ts';
import { drawBelow, drawBytes } from '../../../shared/random.ts';
import { createPerson } from '../../support/people.ts';
import { checkProperty } from '../../support/property.ts';
import { seededRandom } from '../../support/random.ts';

const bytesOf = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
const { address } = createPerson(nobleEngine, 'bob');
const ranges = fc.constant([
  { first: 1, last: 1 },
  { first: 3, last: 90 },
]);
const streams = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

const bodies: fc.Arbitrary<ContentBody> = fc.oneof(
  texts.map((text) => ({ kind: 'text' as const, text })),
  fc.record({
    kind: fc.constantFrom('reply' as const, 'edit' as const),
    target: bytesOf(16),
    text: texts,
  }),
  fc.record({
    kind: fc.constant('reaction' as const),
    target: bytesOf(16),
    reaction: fc.constantFrom('', '👍', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'),
  }),
  fc.record({ kind: fc.constant('delete' as const), target: bytesOf(16) }),
  fc.record({
    kind: fc.constant('receipt' as const),
    level: fc.constantFrom('delivered' as const, 'read' as const),
    uids: fc.array(bytesOf(16), { minLength: 1, maxLength: RECEIPT_UIDS_MAX }),
  }),
  fc.record({ kind: fc.constant('timer' as const), seconds: fc.nat({ max: EXPIRY_SECONDS_MAX }) }),
  fc.record({
    kind: fc.constant('session_note' as const),
    reason: fc.constantFrom('asked' as const, 'broken' as const, 'restored' as const),
    previousGeneration: fc.nat(),
  }),
  fc.constantFrom('Ada', 'Ünal').map((name) => ({ kind: 'profile' as const, name })),
  fc.record({
    kind: fc.constantFrom('resend' as const, 'unavailable' as const),
    stream: streams,
    ranges,
  }),
  fc.constant({ kind: 'address' as const, address }),
  fc.record({ kind: fc.constant('address_confirmed' as const), token: bytesOf(16) }),
);

const uncounted: ContentHeader = {
  uid: new Uint8Array(16).fill(7),
  stream: 0,
  sequence: 0,
  previousHash: new Uint8Array(16),
  sentUnixMs: 1_795_400_000_000,
  expirySeconds: 0,
};
const counted: ContentHeader = {
  ...uncounted,
  stream: 5,
  sequence: 2,
  previousHash: new Uint8Array(16).fill(9),
};
const headerFor = (body: ContentBody) => (isSequenced(body.kind) ? counted : uncounted);
const text = (of: string) => encodeContent(counted, { kind: 'text', text: of });
const hello = text('hello');
const reasonOf = (bytes: Uint8Array) => {
  const decoded = decodeContent(bytes);
  return decoded.ok ? 'ok' : decoded.reason;
};
/** The bytes of a content with another kind and body, padded as they should be. */
function crafted(code: number, body: Uint8Array, header: ContentHeader = counted): Uint8Array {
  const size = packetCount(body.length) * 1_555 - 85;
  const bytes = new Uint8Array(size);
  bytes.set(
    encodeContent(
      header,
      header.sequence > 0
        ? { kind: 'text', text: 'x' }
        : { kind: 'address_confirmed', token: new Uint8Array(16) },
    ).subarray(0, 62),
  );
  bytes[1] = code;
  new DataView(bytes.buffer).setUint32(58, body.length);
  bytes.set(body, 62);
  return bytes;
}

const many = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

describe('a content', () => {
  it('comes back from its bytes, whatever kind it is', () => {
    const kinds = new Set<string>();
    checkProperty(bodies, 150, (body) => {
      kinds.add(body.kind);
      const header = headerFor(body);
      const bytes = encodeContent(header, body);
      expect(decodeContent(bytes)).toEqual({ ok: true, content: { header, body } });
    });
    expect(kinds.size).toBe(13);
  });

  it('fills whole packets once it is sealed, and one byte more takes one packet more', () => {
    expect(hello).toHaveLength(1_555 - 85);
    expect(text('a'.repeat(ONE_PACKET_BODY_SIZE))).toHaveLength(1_555 - 85);
    expect(text('a'.repeat(ONE_PACKET_BODY_SIZE + 1))).toHaveLength(2 * 1_555 - 85);
    expect(text('a'.repeat(TEXT_SIZE_MAX))).toHaveLength(11 * 1_555 - 85);
    expect([0, 1_408, 1_409, 2_963, 2_964].map(packetCount)).toEqual([1, 1, 2, 2, 3]);
  });

  it('of a kind or version that is not known is kept', () => {
    const bytes = crafted(200, Uint8Array.of(1, 2, 3));
    expect(decodeContent(bytes)).toEqual({
      ok: true,
      content: {
        header: counted,
        body: { kind: 'unknown', code: 200, bytes: Uint8Array.of(1, 2, 3) },
      },
    });
    expect(reasonOf(crafted(200, new Uint8Array(0), uncounted))).toBe('ok');
    expect(reasonOf(hello.with(0, 2))).toBe('newer_version');
  });

  it('has a hash that every byte of it changes', () => {
    const hash = contentHash(nobleEngine, hello);
    expect(hash).toHaveLength(16);
    expect(contentHash(nobleEngine, hello.with(1_469, 1))).not.toEqual(hash);
  });
});

describe('a content is malformed', () => {
  it('with another length, other padding, version or kind nought', () => {
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array(61),
      hello.subarray(0, -1),
      concatBytes(hello, Uint8Array.of(0)),
      concatBytes(hello, new Uint8Array(1_555)),
      hello.with(1_469, 1),
      hello.with(67, 1),
      hello.with(0, 0),
      hello.with(1, 0),
      hello.with(58, 0xff),
    ]) {
      expect(reasonOf(bytes)).toBe('malformed');
    }
  });

  it('where the count does not fit the kind', () => {
    const token = new Uint8Array(16);
    expect(reasonOf(crafted(1, Uint8Array.of(65), uncounted))).toBe('malformed');
    expect(reasonOf(crafted(13, token, counted))).toBe('malformed');
    expect(reasonOf(crafted(13, token, uncounted))).toBe('ok');
    // A first message follows none; a count belongs to a stream.
    const first = encodeContent(
      { ...counted, sequence: 1, previousHash: token },
      { kind: 'text', text: 'x' },
    );
    expect(reasonOf(first)).toBe('ok');
    expect(reasonOf(first.with(30, 1))).toBe('malformed');
    expect(reasonOf(hello.slice().fill(0, 18, 26))).toBe('malformed');
    expect(reasonOf(hello.with(18, 0xff))).toBe('malformed');
    // Sent in the year 300,000, and a timer beyond four weeks.
    expect(reasonOf(hello.with(46, 0xff))).toBe('malformed');
    expect(reasonOf(hello.with(54, 1))).toBe('malformed');
  });

  it.each([
    ['a text of nothing', 1, []],
    ['a text that is not UTF-8', 1, [0xff]],
    ['a text with an overlong zero', 1, [0xc0, 0x80]],
    ['a text with half a surrogate pair', 1, [0xed, 0xa0, 0x80]],
    ['a reply without a text', 2, many(16, 1)],
    ['a reply without a target', 2, [65]],
    ['a reaction with a control', 3, [...many(16, 1), 10]],
    ['a reaction as long as a text', 3, many(16 + REACTION_SIZE_MAX + 1, 65)],
    ['a deletion of half a target', 5, many(15, 1)],
    ['a timer of three bytes', 7, [0, 0, 1]],
    ['a timer of nine weeks', 7, [0, 0x53, 0, 0]],
    ['a note without a reason', 8, [0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a note with a fourth reason', 8, [4, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a name with a line break', 9, [65, 10, 65]],
    ['an address of zeros', 12, many(104, 0)],
    ['an address that is cut', 12, many(103, 1)],
  ])('with %s', (_, code, body) => {
    expect(reasonOf(crafted(code, Uint8Array.from(body)))).toBe('malformed');
  });

  it.each([
    ['a receipt of a third level', 6, [3, 1, ...many(16, 1)]],
    ['a receipt for nothing', 6, [1, 0]],
    ['a receipt for fewer than it says', 6, [1, 2, ...many(16, 1)]],
    ['a receipt for 88', 6, [1, 88, ...many(16 * 88, 1)]],
    ['a request for no range', 10, many(8, 0)],
    ['a request for half a range', 10, many(12, 0)],
    ['a request for message nought', 10, many(16, 0)],
    ['a token of 15 bytes', 13, many(15, 1)],
  ])('with %s, uncounted', (_, code, body) => {
    expect(reasonOf(crafted(code, Uint8Array.from(body), uncounted))).toBe('malformed');
  });

  it('never by an exception: altered ones are read or refused, and have one form', () => {
    const random = seededRandom('content');
    const pool = fc.sample(bodies, { seed: 1, numRuns: 40 });
    for (let run = 0; run < 1_000; run++) {
      const body = pool[run % pool.length];
      if (body === undefined) continue;
      const bytes =
        run % 10 === 0
          ? drawBytes(random, drawBelow(random, 1_600))
          : encodeContent(headerFor(body), body);
      for (let change = 0; change < run % 3; change++) {
        const within = drawBelow(random, 2) === 0 ? Math.min(120, bytes.length) : bytes.length;
        if (within > 0) bytes[drawBelow(random, within)] = drawBelow(random, 256);
      }
      const decoded = decodeContent(bytes);
      if (!decoded.ok || decoded.content.body.kind === 'unknown') continue;
      expect(encodeContent(decoded.content.header, decoded.content.body)).toEqual(bytes);
    }
  });
});

describe('limits', () => {
  it('of a text: 16,384 bytes of UTF-8, at least one, no half of a pair', () => {
    expect(isMessageText('a'.repeat(TEXT_SIZE_MAX))).toBe(true);
    expect(isMessageText('a'.repeat(TEXT_SIZE_MAX + 1))).toBe(false);
    expect(isMessageText('ü'.repeat(TEXT_SIZE_MAX / 2))).toBe(true);
    expect(isMessageText(`${'ü'.repeat(TEXT_SIZE_MAX / 2)}a`)).toBe(false);
    expect(isMessageText('')).toBe(false);
    expect(isMessageText('a\ud800')).toBe(false);
    expect(reasonOf(crafted(1, new Uint8Array(TEXT_SIZE_MAX).fill(65)))).toBe('ok');
    expect(reasonOf(crafted(1, new Uint8Array(TEXT_SIZE_MAX + 1).fill(65)))).toBe('malformed');
  });

  it('of a reaction: 64 bytes', () => {
    expect(isReaction('')).toBe(true);
    expect(isReaction('a'.repeat(REACTION_SIZE_MAX))).toBe(true);
    expect(isReaction('a'.repeat(REACTION_SIZE_MAX + 1))).toBe(false);
    expect(isReaction('ü'.repeat(REACTION_SIZE_MAX / 2 + 1))).toBe(false);
    expect(isReaction('\ud800')).toBe(false);
  });

  it('of a receipt: 87 messages', () => {
    const uids = Array.from({ length: RECEIPT_UIDS_MAX }, () => new Uint8Array(16));
    const receipt = { kind: 'receipt', level: 'read', uids } as const;
    expect(encodeContent(uncounted, receipt)).toHaveLength(1_470);
    const more = { ...receipt, uids: [...uids, new Uint8Array(16)] };
    expect(() => encodeContent(uncounted, more)).toThrow('1 to 87');
  });

  it('of ranges: 32 of them, apart and ascending, 2,000 messages', () => {
    const apart = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ first: 2 * index + 1, last: 2 * index + 1 }));
    expect(areRanges(apart(RESEND_RANGES_MAX))).toBe(true);
    expect(areRanges(apart(RESEND_RANGES_MAX + 1))).toBe(false);
    expect(areRanges([])).toBe(false);
    expect(areRanges([{ first: 1, last: RESEND_MESSAGES_MAX }])).toBe(true);
    expect(areRanges([{ first: 1, last: RESEND_MESSAGES_MAX + 1 }])).toBe(false);
    expect(areRanges([{ first: 2, last: 1 }])).toBe(false);
    const touching = [
      { first: 1, last: 2 },
      { first: 3, last: 4 },
    ];
    expect(areRanges(touching)).toBe(false);
  });

  it('of a timer: four weeks', () => {
    const body = { kind: 'text', text: 'x' } as const;
    const at = (expirySeconds: number) => encodeContent({ ...counted, expirySeconds }, body);
    expect(reasonOf(at(EXPIRY_SECONDS_MAX))).toBe('ok');
    expect(() => at(EXPIRY_SECONDS_MAX + 1)).toThrow('limits');
  });
});
