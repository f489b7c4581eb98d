// Sessions with one contact: whatever a network does to the packets, and whoever starts or starts
// anew, no message is lost or taken twice, no key seals two things, a refused packet changes
// nothing, and both sides end on one session. Programs with a defect are found out by the same run.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ContactSessions,
  forgetOfContact,
  forgetReplaced,
  NO_SESSIONS,
  nextGeneration,
  PENDING_MAX,
  receiveFromContact,
  receiveTags,
  SESSIONS_MAX,
  sealForContact,
  skippedKeyCountOf,
  withPending,
  withSession,
} from '../../../shared/session/contact-sessions.ts';
import { startHandshake } from '../../../shared/session/handshake.ts';
import { contactTarget } from '../../../shared/session/handshake-target.ts';
import type { Session } from '../../../shared/session/session-state.ts';
import { fastestEngine } from '../../support/engines.ts';
import { NETWORK_HASH, NOW_UNIX_MS } from '../../support/people.ts';
import { checkProperty } from '../../support/property.ts';
import { seededRandom } from '../../support/random.ts';
import { runWorld, type Step, type World } from '../../support/session-world.ts';
import { shakeHands } from '../../support/sessions.ts';

const engine = await fastestEngine();

const side = fc.constantFrom<(0 | 1)[]>(0, 1);
const actions = [
  'send',
  'send',
  'send',
  'deliver',
  'deliver',
  'deliver',
  'repeat',
  'alter',
] as const;
const worldsOf = (acts: readonly Step['act'][]): fc.Arbitrary<World> =>
  fc.record({
    starters: fc.constantFrom<(readonly (0 | 1)[])[]>([0], [1], [0, 1], [1, 0]),
    steps: fc.array(
      fc.record({ by: side, act: fc.constantFrom(...acts), pick: fc.nat({ max: 999 }) }),
      { minLength: 30, maxLength: 90 },
    ),
  });

describe('whatever the network does', () => {
  it('no message is lost or taken twice, and both sides end on one session', () => {
    let [received, sessions] = [0, 0];
    checkProperty(worldsOf([...actions, 'reset']), 40, (world) => {
      const outcome = runWorld(engine, world);
      expect(outcome.violations).toEqual([]);
      expect(outcome.receivedCount).toBe(outcome.sentCount);
      received += outcome.receivedCount;
      sessions += outcome.sessionCount;
    });
    // The runs were about something.
    expect(received).toBeGreaterThan(500);
    expect(sessions).toBeGreaterThan(2 * 80);
  });

  it('what is lost for good takes nothing else with it', () => {
    let lost = 0;
    checkProperty(worldsOf([...actions, 'lose']), 30, (world) => {
      const outcome = runWorld(engine, world);
      const real = outcome.violations.filter((one) => one !== 'keys were forgotten');
      expect(real).toEqual([]);
      expect(outcome.receivedCount).toBe(outcome.sentCount - outcome.lostCount);
      lost += outcome.lostCount;
    });
    expect(lost).toBeGreaterThan(50);
  });
});

