// The Double Ratchet: out of order is the normal case, limits hold at the limit and one past it,
// what does not open changes nothing, and no key seals two things.
import { describe, expect, it } from 'vitest';
import { concatBytes, toHex, toUtf8 } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { drawBelow, drawBytes, type RandomSource } from '../../../shared/random.ts';
import {
  MESSAGE_OVERHEAD,
  type OpenedMessage,
  openMessage,
  sealMessage,
} from '../../../shared/session/ratchet.ts';
import { decodeSession, encodeSession } from '../../../shared/session/session-codec.ts';
import {
  CLOSED_CHAINS_MAX,
  forgetSkippedKeys,
  JUMP_MAX,
  type Session,
  SKIPPED_KEYS_MAX,
  skippedKeyCount,
} from '../../../shared/session/session-state.ts';
import { fastestEngine } from '../../support/engines.ts';
import { NOW_UNIX_MS } from '../../support/people.ts';
import { seededRandom } from '../../support/random.ts';
import { recordingEngine, shakeHands } from '../../support/sessions.ts';

const engine = await fastestEngine();
const random = seededRandom('ratchet');
const { starterSession: ada, acceptorSession: bob } = shakeHands(engine, 'ratchet');

const open = (
  session: Session,
  message: Uint8Array,
  by: CryptoEngine = engine,
  source: RandomSource = random,
): OpenedMessage => openMessage(by, source, { session, message, nowUnixMs: NOW_UNIX_MS });

function openOk(session: Session, message: Uint8Array) {
  const opened = open(session, message);
  if (!opened.ok) throw new Error(`a message opens: ${opened.reason}`);
  return opened;
}
function reasonOf(session: Session, message: Uint8Array): string {
  const opened = open(session, message);
  return opened.ok ? 'ok' : opened.reason;
}
/** `count` messages in a row; their texts are their numbers. */
function sealMany(from: Session, count: number): { session: Session; messages: Uint8Array[] } {
  let session = from;
  const messages = Array.from({ length: count }, (_, index) => {
    const sealed = sealMessage(engine, session, toUtf8(String(index)));
    session = sealed.session;
    return sealed.message;
  });
  return { session, messages };
}
const pick = (messages: readonly Uint8Array[], index: number): Uint8Array => {
  const message = messages.at(index);
  if (message === undefined) throw new Error(`no message ${index}`);
  return message;
};
/** One message each way, both delivered: both have new keys. */
function pingPong(from: Session, to: Session): [Session, Session] {
  const sealed = sealMessage(engine, from, toUtf8('ping'));
  const heard = openOk(to, sealed.message).session;
  const answer = sealMessage(engine, heard, toUtf8('pong'));
  return [openOk(sealed.session, answer.message).session, answer.session];
}

