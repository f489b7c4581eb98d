// The handshake: both sides come to one session, its messages fit their packets, and nothing that
// was altered, forged, sent again or made of weak keys is taken.
import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { drawBelow, drawBytes } from '../../../shared/random.ts';
import {
  type ContactSessions,
  GENERATION_AHEAD_MS_MAX,
  NO_SESSIONS,
  REQUEST_GRACE_MS,
  type RequestRules,
  refuseRequest,
} from '../../../shared/session/contact-sessions.ts';
import {
  acceptHandshake,
  finishHandshake,
  openHandshake,
  startHandshake,
} from '../../../shared/session/handshake.ts';
import {
  codeTarget,
  contactTarget,
  ownCodeTarget,
  ownContactTarget,
  requestTag,
  resetTags,
} from '../../../shared/session/handshake-target.ts';
import { openMessage, sealMessage } from '../../../shared/session/ratchet.ts';
import {
  decodePendingHandshake,
  encodePendingHandshake,
} from '../../../shared/session/session-codec.ts';
import { fastestEngine } from '../../support/engines.ts';
import { createCode, createPerson, NETWORK_HASH, NOW_UNIX_MS } from '../../support/people.ts';
import { seededRandom } from '../../support/random.ts';
import { recordingEngine, shakeHands } from '../../support/sessions.ts';

const engine = await fastestEngine();
const ada = createPerson(engine, 'ada');
const bob = createPerson(engine, 'bob');
const { code, prekey } = createCode(engine, bob);
const target = ownCodeTarget(engine, bob.identity, code, prekey.secretKey);

function start(by: CryptoEngine = engine, person = ada, identity = person.identity) {
  return startHandshake(by, person.random, {
    identity,
    target: codeTarget(by, code),
    returnAddress: person.address,
    name: 'Ada',
    generation: NOW_UNIX_MS,
    nowUnixMs: NOW_UNIX_MS,
  });
}
function openOk(message: Uint8Array) {
  const result = openHandshake(engine, target, message);
  if (!result.ok) throw new Error(result.reason);
  return result.opened;
}
function accept(message: Uint8Array, identity = bob.identity) {
  return acceptHandshake(engine, bob.random, {
    identity,
    opened: openOk(message),
    returnAddress: bob.address,
    name: 'Bob',
    nowUnixMs: NOW_UNIX_MS,
  });
}
const { pending, message: request } = start();
const { message: acceptance, session: bobs } = accept(request);
const finish = (message: Uint8Array, by: CryptoEngine = engine) =>
  finishHandshake(by, seededRandom('finish'), {
    identity: ada.identity,
    pending,
    message,
    nowUnixMs: NOW_UNIX_MS,
  });

describe('a handshake', () => {
  it('tells the acceptor who asks, and the starter who answered', () => {
    const opened = openOk(request);
    expect(opened.starter).toMatchObject({
      signingKey: ada.identity.signingKey,
      agreementKey: ada.identity.agreementKey,
    });
    expect(opened).toMatchObject({
      name: 'Ada',
      generation: NOW_UNIX_MS,
      returnAddress: ada.address,
    });
    const finished = finish(acceptance);
    expect(finished).toMatchObject({
      ok: true,
      acceptor: { name: 'Bob', returnAddress: bob.address },
    });
  });

  it('fits one packet each way', () => {
    expect(request).toHaveLength(1_555);
    expect(acceptance).toHaveLength(1_362);
  });

  it('ends in one session: what either seals, the other opens', () => {
    const finished = finish(acceptance);
    if (!finished.ok) throw new Error(finished.reason);
    const adas = finished.session;
    expect(adas.associated).toEqual(bobs.associated);
    expect([adas.sendTag, adas.receiveTag]).toEqual([bobs.receiveTag, bobs.sendTag]);
    const hello = Uint8Array.of(1, 2, 3);
    for (const [from, to] of [
      [adas, bobs],
      [bobs, adas],
    ] as const) {
      const { message } = sealMessage(engine, from, hello);
      const opened = openMessage(engine, seededRandom(1), {
        session: to,
        message,
        nowUnixMs: NOW_UNIX_MS,
      });
      expect(opened.ok && opened.plaintext).toEqual(hello);
    }
  });

  it('hides the starter: no field of the request stands in it in the clear', () => {
    const fields = [ada.identity.signingKey, ada.identity.agreementKey, ada.address.mailbox];
    const hex = Buffer.from(request).toString('hex');
    for (const field of fields) expect(hex).not.toContain(Buffer.from(field).toString('hex'));
  });

  it('gives every session keys and tags of its own', () => {
    const again = accept(start().message).session;
    expect(again.sendTag).not.toEqual(bobs.sendTag);
    expect(again.receiveTag).not.toEqual(bobs.receiveTag);
    expect(again.rootKey).not.toEqual(bobs.rootKey);
    // The same request, accepted twice: the acceptor's fresh keys make another session.
    expect(accept(request).session.rootKey).not.toEqual(bobs.rootKey);
  });

  it('seals nothing twice under one key', () => {
    const recording = recordingEngine(engine);
    for (const seed of ['1', '2', '3']) shakeHands(recording.engine, seed);
    expect(recording.reused).toEqual([]);
    expect(recording.count()).toBe(6);
  });

  it('keeps its half in 497 bytes', () => {
    const bytes = encodePendingHandshake(pending);
    expect(decodePendingHandshake(bytes)).toEqual(pending);
    for (let size = 0; size < bytes.length; size++) {
      expect(decodePendingHandshake(bytes.subarray(0, size))).toBeNull();
    }
    expect(decodePendingHandshake(concatBytes(bytes, Uint8Array.of(0)))).toBeNull();
    expect(decodePendingHandshake(bytes.with(0, 9))).toBeNull();
    expect(decodePendingHandshake(bytes.with(1, 2))).toBeNull();
  });
});