describe('a defect is found', () => {
  const steps = fc.sample(worldsOf([...actions, 'reset']), { seed: 6, numRuns: 10 });
  const violationsWith = (plant: World['plant']): string =>
    steps
      .flatMap((world) => runWorld(engine, { ...world, ...(plant && { plant }) }).violations)
      .join();

  it('none where none is planted', () => {
    expect(violationsWith({})).toBe('');
  });

  it('a ratchet that is stored too late seals two things under one key', () => {
    const seal: typeof sealForContact = (by, contact, plaintext) => {
      const sealed = sealForContact(by, contact, plaintext);
      return sealed === null ? null : { ...sealed, contact };
    };
    expect(violationsWith({ seal })).toContain('two things under');
  });

  it('a refused message that moves the chain on', () => {
    const receive: typeof receiveFromContact = (by, random, options) => {
      const received = receiveFromContact(by, random, options);
      if (!received.ok) options.contact.sessions[0]?.receiveChains[0]?.chainKey?.fill(0);
      return received;
    };
    expect(violationsWith({ receive })).toContain('changed a state');
  });

  it('keys of opened messages that are kept', () => {
    const receive: typeof receiveFromContact = (by, random, options) => {
      const received = receiveFromContact(by, random, options);
      return received.ok && received.kind === 'message'
        ? { ...received, contact: options.contact }
        : received;
    };
    expect(violationsWith({ receive })).toContain('was taken');
  });

  it('a new session that ends the old one at once', () => {
    const accept: typeof withSession = (contact, session) =>
      withSession({ ...contact, sessions: [] }, session);
    expect(violationsWith({ accept })).toMatch(/missing|unknown/);
  });

  it('sides that order their sessions differently', () => {
    const latestFirst = (before: ContactSessions, after: ContactSessions): ContactSessions => {
      const isNew = (session: Session) => (before.sessions.includes(session) ? 0 : 1);
      return { ...after, sessions: [...after.sessions].sort((a, b) => isNew(b) - isNew(a)) };
    };
    const accept: typeof withSession = (contact, session) =>
      latestFirst(contact, withSession(contact, session));
    const receive: typeof receiveFromContact = (by, random, options) => {
      const received = receiveFromContact(by, random, options);
      return received.ok && received.kind === 'accepted'
        ? { ...received, contact: latestFirst(options.contact, received.contact) }
        : received;
    };
    // Both start; each takes in the other's request, then the acceptance of its own.
    const steps = [{ by: 0, act: 'send', pick: 0 }] as const;
    const crossing: World = { starters: [0, 1], steps };
    expect(runWorld(engine, crossing).violations).toEqual([]);
    const planted = runWorld(engine, { ...crossing, plant: { accept, receive } });
    expect(planted.violations).toContain('the sides send on different sessions');
  });
});

