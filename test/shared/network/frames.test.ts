// Every frame both ways, at its limits, and what becomes of bytes that are none.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DESCRIPTOR_SIZE_MAX,
  DOCUMENT_PART_SIZE,
  FRAME_SIZE_MAX,
  type FrameKind,
  frameKindBytes,
  frameSize,
  frameSizeOfByte,
} from '../../../shared/network/frame-sizes.ts';
import {
  decodeFrame,
  documentPart,
  documentPartCount,
  encodeFrame,
  type Frame,
  noDocument,
} from '../../../shared/network/frames.ts';
import {
  pullProofMessage,
  registrationProofMessage,
  type WireTokenCommand,
} from '../../../shared/network/mailbox-frames.ts';

const K = 3;
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const u32 = fc.nat(0xffffffff);
const u53 = fc.maxSafeNat();
const numbered = { number: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), token: bytes(16) };
const commands: fc.Arbitrary<WireTokenCommand | null> = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constant('remove' as const), ...numbered }),
  fc.record({
    kind: fc.constant('put' as const),
    ...numbered,
    tokenKind: fc.constantFrom('contacts' as const, 'address' as const, 'invite' as const),
    quota: fc.option(fc.integer({ min: 1, max: 0xffffffff })),
    expiresUnixMs: fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
  }),
);
const sequenced = <T extends { sequence: number }>(one: fc.Arbitrary<T>, maxLength: number) =>
  fc
    .uniqueArray(one, { maxLength, selector: (item) => item.sequence })
    .map((items) => items.toSorted((a, b) => a.sequence - b.sequence));
const sequence = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

const frames: { readonly [Kind in FrameKind]: fc.Arbitrary<Extract<Frame, { kind: Kind }>> } = {
  hello: fc.record({
    kind: fc.constant('hello'),
    protocolVersion: fc.nat(0xffff),
    networkHash: bytes(8),
    epoch: u32,
    documentHash: bytes(32),
    challenge: bytes(32),
    unixMs: u53,
  }),
  sphinx: fc.record({
    kind: fc.constant('sphinx'),
    parity: fc.constantFrom(0 as const, 1 as const),
    packet: bytes(2_413),
  }),
  'pull-request': fc.record({
    kind: fc.constant('pull-request'),
    mailbox: bytes(16),
    proof: bytes(64),
    instance: bytes(8),
    serial: u32,
    mailSequence: u53,
    acknowledgementSequence: u53,
    command: commands,
  }),
  'pull-answer': fc.record({
    kind: fc.constant('pull-answer'),
    serial: u32,
    isOtherCopySeen: fc.boolean(),
    isTokenRefused: fc.boolean(),
    tokenCommandNumber: u53,
    mailBacklog: u32,
    acknowledgementBacklog: u32,
    mails: sequenced(fc.record({ sequence, arrivedUnixMs: u53, content: bytes(1_627) }), K),
    acknowledgements: sequenced(
      fc.record({ sequence, identifier: bytes(16), arrivedUnixMs: u53 }),
      16,
    ),
  }),
  'registration-request': fc.record({
    kind: fc.constant('registration-request'),
    authKey: bytes(32),
    proof: bytes(64),
    invite: fc.option(bytes(32).filter((invite) => invite.some((byte) => byte !== 0))),
  }),
  'registration-answer': fc.record({
    kind: fc.constant('registration-answer'),
    result: fc.constantFrom(
      'registered',
      'known',
      'wrong_proof',
      'invite_needed',
      'invite_unknown',
      'invite_used',
      'provider_full',
      'too_many_requests',
    ),
    mailbox: bytes(16),
    retentionMs: u53,
    mailsMax: u32,
  }),
  'document-request': fc.record({
    kind: fc.constant('document-request'),
    epoch: u32,
    part: fc.nat(0xffff),
  }),
  'document-answer': fc
    .record({
      kind: fc.constant('document-answer' as const),
      epoch: u32,
      hash: bytes(32),
      documentSize: fc.integer({ min: 1, max: 3 * DOCUMENT_PART_SIZE }),
      fill: fc.nat(255),
    })
    .chain(({ fill, ...answer }) =>
      fc.nat(documentPartCount(answer.documentSize) - 1).map((part) => ({
        ...answer,
        part,
        bytes: new Uint8Array(
          Math.min(DOCUMENT_PART_SIZE, answer.documentSize - part * DOCUMENT_PART_SIZE),
        ).fill(fill),
      })),
    ),
  descriptor: fc.record({
    kind: fc.constant('descriptor'),
    descriptor: fc.uint8Array({ maxLength: DESCRIPTOR_SIZE_MAX }),
  }),
  'descriptor-answer': fc.record({
    kind: fc.constant('descriptor-answer'),
    result: fc.constantFrom('accepted', 'malformed', 'bad_signature', 'not_allowed', 'stale'),
  }),
};
// Object.keys loses the type; the record has every kind and nothing else.
const kinds = Object.keys(frames) as FrameKind[];

