// A door (doors.ts) for every parser of sessions and contents: what people paste, scan or send one
// another, and what a store keeps of it. Beside each stand inputs that are right.
import { equalBytes, fromUtf8, toUtf8 } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { decodeContent, encodeContent } from '../../shared/message/content-codec.ts';
import {
  decodeSequence,
  encodeSequence,
  NOTHING_RECEIVED,
  observeSequence,
} from '../../shared/message/sequence.ts';
import {
  decodeContactCode,
  formatContactCode,
  parseContactCode,
} from '../../shared/session/contact-code.ts';
import { readDisplayName } from '../../shared/session/display-name.ts';
import { finishHandshake, openHandshake, startHandshake } from '../../shared/session/handshake.ts';
import {
  decodeAcceptanceFields,
  decodeRequestFields,
  encodeAcceptanceFields,
  encodeRequestFields,
} from '../../shared/session/handshake-codec.ts';
import { contactTarget, ownContactTarget } from '../../shared/session/handshake-target.ts';
import { decodeIdentity, encodeIdentity } from '../../shared/session/identity.ts';
import { openMessage, sealMessage } from '../../shared/session/ratchet.ts';
import { compareSafetyScan, safetyNumber } from '../../shared/session/safety-number.ts';
import {
  decodePendingHandshake,
  decodeSession,
  encodePendingHandshake,
  encodeSession,
} from '../../shared/session/session-codec.ts';
import { sampleContents } from './contents.ts';
import { type Door, door } from './doors.ts';
import { createCode, createPerson, NETWORK_HASH, NOW_UNIX_MS, readerOf } from './people.ts';
import { seededRandom } from './random.ts';
import { shakeHands } from './sessions.ts';

export function sessionDoors(engine: CryptoEngine): readonly Door[] {
  return [
    ...codeDoors(engine),
    ...storeDoors(engine),
    ...fieldDoors(engine),
    ...messageDoors(engine),
  ];
}

function codeDoors(engine: CryptoEngine): readonly Door[] {
  const bob = createPerson(engine, 'doors bob');
  const ada = createPerson(engine, 'doors ada');
  const reader = readerOf(ada);
  const codes = (['invite', 'address'] as const).map((kind) => createCode(engine, bob, kind).code);
  const number = safetyNumber(engine, ada.identity, bob.identity);
  const mirrored = safetyNumber(engine, bob.identity, ada.identity);
  return [
    {
      name: 'contact code, bytes',
      valid: codes.map(({ bytes }) => bytes),
      parse: (input) => {
        const parsed = decodeContactCode(engine, input, reader);
        return parsed.ok ? parsed.code.bytes : null;
      },
    },
    {
      name: 'contact code, text',
      valid: codes.map((code) => toUtf8(formatContactCode(code))),
      parse: (input) => {
        // Noise as a text of the same letters, as a clipboard would give it.
        const text = Array.from(input, (byte) => String.fromCharCode(byte)).join('');
        const parsed = parseContactCode(engine, text, reader);
        if (!parsed.ok) return null;
        // Spaces and the case of the prefix are the pasting person's own.
        const isSame = codes.some((code) => equalBytes(code.bytes, parsed.code.bytes));
        return isSame ? input : parsed.code.bytes;
      },
    },
    {
      name: 'safety number, scanned',
      valid: [toUtf8(mirrored.scanText)],
      parse: (input) => {
        const text = fromUtf8(input) ?? '';
        return compareSafetyScan(number.scanText, text) === 'match' ? toUtf8(text) : null;
      },
    },
    {
      name: 'display name',
      valid: ['Ada', 'Ünal 艾达', '👩‍👩‍👧'].map(toUtf8),
      parse: (input) => {
        const name = readDisplayName(input);
        return name === null ? null : toUtf8(name);
      },
    },
  ];
}