describe('a request is refused', () => {
  const reasonOf = (message: Uint8Array, by = engine) => {
    const result = openHandshake(by, target, message);
    return result.ok ? 'ok' : result.reason;
  };

  it('with any bit flipped, cut or lengthened', () => {
    for (let offset = 0; offset < request.length; offset++) {
      const mask = 1 << (offset % 8);
      const altered = request.with(offset, (request[offset] ?? 0) ^ mask);
      expect(reasonOf(altered), `byte ${offset}`).toBe(offset === 0 ? 'kind' : 'sealed');
    }
    // The top bit of the key is ignored by X25519 and not by the transcript.
    expect(reasonOf(request.with(32, (request[32] ?? 0) ^ 0x80))).toBe('sealed');
    expect(reasonOf(request.subarray(1))).toBe('length');
    expect(reasonOf(concatBytes(request, Uint8Array.of(0)))).toBe('length');
    expect(reasonOf(new Uint8Array(0))).toBe('length');
  });

  it('with a key of low order', () => {
    expect(reasonOf(request.slice().fill(0, 1, 33))).toBe('low_order');
    const weak = { ...ada.identity, agreementKey: new Uint8Array(32).with(0, 1) };
    expect(reasonOf(start(engine, ada, weak).message)).toBe('low_order');
  });

  it('without the signature of the key that it names', () => {
    const eve = createPerson(engine, 'eve');
    const posing = { ...eve.identity, signingKey: ada.identity.signingKey };
    const forged = start(engine, eve, posing).message;
    expect(reasonOf(forged)).toBe('signature');
    // A planted defect: whoever does not check the signature takes Eve for Ada.
    expect(reasonOf(forged, { ...engine, ed25519Verify: () => true })).toBe('ok');
  });

  it('by another code of the same person, and by another person', () => {
    const other = createCode(engine, bob);
    const otherTarget = ownCodeTarget(engine, bob.identity, other.code, other.prekey.secretKey);
    expect(openHandshake(engine, otherTarget, request)).toEqual({ ok: false, reason: 'sealed' });
    const asReset = ownContactTarget(engine, NETWORK_HASH, bob.identity);
    expect(openHandshake(engine, asReset, request)).toEqual({ ok: false, reason: 'kind' });
  });

  it('with an ML-KEM key or name that is none', () => {
    const breaking = (change: (signed: Uint8Array) => void): CryptoEngine => ({
      ...engine,
      ed25519Sign: engine.ed25519Sign,
      chacha20Poly1305Seal: (out, key, nonce, associated, plaintext) => {
        change(plaintext);
        engine.chacha20Poly1305Seal(out, key, nonce, associated, plaintext);
      },
    });
    const trusting = { ...engine, ed25519Verify: () => true };
    const weak = start(breaking((signed) => signed.fill(0xff, 64, 128))).message;
    expect(reasonOf(weak, trusting)).toBe('malformed');
    expect(reasonOf(weak)).toBe('signature');
    for (const [offset, value] of [
      [1_353, 0x0a], // the name's second byte: a control
      [1_352, 65], // its length: beyond the field
      [1_400, 1], // padding of the name
      [1_420, 1], // reserved
    ] as const) {
      const broken = start(breaking((signed) => signed.fill(value, offset, offset + 1))).message;
      expect(reasonOf(broken, trusting), `byte ${offset}`).toBe('malformed');
    }
  });

  it('as noise of every length, without throwing', () => {
    const random = seededRandom('request noise');
    for (let run = 0; run < 500; run++) {
      const size = run % 2 === 0 ? 1_555 : drawBelow(random, 1_700);
      const noise = drawBytes(random, size);
      if (size > 0) noise[0] = 1;
      expect(['length', 'sealed']).toContain(reasonOf(noise));
    }
  });
});