describe.each(kinds)('a frame of kind %s', (kind) => {
  it('comes back whole and has the size of its kind, whatever it carries', () => {
    fc.assert(
      fc.property(frames[kind] as fc.Arbitrary<Frame>, (frame) => {
        const encoded = encodeFrame(frame, K);
        expect(encoded).toHaveLength(frameSize(kind, K));
        expect(decodeFrame(encoded, K)).toEqual({ ok: true, frame });
      }),
      { numRuns: 40 },
    );
  });

  it('is refused by name with another version or length', () => {
    const [frame] = fc.sample(frames[kind] as fc.Arbitrary<Frame>, { numRuns: 1, seed: 1 });
    if (frame === undefined) throw new Error('a sample has one frame');
    const encoded = encodeFrame(frame, K);
    const newer = encoded.slice();
    newer[1] = 2;
    expect(decodeFrame(newer, K)).toEqual({ ok: false, reason: 'frame_version' });
    const size = { ok: false, reason: 'frame_size' };
    expect(decodeFrame(encoded.subarray(0, -1), K)).toEqual(size);
    expect(decodeFrame(new Uint8Array([...encoded, 0]), K)).toEqual(size);
  });

  it('mutated is read or refused, and what is read encodes to the same bytes', () => {
    const [frame] = fc.sample(frames[kind] as fc.Arbitrary<Frame>, { numRuns: 1, seed: 2 });
    if (frame === undefined) throw new Error('a sample has one frame');
    const encoded = encodeFrame(frame, K);
    const mutation = fc.tuple(fc.nat(encoded.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const mutated = encoded.slice();
        for (const [at, value] of mutations) mutated[at] = value;
        const decoded = decodeFrame(mutated, K);
        // Gaps of a pull answer may carry anything: they are not read.
        if (decoded.ok && kind !== 'pull-answer') {
          expect(encodeFrame(decoded.frame, K)).toEqual(mutated);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('the table of sizes', () => {
  it('says what travels', () => {
    const sizes = Object.fromEntries(kinds.map((kind) => [kind, frameSize(kind, K)]));
    expect(sizes).toEqual({
      hello: 88,
      sphinx: 2_416,
      'pull-request': 148,
      'pull-answer': 23 + 3 * 1_643 + 16 * 32,
      'registration-request': 130,
      'registration-answer': 31,
      'document-request': 8,
      'document-answer': 2_416,
      descriptor: 804,
      'descriptor-answer': 3,
    });
  });

  it('has a size for each kind byte and null for every other', () => {
    const known = Object.values(frameKindBytes);
    for (let byte = 0; byte < 256; byte++) {
      expect(frameSizeOfByte(byte, K) !== null).toBe(known.includes(byte));
    }
    expect(frameSizeOfByte(frameKindBytes['pull-answer'], 8)).toBe(FRAME_SIZE_MAX);
    expect(() => frameSize('pull-answer', 9)).toThrow('k is 1 to 8');
    expect(() => frameSize('pull-answer', 0)).toThrow('k is 1 to 8');
  });
});

describe('fields out of range', () => {
  const refused = { ok: false, reason: 'frame_field' };
  const altered = (frame: Frame, change: (view: DataView) => void) => {
    const encoded = encodeFrame(frame, K);
    change(new DataView(encoded.buffer));
    return decodeFrame(encoded, K);
  };
  const sample = <Kind extends FrameKind>(kind: Kind): Frame => {
    const [frame] = fc.sample(frames[kind] as fc.Arbitrary<Frame>, { numRuns: 1, seed: 3 });
    if (frame === undefined) throw new Error('a sample has one frame');
    return frame;
  };

  it('are refused', () => {
    expect(decodeFrame(new Uint8Array(0), K)).toEqual({ ok: false, reason: 'frame_kind' });
    expect(decodeFrame(Uint8Array.of(99, 1), K)).toEqual({ ok: false, reason: 'frame_kind' });
    expect(altered(sample('sphinx'), (view) => view.setUint8(2, 2))).toEqual(refused);
    expect(altered(sample('hello'), (view) => view.setUint32(80, 0x00200000))).toEqual(refused);
    expect(altered(sample('descriptor-answer'), (view) => view.setUint8(2, 5))).toEqual(refused);
    expect(altered(sample('registration-answer'), (view) => view.setUint8(2, 8))).toEqual(refused);
    expect(altered(sample('descriptor'), (view) => view.setUint16(2, 801))).toEqual(refused);
    expect(altered(sample('document-answer'), (view) => view.setUint16(42, 0xffff))).toEqual(
      refused,
    );
  });

  it('mails whose sequences do not ascend are refused', () => {
    const mail = (number: number) => ({
      sequence: number,
      arrivedUnixMs: 1,
      content: new Uint8Array(1_627),
    });
    const answer = (numbers: number[]): Frame => ({
      kind: 'pull-answer',
      serial: 1,
      isOtherCopySeen: false,
      isTokenRefused: false,
      tokenCommandNumber: 0,
      mailBacklog: 2,
      acknowledgementBacklog: 0,
      mails: numbers.map(mail),
      acknowledgements: [],
    });
    expect(decodeFrame(encodeFrame(answer([1, 2]), K), K).ok).toBe(true);
    expect(decodeFrame(encodeFrame(answer([2, 2]), K), K)).toEqual(refused);
    expect(() => encodeFrame(answer([1, 2, 3, 4]), K)).toThrow('k mails');
  });
});

it('random bytes are refused or read, never thrown at', () => {
  const counts = new Map<string, number>();
  fc.assert(
    fc.property(fc.nat(12), fc.integer({ min: 0, max: 2 }), bytes(2_500), (kind, version, any) => {
      any.set([kind, version]);
      const size = frameSizeOfByte(kind, 1) ?? 10;
      const decoded = decodeFrame(any.subarray(0, size), 1);
      const key = decoded.ok ? 'read' : decoded.reason;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }),
    { numRuns: 2_000 },
  );
  expect([...counts.keys()].toSorted()).toEqual([
    'frame_field',
    'frame_kind',
    'frame_version',
    'read',
  ]);
});

it('a document is cut into parts that make it whole again, and no further ones', () => {
  const document = {
    epoch: 7,
    hash: new Uint8Array(32).fill(1),
    bytes: new Uint8Array(DOCUMENT_PART_SIZE * 2 + 5).map((_, index) => index),
  };
  const parts = [0, 1, 2].map((part) => documentPart(document, part)?.bytes ?? new Uint8Array(0));
  expect(parts.map((part) => part.length)).toEqual([DOCUMENT_PART_SIZE, DOCUMENT_PART_SIZE, 5]);
  expect(new Uint8Array(parts.flatMap((part) => [...part]))).toEqual(document.bytes);
  expect(documentPart(document, 3)).toBeNull();
  const none = noDocument({ kind: 'document-request', epoch: 7, part: 3 });
  expect(decodeFrame(encodeFrame(none, K), K)).toEqual({ ok: true, frame: none });
});

it('proofs name network, provider, challenge and what is asked for', () => {
  const context = {
    networkHash: new Uint8Array(8).fill(1),
    providerKey: new Uint8Array(32).fill(2),
    challenge: new Uint8Array(32).fill(3),
  };
  const other = { ...context, challenge: new Uint8Array(32).fill(4) };
  const mailbox = new Uint8Array(16);
  const key = new Uint8Array(32);
  const messages = [
    pullProofMessage(context, mailbox),
    pullProofMessage(other, mailbox),
    pullProofMessage(context, new Uint8Array(16).fill(1)),
    registrationProofMessage(context, key, null),
    registrationProofMessage(context, key, new Uint8Array(32).fill(9)),
    registrationProofMessage(other, key, null),
  ].map((message) => message.join());
  expect(new Set(messages).size).toBe(messages.length);
});
