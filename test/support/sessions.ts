// Sessions for tests: two people who shook hands, an engine that remembers what was sealed under
// which key, and states as bytes to compare.
import { concatBytes, toHex } from '../../shared/bytes.ts';
import type { AeadSeal, CryptoEngine } from '../../shared/crypto.ts';
import type { ContactSessions } from '../../shared/session/contact-sessions.ts';
import {
  acceptHandshake,
  finishHandshake,
  type OpenedHandshake,
  openHandshake,
  type PendingHandshake,
  startHandshake,
} from '../../shared/session/handshake.ts';
import {
  codeTarget,
  type OwnTarget,
  ownCodeTarget,
} from '../../shared/session/handshake-target.ts';
import { encodePendingHandshake, encodeSession } from '../../shared/session/session-codec.ts';
import type { Session } from '../../shared/session/session-state.ts';
import { createCode, createPerson, NOW_UNIX_MS, type Person } from './people.ts';

export type Sealings = {
  readonly engine: CryptoEngine;
  /** Keys with their nonces that sealed two different things, as far as hex of them goes. */
  readonly reused: string[];
  /** How many different pairs of key and nonce sealed something. */
  readonly count: () => number;
};

/** The engine, remembering every seal: the same key and nonce may seal the same bytes alone. */
export function recordingEngine(engine: CryptoEngine): Sealings {
  const sealed = new Map<string, string>();
  const reused: string[] = [];
  const chacha20Poly1305Seal: AeadSeal = (out, key, nonce, associated, plaintext) => {
    engine.chacha20Poly1305Seal(out, key, nonce, associated, plaintext);
    const hash = new Uint8Array(32);
    engine.sha256(hash, concatBytes(associated, plaintext));
    const place = `${toHex(key)} ${toHex(nonce)}`;
    const before = sealed.get(place);
    if (before !== undefined && before !== toHex(hash)) reused.push(place);
    sealed.set(place, toHex(hash));
  };
  return { engine: { ...engine, chacha20Poly1305Seal }, reused, count: () => sealed.size };
}

export type Handshaken = {
  readonly starter: Person;
  readonly acceptor: Person;
  readonly target: OwnTarget;
  readonly request: Uint8Array;
  readonly pending: PendingHandshake;
  readonly opened: OpenedHandshake;
  readonly acceptance: Uint8Array;
  readonly starterSession: Session;
  readonly acceptorSession: Session;
};

/** Ada takes Bob's invite, Bob accepts, Ada finishes. */
export function shakeHands(engine: CryptoEngine, seed: string): Handshaken {
  const starter = createPerson(engine, `ada ${seed}`);
  const acceptor = createPerson(engine, `bob ${seed}`);
  const { code, prekey } = createCode(engine, acceptor);
  const { pending, message: request } = startHandshake(engine, starter.random, {
    identity: starter.identity,
    target: codeTarget(engine, code),
    returnAddress: starter.address,
    name: 'Ada',
    generation: NOW_UNIX_MS,
    nowUnixMs: NOW_UNIX_MS,
  });
  const target = ownCodeTarget(engine, acceptor.identity, code, prekey.secretKey);
  const opening = openHandshake(engine, target, request);
  if (!opening.ok) throw new Error(`a request opens: ${opening.reason}`);
  const { opened } = opening;
  const { session: acceptorSession, message: acceptance } = acceptHandshake(
    engine,
    acceptor.random,
    {
      identity: acceptor.identity,
      opened,
      returnAddress: acceptor.address,
      name: 'Bob',
      nowUnixMs: NOW_UNIX_MS,
    },
  );
  const finished = finishHandshake(engine, starter.random, {
    identity: starter.identity,
    pending,
    message: acceptance,
    nowUnixMs: NOW_UNIX_MS,
  });
  if (!finished.ok) throw new Error(`an acceptance opens: ${finished.reason}`);
  const starterSession = finished.session;
  return {
    starter,
    acceptor,
    target,
    request,
    pending,
    opened,
    acceptance,
    starterSession,
    acceptorSession,
  };
}

/** Everything a contact's sessions hold, as text that changes with any of it. */
export function fingerprintOf(contact: ContactSessions): string {
  return [
    contact.newestGeneration,
    ...contact.sessions.map((session) => toHex(encodeSession(session))),
    ...contact.pending.map((pending) => toHex(encodePendingHandshake(pending))),
  ].join('\n');
}
