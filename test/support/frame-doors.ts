// Doors (doors.ts) for what links carry: frames of every kind, frames cut out of a stream, what a
// packet has inside, reply blocks, epochs by their parity; and for what connections begin with:
// SOCKS, and the certificate that vouches for an authority's link key.
import { X509Certificate } from 'node:crypto';
import { certificateKeyHash, createLinkKey, isVouchedFor } from '../../main/net/certificate.ts';
import { FrameReader } from '../../main/net/frame-reader.ts';
import { type SocksProxy, socksSteps } from '../../main/net/socks.ts';
import { equalBytes } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { epochAt, epochOfParity, epochTimes, parityOf } from '../../shared/network/epoch.ts';
import { decodeFragment, encodeFragment } from '../../shared/network/fragment.ts';
import {
  DOCUMENT_PART_SIZE,
  FRAME_SIZE_MAX,
  type FrameKind,
  frameSizeOfByte,
} from '../../shared/network/frame-sizes.ts';
import { decodeFrame, encodeFrame, type Frame } from '../../shared/network/frames.ts';
import {
  decodePayload,
  encodePayload,
  FORWARD_DESTINATION,
  mailboxDestination,
  readDestination,
} from '../../shared/network/payload.ts';
import { openContent, sealContent } from '../../shared/network/seal.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import { drawBytes } from '../../shared/random.ts';
import { PAYLOAD_SIZE, PAYLOAD_SIZE_MIN, PLAINTEXT_SIZE } from '../../shared/sphinx/geometry.ts';
import { padPayload, unpadPayload } from '../../shared/sphinx/payload.ts';
import { createSurbs, parseSurb, serializeSurb } from '../../shared/sphinx/surb.ts';
import { type Door, door, taken } from './doors.ts';
import { agreementKey, signingKey } from './network.ts';
import { seededRandom } from './random.ts';
import { drawPath } from './sphinx.ts';

/** The system's parser takes a millisecond for each. */
const CERTIFICATES_MAX = 100_000;

/** Mails of a pull answer: the k of the sets for one computer. */
const MAIL_COUNT = trafficSets.test.pullMailCount;

export function frameDoors(engine: CryptoEngine): readonly Door[] {
  return [
    ...Object.values(sampleFrames()).map(frameDoor),
    streamDoor(),
    ...insideDoors(engine),
    ...addressDoors(engine),
    socksDoor('SOCKS answers', { host: '127.0.0.1', port: 1_080 }),
    socksDoor('SOCKS answers, with a password', {
      host: '127.0.0.1',
      port: 1_080,
      username: 'u',
      password: 'p',
    }),
    certificateDoor(engine),
  ];
}

/** Two or more frames of each kind. */
function sampleFrames(): Readonly<Record<FrameKind, readonly [Frame, Frame, ...Frame[]]>> {
  const random = seededRandom('frames');
  const bytes = (size: number) => drawBytes(random, size);
  const hello = {
    kind: 'hello',
    protocolVersion: 1,
    networkHash: bytes(8),
    epoch: 3,
    documentHash: bytes(32),
    challenge: bytes(32),
    unixMs: 1_700_000_000_000,
  } as const;
  const ends = { authKey: bytes(32), proof: bytes(64) };
  const part = { kind: 'document-answer', epoch: 7, hash: bytes(32), documentSize: 3_000 } as const;
  const answer = { kind: 'registration-answer', mailbox: bytes(16), mailsMax: 9 } as const;
  return {
    hello: [hello, { ...hello, epoch: 0, documentHash: new Uint8Array(32) }],
    sphinx: [
      { kind: 'sphinx', parity: 0, packet: bytes(2_413) },
      { kind: 'sphinx', parity: 1, packet: bytes(2_413) },
    ],
    'pull-request': samplePullRequests(bytes),
    'pull-answer': samplePullAnswers(bytes),
    'registration-request': [
      { kind: 'registration-request', ...ends, invite: null },
      { kind: 'registration-request', ...ends, invite: bytes(32) },
    ],
    'registration-answer': [
      { ...answer, result: 'registered', retentionMs: 2_592_000_000 },
      { ...answer, result: 'too_many_requests', mailbox: new Uint8Array(16), retentionMs: 0 },
    ],
    'document-request': [
      { kind: 'document-request', epoch: 0xffffffff, part: 0 },
      { kind: 'document-request', epoch: 7, part: 1 },
    ],
    'document-answer': [
      { ...part, part: 0, bytes: bytes(DOCUMENT_PART_SIZE) },
      { ...part, part: 1, bytes: bytes(3_000 - DOCUMENT_PART_SIZE) },
      { ...part, documentSize: 0, part: 0, bytes: new Uint8Array(0) },
    ],
    descriptor: [
      { kind: 'descriptor', descriptor: bytes(300) },
      { kind: 'descriptor', descriptor: bytes(800) },
    ],
    'descriptor-answer': [
      { kind: 'descriptor-answer', result: 'accepted' },
      { kind: 'descriptor-answer', result: 'stale' },
    ],
  };
}