describe('what is kept of a contact', () => {
  const {
    starterSession: ada,
    acceptorSession: bob,
    starter,
    acceptor,
  } = shakeHands(engine, 'kept');
  const at = (generation: number, establishedUnixMs = NOW_UNIX_MS): Session => ({
    ...ada,
    generation,
    establishedUnixMs,
    receiveTag: new Uint8Array(8).fill(generation),
  });
  const pendingAt = (generation: number) =>
    startHandshake(engine, seededRandom(generation), {
      identity: starter.identity,
      target: contactTarget(engine, NETWORK_HASH, acceptor.identity),
      returnAddress: starter.address,
      name: 'Ada',
      generation,
      nowUnixMs: NOW_UNIX_MS + generation,
    }).pending;

  it('is four sessions in order of generation, then of the starter’s key', () => {
    const generations = (contact: ContactSessions) => contact.sessions.map((one) => one.generation);
    const four = [3, 1, 4, 2].reduce((all, one) => withSession(all, at(one)), NO_SESSIONS);
    expect(generations(four)).toEqual([4, 3, 2, 1]);
    expect(four.sessions).toHaveLength(SESSIONS_MAX);
    expect(generations(withSession(four, at(5)))).toEqual([5, 4, 3, 2]);
    expect(withSession(four, at(5)).newestGeneration).toBe(5);
    const low = { ...at(9), starterKey: new Uint8Array(32) };
    const high = { ...at(9), starterKey: new Uint8Array(32).fill(255) };
    for (const order of [
      [low, high],
      [high, low],
    ]) {
      expect(order.reduce(withSession, NO_SESSIONS).sessions).toEqual([low, high]);
    }
  });

  it('is four handshakes under way, the newest', () => {
    const contact = [1, 2, 3, 4, 5].map(pendingAt).reduce(withPending, NO_SESSIONS);
    expect(contact.pending.map(({ generation }) => generation)).toEqual([5, 4, 3, 2]);
    expect(contact.pending).toHaveLength(PENDING_MAX);
    expect(receiveTags(contact)).toHaveLength(PENDING_MAX);
  });

  it('starts ever higher, and no lower than the clock', () => {
    expect(nextGeneration(NO_SESSIONS, 1_000)).toBe(1_000);
    expect(nextGeneration(withSession(NO_SESSIONS, at(5_000)), 1_000)).toBe(5_001);
    const contact = withPending(withSession(NO_SESSIONS, at(5_000)), pendingAt(7_000));
    expect(nextGeneration(contact, 1_000)).toBe(7_001);
    expect(nextGeneration(contact, 9_000)).toBe(9_000);
  });

  it('ends with the retention, counted from when it was replaced', () => {
    const contact = withPending(
      [at(1), at(2, NOW_UNIX_MS + 100)].reduce(withSession, NO_SESSIONS),
      pendingAt(100),
    );
    const within = { nowUnixMs: NOW_UNIX_MS + 1_100, retentionMs: 1_000 };
    expect(forgetReplaced(contact, within)).toEqual(contact);
    const after = forgetReplaced(contact, { ...within, nowUnixMs: NOW_UNIX_MS + 1_101 });
    expect(after.sessions.map(({ generation }) => generation)).toEqual([2]);
    expect(after.pending).toEqual([]);
    expect(forgetReplaced(NO_SESSIONS, within)).toEqual(NO_SESSIONS);
  });

  it('is 2,000 skipped keys over all sessions, the first session’s longest', () => {
    const late = (session: Session, count: number): Session => ({
      ...session,
      receiveChains: session.receiveChains.map((chain) => ({
        ...chain,
        next: count,
        skipped: Array.from({ length: count }, (_, index) => ({
          index,
          key: new Uint8Array(32),
          sinceUnixMs: NOW_UNIX_MS,
        })),
      })),
    });
    const contact = [late(at(2), 1_500), late(at(1), 1_500)].reduce(withSession, NO_SESSIONS);
    const limits = { keepMax: 2_000, olderThanUnixMs: 0 };
    const kept = forgetOfContact(contact, limits);
    expect(kept.forgottenCount).toBe(1_000);
    expect(kept.contact.sessions.map((one) => one.receiveChains[0]?.skipped.length)).toEqual([
      1_500, 500,
    ]);
    expect(skippedKeyCountOf(kept.contact)).toBe(2_000);
    expect(forgetOfContact(kept.contact, limits).forgottenCount).toBe(0);
  });

  it('seals nothing without a session, and refuses what it does not know by name', () => {
    expect(sealForContact(engine, NO_SESSIONS, new Uint8Array(1))).toBeNull();
    const contact = withPending(withSession(NO_SESSIONS, bob), pendingAt(1));
    const refusal = (first: number, contactTag: Uint8Array) => {
      const message = new Uint8Array(200).with(0, first);
      const { identity } = acceptor;
      const received = receiveFromContact(engine, seededRandom(0), {
        identity,
        contact,
        contactTag,
        message,
        nowUnixMs: NOW_UNIX_MS,
      });
      return received.ok ? 'ok' : received.reason;
    };
    const unknown = new Uint8Array(8);
    const pendingTag = contact.pending[0]?.request.tagToStarter ?? unknown;
    expect(refusal(3, unknown)).toBe('unknown_tag');
    expect(refusal(2, unknown)).toBe('unknown_tag');
    expect(refusal(3, pendingTag)).toBe('early');
    expect(refusal(3, bob.receiveTag)).toBe('header');
    expect(refusal(5, pendingTag)).toBe('length');
    expect(refusal(1, bob.receiveTag)).toBe('kind');
    expect(refusal(99, bob.receiveTag)).toBe('newer_version');
    expect(refusal(0, bob.receiveTag)).toBe('newer_version');
  });
});
