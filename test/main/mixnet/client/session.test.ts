// What a client does where its provider does not let it in: when it comes again, and on which link.
import { describe, expect, it } from 'vitest';
import {
  createSession,
  REGISTER_AGAIN_MS,
  type Session,
  TOO_MANY_AGAIN_MS,
} from '../../../../main/mixnet/client/session.ts';
import { nobleEngine } from '../../../../shared/crypto-noble.ts';
import { mailboxOf } from '../../../../shared/network/address.ts';
import type { Hello } from '../../../../shared/network/frames.ts';
import type { RegistrationResult } from '../../../../shared/network/mailbox-frames.ts';
import { drawBytes } from '../../../../shared/random.ts';
import { seededRandom } from '../../../support/random.ts';

const random = seededRandom('session');
const networkHash = drawBytes(random, 8);
const authPublicKey = new Uint8Array(32);
const authSecretKey = new Uint8Array(64);
nobleEngine.ed25519KeyPair(authPublicKey, authSecretKey, drawBytes(random, 32));
const account = {
  providerKey: drawBytes(random, 32),
  authPublicKey,
  authSecretKey,
  mailboxPublicKey: new Uint8Array(32),
  mailboxSecretKey: new Uint8Array(32),
  token: new Uint8Array(16),
};
const mailbox = mailboxOf(nobleEngine, authPublicKey);
const hello: Hello = {
  kind: 'hello',
  protocolVersion: 1,
  networkHash,
  epoch: 0,
  documentHash: new Uint8Array(32),
  challenge: drawBytes(random, 32),
  unixMs: 0,
};
const at = (ms: number) => ({ monotonicMs: ms, unixMs: ms });

function open(): Session {
  const shared = { engine: nobleEngine, random, networkHash };
  return createSession({ ...shared, account, mailbox, invite: null });
}

/** A new link up to its registration; gives what is sent. */
function greet(session: Session, ms: number) {
  session.linkUp(at(ms));
  return session.hello(hello, at(ms)).frames.map(({ kind }) => kind);
}

function answer(session: Session, result: RegistrationResult, ms: number) {
  const terms = { retentionMs: 1, mailsMax: 1 };
  return session.registered({ kind: 'registration-answer', result, mailbox, ...terms }, at(ms));
}

/** Told to come later on new links; gives the waits until each link is ended. */
function comeAgain(session: Session, times: number): number[] {
  let ms = 0;
  return Array.from({ length: times }, () => {
    expect(greet(session, ms)).toEqual(['registration-request']);
    answer(session, 'too_many_requests', ms);
    expect(session.state()).toBe('refused');
    const wakeAtMs = session.nextWakeAtMs() ?? Number.NaN;
    const waitMs = wakeAtMs - ms;
    expect(session.wake(at(wakeAtMs - 1))).toMatchObject({ frames: [], isEnded: false });
    expect(session.wake(at(wakeAtMs))).toMatchObject({ frames: [], isEnded: true });
    session.linkDown();
    ms = wakeAtMs;
    return waitMs;
  });
}

describe('a client whose provider has too much to do', () => {
  it('ends the link and comes on another, after a wait that doubles', () => {
    const session = open();
    for (const [index, waitMs] of comeAgain(session, 8).entries()) {
      const wholeMs = Math.min(REGISTER_AGAIN_MS, TOO_MANY_AGAIN_MS * 2 ** index);
      expect(waitMs).toBeGreaterThanOrEqual(wholeMs / 2);
      expect(waitMs).toBeLessThanOrEqual(wholeMs);
    }
    greet(session, 1e6);
    answer(session, 'known', 1e6);
    expect([session.state(), session.refusal()]).toEqual(['online', null]);
    session.linkDown();
    expect(comeAgain(session, 1)[0]).toBeLessThanOrEqual(TOO_MANY_AGAIN_MS);
  });

  it('waits another time than the others', () => {
    const waits = Array.from({ length: 50 }, () => comeAgain(open(), 1)[0] ?? 0);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(TOO_MANY_AGAIN_MS / 4);
  });

  it('asks again on the same link where it was refused for another reason', () => {
    const session = open();
    greet(session, 0);
    answer(session, 'invite_needed', 0);
    const wakeAtMs = session.nextWakeAtMs() ?? 0;
    expect(wakeAtMs).toBeGreaterThanOrEqual(REGISTER_AGAIN_MS / 2);
    const step = session.wake(at(wakeAtMs));
    expect(step.frames.map(({ kind }) => kind)).toEqual(['registration-request']);
    expect(step.isEnded).toBe(false);
  });
});