describe('a session', () => {
  it('opens in order, in reverse, and shuffled, each message once', () => {
    const { messages } = sealMany(ada, 20);
    const orders = [
      messages.map((_, index) => index),
      messages.map((_, index) => 19 - index),
      messages.map((_, index) => (index * 7) % 20),
    ];
    for (const order of orders) {
      let session = bob;
      for (const index of order) {
        const opened = openOk(session, pick(messages, index));
        expect(opened.plaintext).toEqual(toUtf8(String(index)));
        session = opened.session;
      }
      expect(skippedKeyCount(session)).toBe(0);
      expect(reasonOf(session, pick(messages, 3))).toBe('repeated');
    }
  });

  it('carries plaintexts of any length, 85 bytes longer', () => {
    for (const size of [0, 1, 1_470, 100_000]) {
      const plaintext = drawBytes(random, size);
      const { message } = sealMessage(engine, ada, plaintext);
      expect(message).toHaveLength(size + MESSAGE_OVERHEAD);
      expect(openOk(bob, message).plaintext).toEqual(plaintext);
    }
  });

  it('lets either begin, and both at once', () => {
    const fromBob = sealMessage(engine, bob, toUtf8('b'));
    const fromAda = sealMessage(engine, ada, toUtf8('a'));
    const bobHeard = openOk(fromBob.session, fromAda.message);
    const adaHeard = openOk(fromAda.session, fromBob.message);
    const [one, two] = pingPong(adaHeard.session, bobHeard.session);
    pingPong(two, one);
  });

  it('replaces every key with each turn', () => {
    const [adaNext, bobNext] = pingPong(...pingPong(ada, bob));
    for (const [before, after] of [
      [ada, adaNext],
      [bob, bobNext],
    ] as const) {
      expect(after.rootKey).not.toEqual(before.rootKey);
      expect(after.ownKey.secretKey).not.toEqual(before.ownKey.secretKey);
      expect(after.sendChain.chainKey).not.toEqual(before.sendChain.chainKey);
      expect(after.sendChain.headerKey).not.toEqual(before.sendChain.headerKey);
    }
    // What an old state knows opens nothing of the new one.
    const { message } = sealMessage(engine, adaNext, toUtf8('later'));
    expect(reasonOf(bob, message)).toBe('header');
  });

  it('shows no counter, key or tag in a message', () => {
    const first = sealMessage(engine, ada, toUtf8('x'));
    const second = sealMessage(engine, first.session, toUtf8('x'));
    const text = toHex(first.message);
    expect(text).not.toContain(toHex(ada.ownKey.publicKey));
    expect(text).not.toContain(toHex(ada.sendTag));
    // But for the kind, no four bytes of one stand in the other at the same place.
    const same = [...first.message].map((byte, index) => byte === second.message[index]);
    expect(same.slice(1).join('').includes('true'.repeat(4))).toBe(false);
  });

  it('is sealed the same way twice from one state, so that a crash before storing shows nothing', () => {
    const plaintext = toUtf8('again');
    expect(sealMessage(engine, ada, plaintext)).toEqual(sealMessage(engine, ada, plaintext));
  });
});

describe('a message is refused and changes nothing', () => {
  const [warmAda, warmBob] = pingPong(ada, bob);
  const { messages } = sealMany(warmAda, 3);
  const before = toHex(encodeSession(warmBob));
  const unused: RandomSource = {
    fill: () => {
      throw new Error('a refused message draws nothing');
    },
  };

  it('with any bit of any byte flipped', () => {
    for (const message of [
      pick(messages, 0),
      pick(messages, 2),
      sealMessage(engine, warmAda, drawBytes(random, 300)).message,
    ]) {
      for (let offset = 0; offset < message.length; offset++) {
        for (let bit = 0; bit < 8; bit++) {
          const altered = message.with(offset, (message[offset] ?? 0) ^ (1 << bit));
          const opened = open(warmBob, altered, engine, unused);
          const expected = offset === 0 ? 'kind' : offset < 69 ? 'header' : 'body';
          expect(opened, `byte ${offset}`).toEqual({ ok: false, reason: expected });
        }
      }
    }
    expect(toHex(encodeSession(warmBob))).toBe(before);
    expect(openOk(warmBob, pick(messages, 0)).plaintext).toEqual(toUtf8('0'));
  });

  it('cut, lengthened, of another session, or as noise', () => {
    const message = pick(messages, 1);
    for (let size = 0; size < message.length; size++) {
      expect(['length', 'body']).toContain(reasonOf(warmBob, message.subarray(0, size)));
    }
    expect(reasonOf(warmBob, concatBytes(message, Uint8Array.of(0)))).toBe('body');
    const other = shakeHands(engine, 'other').starterSession;
    expect(reasonOf(warmBob, sealMessage(engine, other, toUtf8('x')).message)).toBe('header');
    const source = seededRandom('message noise');
    for (let run = 0; run < 1_000; run++) {
      const noise = drawBytes(source, drawBelow(source, 300));
      if (noise.length > 0) noise[0] = 3;
      expect(['length', 'header']).toContain(reasonOf(warmBob, noise));
    }
    expect(toHex(encodeSession(warmBob))).toBe(before);
  });

  it('sent back to its sender', () => {
    const sealed = sealMessage(engine, warmAda, toUtf8('mirror'));
    expect(reasonOf(sealed.session, sealed.message)).toBe('header');
  });

  it('and a program that changes a session on failure is found out', () => {
    // A planted defect: the chain moves on before the tag is checked.
    const hasty = (session: Session, message: Uint8Array): OpenedMessage => {
      const opened = open(session, message);
      if (!opened.ok) session.receiveChains[0]?.chainKey?.fill(0);
      return opened;
    };
    const copy = decodeSession(engine, encodeSession(warmBob).slice());
    if (copy === null) throw new Error('a session comes back');
    hasty(copy, pick(messages, 0).with(80, 0));
    expect(toHex(encodeSession(copy))).not.toBe(before);
  });

  it('with a ratchet key of low order', () => {
    // Ada's program is broken: the key in her next header is the point of order two.
    const weak: Session = {
      ...warmAda,
      ownKey: { ...warmAda.ownKey, publicKey: new Uint8Array(32).with(0, 1) },
    };
    const { message } = sealMessage(engine, weak, toUtf8('weak'));
    expect(reasonOf(warmBob, message)).toBe('low_order');
  });
});