type Draw = (size: number) => Uint8Array;

/** One for each kind of token command, and one without. */
function samplePullRequests(bytes: Draw): [Frame, Frame, ...Frame[]] {
  const request = {
    kind: 'pull-request',
    mailbox: bytes(16),
    proof: bytes(64),
    instance: bytes(8),
    serial: 12,
    mailSequence: 4_000,
    acknowledgementSequence: 2 ** 53 - 1,
  } as const;
  const numbered = { number: 3, token: bytes(16) };
  const put = { kind: 'put', tokenKind: 'invite', ...numbered } as const;
  return [
    { ...request, command: null },
    { ...request, command: { kind: 'remove', ...numbered } },
    { ...request, command: { ...put, quota: 5, expiresUnixMs: 1_700_000_000_000 } },
    {
      ...request,
      command: { ...put, tokenKind: 'contacts', quota: null, expiresUnixMs: null },
    },
  ];
}

/** A full one and one with gaps. */
function samplePullAnswers(bytes: Draw): [Frame, Frame, ...Frame[]] {
  const answer = {
    kind: 'pull-answer',
    serial: 12,
    isOtherCopySeen: true,
    isTokenRefused: false,
    tokenCommandNumber: 2,
    mailBacklog: 9,
    acknowledgementBacklog: 0,
  } as const;
  const mails = Array.from({ length: MAIL_COUNT }, (_, index) => ({
    sequence: 5 + index,
    arrivedUnixMs: 1_700_000_000_000,
    content: bytes(1_627),
  }));
  const acknowledgements = Array.from({ length: 16 }, (_, index) => ({
    sequence: 70 + 3 * index,
    identifier: bytes(16),
    arrivedUnixMs: 1_700_000_000_000,
  }));
  return [
    { ...answer, mails, acknowledgements },
    { ...answer, mails: mails.slice(0, 1), acknowledgements: acknowledgements.slice(0, 2) },
  ];
}

function frameDoor(frames: readonly [Frame, ...Frame[]]): Door {
  const { kind } = frames[0];
  const valid = frames.map((frame) => encodeFrame(frame, MAIL_COUNT));
  return door(`frame, ${kind}`, valid, (input) => {
    const decoded = decodeFrame(input, MAIL_COUNT);
    if (!decoded.ok) return null;
    const encoded = encodeFrame(decoded.frame, MAIL_COUNT);
    if (decoded.frame.kind !== 'pull-answer') return encoded;
    // What stands in a gap is not read: the answer without it has one form.
    const again = decodeFrame(encoded, MAIL_COUNT);
    return taken(
      input,
      again.ok &&
        equalBytes(encodeFrame(again.frame, MAIL_COUNT), encoded) &&
        isKept(decoded.frame),
    );
  });
}

function isKept({ mails, acknowledgements }: Extract<Frame, { kind: 'pull-answer' }>): boolean {
  return mails.length <= MAIL_COUNT && acknowledgements.length <= 16;
}

type Cut = { readonly frames: Uint8Array[]; readonly isSound: boolean; readonly buffered: number };

