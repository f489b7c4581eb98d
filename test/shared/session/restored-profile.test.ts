// A profile put back from a copy without its sessions: it starts anew, its contact takes it as
// newer than everything before, and what the copy could repeat of old is refused.
import { describe, expect, it } from 'vitest';
import { toUtf8 } from '../../../shared/bytes.ts';
import {
  type ContactSessions,
  NO_SESSIONS,
  nextGeneration,
  receiveFromContact,
  refuseRequest,
  sealForContact,
  withPending,
  withSession,
} from '../../../shared/session/contact-sessions.ts';
import {
  acceptHandshake,
  openHandshake,
  startHandshake,
} from '../../../shared/session/handshake.ts';
import { contactTarget, ownContactTarget } from '../../../shared/session/handshake-target.ts';
import { fastestEngine } from '../../support/engines.ts';
import { NETWORK_HASH, NOW_UNIX_MS } from '../../support/people.ts';
import { seededRandom } from '../../support/random.ts';
import { shakeHands } from '../../support/sessions.ts';

const engine = await fastestEngine();
const { starter: ada, acceptor: bob, starterSession, acceptorSession } = shakeHands(engine, 'copy');
const adasBefore = withSession(NO_SESSIONS, starterSession);
const bobs = withSession(NO_SESSIONS, acceptorSession);

/** Ada's reset at her clock's time; what Bob says of it, and both sides after it. */
function reset(adasCopy: ContactSessions, nowUnixMs: number) {
  const started = startHandshake(engine, ada.random, {
    identity: ada.identity,
    target: contactTarget(engine, NETWORK_HASH, bob.identity),
    returnAddress: ada.address,
    name: 'Ada',
    generation: nextGeneration(adasCopy, nowUnixMs),
    nowUnixMs,
  });
  const own = ownContactTarget(engine, NETWORK_HASH, bob.identity);
  const opening = openHandshake(engine, own, started.message);
  if (!opening.ok) throw new Error(opening.reason);
  const { opened } = opening;
  const reason = refuseRequest(opened, {
    own: bob.identity,
    nowUnixMs: NOW_UNIX_MS + 1_000,
    arrivedUnixMs: NOW_UNIX_MS + 1_000,
    codeExpiresUnixMs: null,
    expected: ada.identity,
    contactOf: () => bobs,
    isSeen: () => false,
  });
  const accepted = acceptHandshake(engine, bob.random, {
    identity: bob.identity,
    opened,
    returnAddress: bob.address,
    name: 'Bob',
    nowUnixMs,
  });
  const contact = withPending(adasCopy, started.pending);
  const contactTag = opened.request.tagToStarter;
  const received = receiveFromContact(engine, ada.random, {
    identity: ada.identity,
    contact,
    contactTag,
    message: accepted.message,
    nowUnixMs,
  });
  return { reason, received, bobsAfter: withSession(bobs, accepted.session) };
}
function receiveAtBob(contact: ContactSessions, contactTag: Uint8Array, message: Uint8Array) {
  const { identity } = bob;
  const options = { identity, contact, contactTag, message, nowUnixMs: NOW_UNIX_MS };
  return receiveFromContact(engine, seededRandom('bob'), options);
}

describe('a profile without its sessions', () => {
  it('starts anew, and both send on the new session', () => {
    const { reason, received, bobsAfter } = reset(NO_SESSIONS, NOW_UNIX_MS + 1_000);
    expect(reason).toBeNull();
    if (!received.ok || received.kind !== 'accepted') throw new Error('the reset is accepted');
    expect(received.isReset).toBe(true);
    const sealed = sealForContact(engine, received.contact, toUtf8('back again'));
    if (sealed === null) throw new Error('there is a session');
    const heard = receiveAtBob(bobsAfter, sealed.contactTag, sealed.message);
    expect(heard).toMatchObject({ ok: true, generation: NOW_UNIX_MS + 1_000 });
    expect(bobsAfter.sessions[0]?.generation).toBe(received.generation);
    // What she sent before the copy was put back is still opened, on the old session.
    const old = sealForContact(engine, adasBefore, toUtf8('on its way'));
    if (old === null) throw new Error('there was a session');
    expect(receiveAtBob(bobsAfter, old.contactTag, old.message)).toMatchObject({
      ok: true,
      generation: NOW_UNIX_MS,
    });
  });

  it('whose clock is behind its last session is refused by name', () => {
    expect(reset(NO_SESSIONS, NOW_UNIX_MS).reason).toBe('stale_generation');
    expect(reset(NO_SESSIONS, NOW_UNIX_MS - 1).reason).toBe('stale_generation');
    // With its memory it goes on from there, whatever the clock says.
    expect(reset(adasBefore, NOW_UNIX_MS - 1).reason).toBeNull();
  });
});

it('a copy that goes on with old sessions is refused as a repeat, with other bytes', () => {
  const original = sealForContact(engine, adasBefore, toUtf8('of the original'));
  const copy = sealForContact(engine, adasBefore, toUtf8('of the copy'));
  if (original === null || copy === null) throw new Error('there is a session');
  const heard = receiveAtBob(bobs, original.contactTag, original.message);
  if (!heard.ok) throw new Error(heard.reason);
  const again = receiveAtBob(heard.contact, copy.contactTag, copy.message);
  expect(again).toEqual({ ok: false, reason: 'repeated' });
});