describe('the limits of skipped keys', () => {
  it('let one message pass over 2,000, and not over 2,001', () => {
    const { messages } = sealMany(ada, JUMP_MAX + 2);
    expect(reasonOf(bob, pick(messages, JUMP_MAX))).toBe('ok');
    expect(reasonOf(bob, pick(messages, JUMP_MAX + 1))).toBe('too_far');
    const heard = openOk(bob, pick(messages, JUMP_MAX)).session;
    expect(skippedKeyCount(heard)).toBe(JUMP_MAX);
    expect(openOk(heard, pick(messages, 0)).plaintext).toEqual(toUtf8('0'));
  });

  it('count what a new chain passes over in the old and in the new one together', () => {
    const [adaNext, bobNext] = pingPong(ada, bob);
    const old = sealMany(adaNext, 1_000);
    const heardOld = openOk(bobNext, pick(old.messages, 0));
    const answer = sealMessage(engine, heardOld.session, toUtf8('turn'));
    const turned = openOk(old.session, answer.message).session;
    const fresh = sealMany(turned, 1_003);
    // 999 of the old chain are missing.
    expect(reasonOf(answer.session, pick(fresh.messages, 1_001))).toBe('ok');
    expect(reasonOf(answer.session, pick(fresh.messages, 1_002))).toBe('too_far');
  });

  it('keep 2,000 keys and forget the oldest, saying how many', () => {
    const { messages } = sealMany(ada, 2 * JUMP_MAX + 3);
    const first = openOk(bob, pick(messages, JUMP_MAX));
    expect(first.forgottenCount).toBe(0);
    const second = openOk(first.session, pick(messages, JUMP_MAX + 2));
    expect(second.forgottenCount).toBe(1);
    expect(skippedKeyCount(second.session)).toBe(SKIPPED_KEYS_MAX);
    expect(reasonOf(second.session, pick(messages, 0))).toBe('repeated');
    expect(reasonOf(second.session, pick(messages, 1))).toBe('ok');
  });

  it('keep five closed chains that await messages, and not a sixth', () => {
    let [adas, bobs] = pingPong(ada, bob);
    const late: Uint8Array[] = [];
    let forgotten = 0;
    for (let turn = 0; turn < CLOSED_CHAINS_MAX + 1; turn++) {
      // The first message of each of Ada's chains stays behind, the second arrives.
      const { session, messages } = sealMany(adas, 2);
      late.push(pick(messages, 0));
      const heard = openOk(bobs, pick(messages, 1));
      forgotten += heard.forgottenCount;
      const answer = sealMessage(engine, heard.session, toUtf8('turn'));
      adas = openOk(session, answer.message).session;
      bobs = answer.session;
      expect(bobs.receiveChains.length).toBeLessThanOrEqual(1 + CLOSED_CHAINS_MAX);
    }
    expect(forgotten).toBe(0);
    expect(late.map((message) => reasonOf(bobs, message))).toEqual(late.map(() => 'ok'));
    const [, further] = pingPong(adas, bobs);
    expect(further.receiveChains).toHaveLength(1 + CLOSED_CHAINS_MAX);
    expect(reasonOf(further, pick(late, 0))).toBe('header');
    expect(reasonOf(further, pick(late, 1))).toBe('ok');
  });

  it('forget by age, as the caller says', () => {
    const { messages } = sealMany(ada, 5);
    const heard = openOk(bob, pick(messages, 3)).session;
    const limits = { keepMax: SKIPPED_KEYS_MAX, olderThanUnixMs: NOW_UNIX_MS };
    expect(forgetSkippedKeys(heard, limits).forgottenCount).toBe(0);
    const later = forgetSkippedKeys(heard, { ...limits, olderThanUnixMs: NOW_UNIX_MS + 1 });
    expect(later.forgottenCount).toBe(3);
    expect(reasonOf(later.session, pick(messages, 0))).toBe('repeated');
    expect(reasonOf(later.session, pick(messages, 4))).toBe('ok');
    const two = forgetSkippedKeys(heard, { keepMax: 2, olderThanUnixMs: 0 });
    expect(two.forgottenCount).toBe(1);
    expect(reasonOf(two.session, pick(messages, 0))).toBe('repeated');
    expect(reasonOf(two.session, pick(messages, 1))).toBe('ok');
  });
});