/** The stream in chunks of such sizes, again and again. */
function cutFrames(stream: Uint8Array, sizes: readonly number[]): Cut {
  const reader = new FrameReader((kind) => frameSizeOfByte(kind, MAIL_COUNT));
  const frames: Uint8Array[] = [];
  let isSound = true;
  let buffered = 0;
  for (let at = 0, turn = 0; at < stream.length && isSound; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    isSound = reader.push(stream.subarray(at, at + size), (frame) => frames.push(frame) > 0);
    buffered = Math.max(buffered, reader.buffered);
    at += size;
  }
  return { frames, isSound, buffered };
}

function streamDoor(): Door {
  const frames = Object.values(sampleFrames()).map((all) => encodeFrame(all[0], MAIL_COUNT));
  const small = frames.filter(({ length }) => length < 200);
  const valid = [small, small.toReversed(), frames.filter(({ length }) => length < 900)];
  const streams = valid.map((some) => new Uint8Array(Buffer.concat(some)));
  return door('frames of a stream', streams, (input) => {
    const whole = cutFrames(input, [Math.max(1, input.length)]);
    // Cut where the bytes say, so that every cut comes.
    const sizes = Array.from(input.subarray(0, 7), (byte) => 1 + (byte % 97));
    const cut = cutFrames(input, sizes.length === 0 ? [1] : sizes);
    const all = Buffer.concat(whole.frames);
    const isSame =
      whole.isSound === cut.isSound &&
      whole.frames.length === cut.frames.length &&
      Buffer.concat(cut.frames).equals(all) &&
      all.equals(input.subarray(0, all.length)) &&
      Math.max(whole.buffered, cut.buffered) <= FRAME_SIZE_MAX;
    for (const frame of whole.frames) decodeFrame(frame, MAIL_COUNT);
    return isSame && whole.frames.length === 0 ? null : taken(input, isSame);
  });
}

/** What a packet's last hop and its recipient read. */
function insideDoors(engine: CryptoEngine): Door[] {
  const random = seededRandom('inside');
  const bytes = (size: number) => drawBytes(random, size);
  const payload = {
    mailbox: bytes(16),
    token: bytes(16),
    acknowledgement: { delayNs: 5_000n, firstHop: bytes(32), header: bytes(348) },
    content: bytes(1_627),
  };
  const plaintexts = (['mail', 'drop'] as const).map((kind) => encodePayload({ kind, ...payload }));
  const piece = { messageId: bytes(10), contactTag: bytes(8) };
  const fragments = [
    encodeFragment({ ...piece, index: 0, count: 1, ciphertext: bytes(1_410) }),
    encodeFragment({ ...piece, index: 1, count: 2, ciphertext: bytes(1) }),
    encodeFragment({ ...piece, index: 0, count: 2_740, ciphertext: bytes(1_555) }),
  ];
  const mailbox = agreementKey(random, engine);
  const contents = fragments.map(
    (fragment) => sealContent(engine, random, mailbox.publicKey, fragment) ?? new Uint8Array(0),
  );
  return [
    door('payload', plaintexts, (input) => {
      const decoded = decodePayload(input);
      return decoded.ok ? encodePayload(decoded.payload) : null;
    }),
    door(
      'padded payload',
      [bytes(PLAINTEXT_SIZE), bytes(40), bytes(0)].map((one) => padPayload(one, PAYLOAD_SIZE)),
      (input) => {
        const plaintext = unpadPayload(input);
        if (plaintext === null) return null;
        // Shorter than any packet's, but the crate reads it.
        if (input.length < PAYLOAD_SIZE_MIN)
          return taken(input, plaintext.length + 17 <= input.length);
        return padPayload(plaintext, input.length);
      },
    ),
    door('fragment', fragments, (input) => {
      const decoded = decodeFragment(input);
      return decoded.ok ? encodeFragment(decoded.fragment) : null;
    }),
    door('sealed content', contents, (input) => {
      const fragment = openContent(engine, mailbox, input);
      if (fragment === null) return null;
      const index = fragments.findIndex((one) => equalBytes(one, fragment));
      return contents[index] ?? new Uint8Array(0);
    }),
  ];
}