describe('an acceptance is refused', () => {
  const isCiphertext = (offset: number) => offset >= 33 && offset < 1_121 - 11;
  const reasonOf = (message: Uint8Array, by = engine) => {
    const result = finish(message, by);
    return result.ok ? 'ok' : result.reason;
  };

  it('with any bit flipped, cut or lengthened', () => {
    // Of the ML-KEM ciphertext, whose every try costs a decapsulation, one byte in eleven.
    for (let offset = 0; offset < acceptance.length; offset += isCiphertext(offset) ? 11 : 1) {
      const mask = 1 << (offset % 8);
      const altered = acceptance.with(offset, (acceptance[offset] ?? 0) ^ mask);
      expect(reasonOf(altered), `byte ${offset}`).toBe(offset === 0 ? 'kind' : 'sealed');
    }
    expect(reasonOf(acceptance.subarray(1))).toBe('length');
    expect(reasonOf(concatBytes(acceptance, Uint8Array.of(0)))).toBe('length');
    expect(reasonOf(acceptance.slice().fill(0, 1, 33))).toBe('low_order');
  });

  it('without the signature of the code’s owner', () => {
    const eve = createPerson(engine, 'eve');
    const forged = accept(request, { ...bob.identity, signingSecret: eve.identity.signingSecret });
    expect(reasonOf(forged.message)).toBe('signature');
    expect(reasonOf(forged.message, { ...engine, ed25519Verify: () => true })).toBe('ok');
  });

  it('of another request', () => {
    expect(reasonOf(accept(start().message).message)).toBe('sealed');
  });

  it('when its secrets lack any one agreement or the ML-KEM share', () => {
    // Each agreement replaced on the acceptor's side alone: none of them is left out of the keys.
    for (let replaced = 0; replaced < 3; replaced++) {
      let seen = -1;
      const lacking: CryptoEngine = {
        ...engine,
        x25519: (out, secret, point) => {
          seen++;
          const isAgreed = engine.x25519(out, secret, point);
          if (seen === replaced) out[0] = (out[0] ?? 0) ^ 1;
          return isAgreed;
        },
      };
      const opened = openOk(request);
      const options = { opened, returnAddress: bob.address, name: 'Bob', nowUnixMs: NOW_UNIX_MS };
      const { message } = acceptHandshake(lacking, bob.random, {
        identity: bob.identity,
        ...options,
      });
      expect(reasonOf(message), `agreement ${replaced}`).toBe('sealed');
    }
    const deaf: CryptoEngine = {
      ...engine,
      mlKem768Decapsulate: (ciphertext, secret) =>
        engine.mlKem768Decapsulate(ciphertext, secret).map((byte) => byte ^ 1),
    };
    expect(reasonOf(acceptance, deaf)).toBe('sealed');
  });
});