describe('the bytes of a session', () => {
  it('come back whole, with skipped keys and closed chains', () => {
    let [adas, bobs] = pingPong(ada, bob);
    const { session, messages } = sealMany(adas, 4);
    bobs = openOk(bobs, pick(messages, 2)).session;
    const answer = sealMessage(engine, bobs, toUtf8('turn'));
    adas = openOk(session, answer.message).session;
    bobs = openOk(answer.session, sealMessage(engine, adas, toUtf8('new')).message).session;
    expect(bobs.receiveChains).toHaveLength(2);
    for (const one of [ada, bob, adas, bobs]) {
      const bytes = encodeSession(one);
      expect(decodeSession(engine, bytes)).toEqual(one);
      for (let size = 0; size < bytes.length; size++) {
        expect(decodeSession(engine, bytes.subarray(0, size))).toBeNull();
      }
      expect(decodeSession(engine, concatBytes(bytes, Uint8Array.of(0)))).toBeNull();
      expect(decodeSession(engine, bytes.with(0, 2))).toBeNull();
    }
    const back = decodeSession(engine, encodeSession(bobs));
    if (back === null) throw new Error('a session comes back');
    expect(openOk(back, pick(messages, 0)).plaintext).toEqual(toUtf8('0'));
  });

  it('are read or refused, never thrown at, and have one form', () => {
    const source = seededRandom('session bytes');
    // The own public key is not among the bytes; computing it 20,000 times would say nothing.
    const idle: CryptoEngine = { ...engine, x25519Base: () => undefined };
    const bytes = encodeSession(openOk(bob, pick(sealMany(ada, 6).messages, 5)).session);
    for (let run = 0; run < 1_000; run++) {
      const altered = bytes.slice();
      for (let change = 0; change <= run % 3; change++) {
        altered[drawBelow(source, altered.length)] = drawBelow(source, 256);
      }
      const read = decodeSession(idle, altered);
      if (read !== null) expect(encodeSession(read)).toEqual(altered);
    }
  });
});

describe('no key seals two things', () => {
  it('over a long conversation', () => {
    const recording = recordingEngine(engine);
    let [adas, bobs] = [ada, bob];
    for (let turn = 0; turn < 200; turn++) {
      const sealed = sealMessage(recording.engine, adas, toUtf8(`a ${turn}`));
      const answer = sealMessage(recording.engine, bobs, toUtf8(`b ${turn}`));
      adas = openOk(sealed.session, answer.message).session;
      bobs = openOk(answer.session, sealed.message).session;
    }
    expect(recording.reused).toEqual([]);
    expect(recording.count()).toBe(2 * 2 * 200);
  });

  it('and a ratchet that stands still is found out', () => {
    const recording = recordingEngine(engine);
    sealMessage(recording.engine, ada, toUtf8('one'));
    sealMessage(recording.engine, ada, toUtf8('two'));
    // The header, which is the same both times, is not a second thing.
    expect(recording.reused).toHaveLength(1);
  });
});