/** Where a packet goes, and when its keys hold. */
function addressDoors(engine: CryptoEngine): Door[] {
  const random = seededRandom('destinations');
  const node = drawBytes(random, 32);
  const own = [FORWARD_DESTINATION, node, mailboxDestination(drawBytes(random, 16))];
  const surbs = createSurbs(engine);
  const blocks = ([258, 259, 260] as const).flatMap((version) => {
    const { route, delaysNs } = drawPath(engine, random, 3);
    const ends = { destination: node, identifier: drawBytes(random, 16) };
    return surbs.create({ route, delaysNs, ...ends, version, random })?.surb ?? [];
  });
  const times = epochTimes(1_700_000_000_000, trafficSets.test);
  const instants = [0, times.epochMs - 1, times.epochMs, 5 * times.epochMs + times.graceMs];
  const parities = instants.flatMap((sinceMs) =>
    [0, 1].map((parity) => {
      const bytes = new Uint8Array(9);
      bytes[0] = parity;
      new DataView(bytes.buffer).setBigUint64(1, BigInt(times.epoch0UnixMs + sinceMs));
      return bytes;
    }),
  );
  return [
    door('destination', own, (input) => {
      const destination = readDestination(input, node);
      if (destination.kind === 'other') return null;
      if (destination.kind === 'mailbox') return mailboxDestination(destination.mailbox);
      return destination.kind === 'forward' ? FORWARD_DESTINATION : node;
    }),
    door('reply block', blocks, (input) => {
      const surb = parseSurb(input);
      return surb === null ? null : serializeSurb(surb);
    }),
    door('epoch of a parity', parities, (input) => {
      if (input.length !== 9) return null;
      const parity = (input[0] ?? 0) % 2 === 0 ? 0 : 1;
      const unixMs = Number(Buffer.from(input).readBigUInt64BE(1));
      const epoch = epochOfParity(times, parity, unixMs);
      if (epoch === null) return null;
      const now = epochAt(times, unixMs) ?? Number.NaN;
      const isRight = parityOf(epoch) === parity && epoch >= 0 && Math.abs(epoch - now) <= 1;
      return taken(input, isRight);
    }),
  ];
}

/** What a proxy answers, all of it at once: how much of it belongs to the conversation. */
function socksDoor(name: string, proxy: SocksProxy): Door {
  const hasPassword = proxy.username !== undefined;
  const hello = hasPassword ? [5, 2, 1, 0] : [5, 0];
  const bound = [
    [1, 127, 0, 0, 1],
    [4, ...new Uint8Array(16)],
    [3, 2, 0x61, 0x62],
    [3, 0],
  ];
  const valid = bound.map((address) => Uint8Array.of(...hello, 5, 0, 0, ...address, 0, 80));
  return door(name, valid, (input) => {
    const steps = socksSteps(proxy, { host: 'node.invalid', port: 443 });
    let at = 0;
    let step = steps.next();
    while (step.done !== true) {
      const { size } = step.value;
      if (at + size > input.length) return null;
      step = steps.next(input.subarray(at, at + size));
      at += size;
    }
    if (!step.value) return null;
    const reply = input.subarray(hello.length);
    const sizes: Readonly<Record<number, number>> = { 1: 4, 4: 16, 3: 1 + (reply[4] ?? 0) };
    const size = hello.length + 4 + (sizes[reply[3] ?? 0] ?? Number.NaN) + 2;
    return taken(input, at === size && reply[0] === 5 && reply[1] === 0);
  });
}

function certificateDoor(engine: CryptoEngine): Door {
  const identity = signingKey(seededRandom('voucher'), engine);
  const { certificatePem, hash } = createLinkKey((message) => {
    const signature = new Uint8Array(64);
    engine.ed25519Sign(signature, message, identity.secretKey);
    return signature;
  });
  const valid = new Uint8Array(new X509Certificate(certificatePem).raw);
  return door(
    'certificate that is vouched for',
    [valid],
    (input) => {
      let certificate: X509Certificate;
      try {
        certificate = new X509Certificate(input);
      } catch {
        // TLS would have refused it before anybody looks at it.
        return null;
      }
      if (!isVouchedFor(certificate, identity.publicKey)) return null;
      // The signature is over the key alone: whatever else it says, it is that key's.
      return taken(input, equalBytes(certificateKeyHash(certificate) ?? hash.subarray(1), hash));
    },
    { inputsMax: CERTIFICATES_MAX },
  );
}