describe('an opened request is held against what is known', () => {
  const opened = openOk(request);
  const rules: RequestRules = {
    own: bob.identity,
    nowUnixMs: NOW_UNIX_MS,
    arrivedUnixMs: NOW_UNIX_MS,
    codeExpiresUnixMs: code.expiresUnixMs,
    expected: null,
    contactOf: () => NO_SESSIONS,
    isSeen: () => false,
  };
  const knownAt = (newestGeneration: number) => (): ContactSessions => ({
    ...NO_SESSIONS,
    newestGeneration,
  });

  it('and taken where nothing speaks against it', () => {
    expect(refuseRequest(opened, rules)).toBeNull();
    expect(refuseRequest(opened, { ...rules, expected: ada.identity })).toBeNull();
  });

  it('refused: own, another person’s, sent again', () => {
    expect(refuseRequest(opened, { ...rules, own: ada.identity })).toBe('own');
    expect(refuseRequest(opened, { ...rules, expected: bob.identity })).toBe('wrong_identity');
    const half = { ...ada.identity, agreementKey: bob.identity.agreementKey };
    expect(refuseRequest(opened, { ...rules, expected: half })).toBe('wrong_identity');
    const isSeen = (id: Uint8Array) => equalBytes(id, opened.id);
    expect(refuseRequest(opened, { ...rules, isSeen })).toBe('replayed');
  });

  it('refused after the code’s end and a day, by when the provider took it', () => {
    const end = code.expiresUnixMs + REQUEST_GRACE_MS;
    expect(refuseRequest(opened, { ...rules, arrivedUnixMs: end })).toBeNull();
    expect(refuseRequest(opened, { ...rules, arrivedUnixMs: end + 1 })).toBe('expired');
    const reset = { ...rules, codeExpiresUnixMs: null, arrivedUnixMs: end + 1 };
    expect(refuseRequest(opened, reset)).toBeNull();
  });

  it('refused where its generation is not newer, or far ahead of the clock', () => {
    const { generation } = opened;
    expect(refuseRequest(opened, { ...rules, contactOf: knownAt(generation - 1) })).toBeNull();
    expect(refuseRequest(opened, { ...rules, contactOf: knownAt(generation) })).toBe(
      'stale_generation',
    );
    const nowUnixMs = generation - GENERATION_AHEAD_MS_MAX;
    expect(refuseRequest(opened, { ...rules, nowUnixMs })).toBeNull();
    expect(refuseRequest(opened, { ...rules, nowUnixMs: nowUnixMs - 1 })).toBe('future_generation');
  });
});

describe('a reset', () => {
  const bobTarget = ownContactTarget(engine, NETWORK_HASH, bob.identity);
  const started = startHandshake(engine, ada.random, {
    identity: ada.identity,
    target: contactTarget(engine, NETWORK_HASH, bob.identity),
    returnAddress: ada.address,
    name: 'Ada',
    generation: NOW_UNIX_MS + 1,
    nowUnixMs: NOW_UNIX_MS,
  });

  it('needs nothing but identity keys, and ends in a session', () => {
    const opening = openHandshake(engine, bobTarget, started.message);
    if (!opening.ok) throw new Error(opening.reason);
    const accepted = acceptHandshake(engine, bob.random, {
      identity: bob.identity,
      opened: opening.opened,
      returnAddress: bob.address,
      name: 'Bob',
      nowUnixMs: NOW_UNIX_MS,
    });
    const finished = finishHandshake(engine, ada.random, {
      identity: ada.identity,
      pending: started.pending,
      message: accepted.message,
      nowUnixMs: NOW_UNIX_MS,
    });
    expect(finished.ok && finished.session.associated).toEqual(accepted.session.associated);
  });

  it('opens at no code, in no other network, and for nobody else', () => {
    expect(openHandshake(engine, target, started.message)).toEqual({ ok: false, reason: 'kind' });
    for (const other of [
      ownContactTarget(engine, new Uint8Array(8), bob.identity),
      ownContactTarget(engine, NETWORK_HASH, ada.identity),
    ]) {
      expect(openHandshake(engine, other, started.message)).toEqual({
        ok: false,
        reason: 'sealed',
      });
    }
  });

  it('is found by tags that both can compute and that differ by direction and pair', () => {
    const eve = createPerson(engine, 'eve');
    const adas = resetTags(engine, ada.identity, bob.identity);
    const bobsTags = resetTags(engine, bob.identity, ada.identity);
    expect(adas).toEqual({ toContact: bobsTags.toOneself, toOneself: bobsTags.toContact });
    const others = resetTags(engine, eve.identity, bob.identity);
    const tags = [adas.toContact, adas.toOneself, others.toContact, others.toOneself];
    expect(new Set([...tags, requestTag(engine, code)].map((tag) => tag.join())).size).toBe(5);
  });
});