function storeDoors(engine: CryptoEngine): readonly Door[] {
  const { starterSession, acceptorSession, starter, acceptor } = shakeHands(engine, 'doors');
  const sealed = [0, 1, 2].reduce<{ messages: Uint8Array[]; session: typeof starterSession }>(
    ({ messages, session }) => {
      const next = sealMessage(engine, session, toUtf8('x'));
      return { messages: [...messages, next.message], session: next.session };
    },
    { messages: [], session: starterSession },
  );
  const skipping = openMessage(engine, seededRandom('doors'), {
    session: acceptorSession,
    message: sealed.messages[2] ?? new Uint8Array(0),
    nowUnixMs: NOW_UNIX_MS,
  });
  if (!skipping.ok) throw new Error(skipping.reason);
  const { pending } = startHandshake(engine, seededRandom('doors'), {
    identity: starter.identity,
    target: contactTarget(engine, NETWORK_HASH, acceptor.identity),
    returnAddress: starter.address,
    name: 'Ada',
    generation: NOW_UNIX_MS,
    nowUnixMs: NOW_UNIX_MS,
  });
  const hash = (of: number) => new Uint8Array(16).fill(of);
  const stream = [1, 2, 5, 9].reduce(
    (state, sequence) =>
      observeSequence(state, { sequence, hash: hash(sequence), previousHash: hash(sequence - 1) })
        .state,
    NOTHING_RECEIVED,
  );
  // Public keys are computed from what is read and stand in none of these bytes.
  const idle: CryptoEngine = {
    ...engine,
    x25519Base: () => undefined,
    ed25519KeyPair: (_, secretKey, seed) => secretKey.set(seed),
  };
  return [
    door('session, stored', [starterSession, skipping.session].map(encodeSession), (input) => {
      const session = decodeSession(idle, input);
      return session === null ? null : encodeSession(session);
    }),
    door('handshake, stored', [encodePendingHandshake(pending)], (input) => {
      const read = decodePendingHandshake(input);
      return read === null ? null : encodePendingHandshake(read);
    }),
    door('identity, stored', [encodeIdentity(starter.identity)], (input) => {
      const identity = decodeIdentity(idle, input);
      return identity === null ? null : encodeIdentity(identity);
    }),
    door('sequence, stored', [NOTHING_RECEIVED, stream].map(encodeSequence), (input) => {
      const state = decodeSequence(input);
      return state === null ? null : encodeSequence(state);
    }),
  ];
}

/** What is under a seal: no altered message gets so far, but one of a wrong program does. */
function fieldDoors(engine: CryptoEngine): readonly Door[] {
  const { opened, acceptor } = shakeHands(engine, 'doors');
  const contents = sampleContents().map(([header, body]) => encodeContent(header, body));
  const answer = encodeAcceptanceFields({ returnAddress: acceptor.address, name: 'Bob' });
  return [
    door('request, opened', [encodeRequestFields(opened)], (input) => {
      const fields = decodeRequestFields(input, NETWORK_HASH);
      return fields === null ? null : encodeRequestFields(fields);
    }),
    door('acceptance, opened', [answer], (input) => {
      const fields = decodeAcceptanceFields(input, NETWORK_HASH);
      return fields === null ? null : encodeAcceptanceFields(fields);
    }),
    door('content', contents, (input) => {
      const decoded = decodeContent(input);
      if (!decoded.ok) return null;
      const { header, body } = decoded.content;
      return body.kind === 'unknown' ? input : encodeContent(header, body);
    }),
  ];
}

function messageDoors(engine: CryptoEngine): readonly Door[] {
  const { starter, acceptor, target, request, acceptorSession, starterSession } = shakeHands(
    engine,
    'doors',
  );
  const resetTarget = ownContactTarget(engine, NETWORK_HASH, acceptor.identity);
  const reset = startHandshake(engine, seededRandom('doors'), {
    identity: starter.identity,
    target: contactTarget(engine, NETWORK_HASH, acceptor.identity),
    returnAddress: starter.address,
    name: 'Ada',
    generation: NOW_UNIX_MS,
    nowUnixMs: NOW_UNIX_MS,
  });
  const { pending, acceptance, fast } = acceptanceOf(engine);
  const message = sealMessage(engine, starterSession, toUtf8('hello')).message;
  const random = seededRandom('doors');
  return [
    door('request', [request], (input) =>
      openHandshake(engine, target, input).ok ? request : null,
    ),
    door('reset', [reset.message], (input) =>
      openHandshake(engine, resetTarget, input).ok ? reset.message : null,
    ),
    door('acceptance', [acceptance], (input) => {
      const { identity } = pending.by;
      const options = { identity, pending: pending.half, message: input, nowUnixMs: NOW_UNIX_MS };
      return finishHandshake(fast, random, options).ok ? acceptance : null;
    }),
    door('message', [message], (input) => {
      const options = { session: acceptorSession, message: input, nowUnixMs: NOW_UNIX_MS };
      return openMessage(engine, random, options).ok ? message : null;
    }),
  ];
}

/**
 * A handshake waiting for its acceptance, and an engine with this one ML-KEM key at hand: what
 * decapsulation makes of another ciphertext is a hash that nobody knows, as FIPS 203 has it.
 */
function acceptanceOf(engine: CryptoEngine) {
  const shaken = shakeHands(engine, 'doors acceptance');
  const { pending, acceptance } = shaken;
  const right = acceptance.subarray(33, 33 + 1_088);
  const pair = engine.mlKem768KeyPair(pending.kemSeed);
  const secret = engine.mlKem768Decapsulate(right, pair.secretKey);
  const fast: CryptoEngine = {
    ...engine,
    mlKem768KeyPair: () => ({ publicKey: pair.publicKey, secretKey: pair.secretKey.slice() }),
    mlKem768Decapsulate: (ciphertext) => {
      const shared = secret.slice();
      if (!equalBytes(ciphertext, right)) engine.sha256(shared, ciphertext);
      return shared;
    },
  };
  return { pending: { by: shaken.starter, half: pending }, acceptance, fast };
}
