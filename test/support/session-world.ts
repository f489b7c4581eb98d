// Two people and a mix network between them that delays, reorders, repeats, loses and alters, for
// properties of sessions: who starts, who starts anew, and in which order things arrive, comes from
// a list of steps. What must hold is checked at every step and at the end; `violations` says what
// did not.
import { equalBytes, toHex, toUtf8 } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import {
  type ContactSessions,
  NO_SESSIONS,
  nextGeneration,
  type Received,
  receiveFromContact,
  receiveTags,
  refuseRequest,
  SESSIONS_MAX,
  sealForContact,
  withPending,
  withSession,
} from '../../shared/session/contact-sessions.ts';
import { acceptHandshake, openHandshake, startHandshake } from '../../shared/session/handshake.ts';
import {
  codeTarget,
  contactTarget,
  type HandshakeTarget,
  type OwnTarget,
  ownCodeTarget,
  ownContactTarget,
  requestTag,
  resetTags,
} from '../../shared/session/handshake-target.ts';
import { createCode, createPerson, NETWORK_HASH, NOW_UNIX_MS, type Person } from './people.ts';
import { fingerprintOf, recordingEngine } from './sessions.ts';

export type Step = {
  readonly by: 0 | 1;
  readonly act: 'send' | 'deliver' | 'repeat' | 'alter' | 'lose' | 'reset';
  readonly pick: number;
};
export type World = {
  readonly starters: readonly (0 | 1)[];
  readonly steps: readonly Step[];
  /** Replaces parts of the program by wrong ones, which the checks must find. */
  readonly plant?: Partial<Program>;
};
export type Program = {
  readonly seal: typeof sealForContact;
  readonly receive: typeof receiveFromContact;
  readonly accept: typeof withSession;
};
export type Outcome = {
  readonly violations: readonly string[];
  readonly sentCount: number;
  readonly receivedCount: number;
  readonly lostCount: number;
  readonly sessionCount: number;
};

/** Overtaken so often, a packet arrives: what a closed chain awaits stays within its limits. */
const OVERTAKEN_MAX = 4;
/** More than are kept would forget what is on its way: that limit has a test of its own. */
const HANDSHAKES_MAX = SESSIONS_MAX;

type Packet = { readonly tag: Uint8Array; readonly message: Uint8Array; overtaken: number };
type Side = {
  readonly person: Person;
  readonly codeTarget: OwnTarget;
  readonly codeTag: Uint8Array;
  readonly resetTarget: OwnTarget;
  readonly resetTag: Uint8Array;
  contact: ContactSessions;
  /** On their way to this side. */
  readonly inbound: Packet[];
  readonly delivered: Packet[];
  readonly early: Packet[];
  readonly seenRequests: Uint8Array[];
  readonly received: string[];
  readonly sent: string[];
  readonly lost: string[];
};

export function runWorld(engine: CryptoEngine, world: World): Outcome {
  const recording = recordingEngine(engine);
  const program: Program = {
    seal: sealForContact,
    receive: receiveFromContact,
    accept: withSession,
    ...world.plant,
  };
  const play = new Play(recording.engine, program);
  for (const by of world.starters) play.startContact(by);
  for (const step of world.steps) play.step(step);
  play.deliverAll();
  play.checkEnd();
  for (const place of recording.reused) play.violations.push(`two things under ${place}`);
  const sum = (count: (side: Side) => number) =>
    play.sides.reduce((all, one) => all + count(one), 0);
  return {
    violations: play.violations,
    sentCount: sum(({ sent }) => sent.length),
    receivedCount: sum(({ received }) => received.length),
    lostCount: sum(({ lost }) => lost.length),
    sessionCount: sum(({ contact }) => contact.sessions.length),
  };
}

class Play {
  readonly violations: string[] = [];
  readonly sides: readonly [Side, Side];
  readonly #engine: CryptoEngine;
  readonly #program: Program;
  readonly #codes: readonly [HandshakeTarget, HandshakeTarget];
  #now = NOW_UNIX_MS;
  #handshakes = 0;

  constructor(engine: CryptoEngine, program: Program) {
    this.#engine = engine;
    this.#program = program;
    const people = [createPerson(engine, 'ada'), createPerson(engine, 'bob')] as const;
    const [ada, bob] = people;
    const codes = [createCode(engine, ada), createCode(engine, bob)] as const;
    const sideOf = (me: 0 | 1): Side => {
      const person = people[me];
      const { code, prekey } = codes[me];
      const { identity } = person;
      return {
        person,
        codeTarget: ownCodeTarget(engine, identity, code, prekey.secretKey),
        codeTag: requestTag(engine, code),
        resetTarget: ownContactTarget(engine, NETWORK_HASH, identity),
        resetTag: resetTags(engine, identity, people[other(me)].identity).toOneself,
        contact: NO_SESSIONS,
        inbound: [],
        delivered: [],
        early: [],
        seenRequests: [],
        received: [],
        sent: [],
        lost: [],
      };
    };
    this.sides = [sideOf(0), sideOf(1)];
    this.#codes = [codeTarget(engine, codes[0].code), codeTarget(engine, codes[1].code)];
  }

  startContact(by: 0 | 1): void {
    this.#start(by, this.#codes[other(by)], this.sides[other(by)].codeTag);
  }

  step({ by, act, pick }: Step): void {
    this.#now += 1_000;
    const side = this.sides[by];
    if (act === 'send') this.#send(by);
    if (act === 'reset') this.#reset(by);
    if (act === 'deliver') this.#deliver(side, pick);
    if (act === 'repeat') {
      const packet = side.delivered[pick % Math.max(1, side.delivered.length)];
      if (packet !== undefined) this.#takeRefused(side, packet, 'a repeated packet');
    }
    const index = pick % Math.max(1, side.inbound.length);
    const packet = side.inbound[index];
    if (packet === undefined) return;
    if (act === 'alter') {
      const message = packet.message.slice();
      const offset = (pick * 31) % message.length;
      message[offset] = (message[offset] ?? 0) ^ (1 << (pick % 8));
      this.#takeRefused(side, { ...packet, message }, 'an altered packet');
    }
    // Handshakes are sent until they are answered; a lost message is gone for good.
    if (act === 'lose' && packet.message[0] === 3) {
      side.inbound.splice(index, 1);
      side.lost.push(toHex(packet.message.subarray(0, 13)));
    }
  }

  #reset(by: 0 | 1): void {
    if (this.sides[by].contact.sessions.length === 0) return;
    const peer = this.sides[other(by)];
    const target = contactTarget(this.#engine, NETWORK_HASH, peer.person.identity);
    this.#start(by, target, peer.resetTag);
  }

  deliverAll(): void {
    for (let round = 0; round < 6; round++) {
      for (const side of this.sides) while (side.inbound.length > 0) this.#deliver(side, 0);
    }
  }

  checkEnd(): void {
    const [ada, bob] = this.sides;
    this.#checkAllArrived(ada, bob);
    this.#checkAllArrived(bob, ada);
    const first = (side: Side) => side.contact.sessions[0];
    const [one, two] = [first(ada), first(bob)];
    if (one === undefined || two === undefined) {
      if (one !== two) this.violations.push('one side alone has a session');
      return;
    }
    const isSame = one.generation === two.generation && equalBytes(one.starterKey, two.starterKey);
    if (!isSame) this.violations.push('the sides send on different sessions');
    for (const by of [0, 1] as const) this.#send(by);
    this.deliverAll();
    this.#checkAllArrived(ada, bob);
    this.#checkAllArrived(bob, ada);
  }

  #checkAllArrived(from: Side, to: Side): void {
    const missing = from.sent.length - to.lost.length - new Set(to.received).size;
    if (missing !== 0) this.violations.push(`${missing} messages to ${to.person.name} are missing`);
    if (new Set(to.received).size !== to.received.length) this.violations.push('one came twice');
    if (to.early.length > 0) this.violations.push('early messages were never opened');
  }

  #start(by: 0 | 1, target: HandshakeTarget, tag: Uint8Array): void {
    if (this.#handshakes++ >= HANDSHAKES_MAX) return;
    const side = this.sides[by];
    const { identity, random, address } = side.person;
    const { pending, message } = startHandshake(this.#engine, random, {
      identity,
      target,
      returnAddress: address,
      name: 'somebody',
      generation: nextGeneration(side.contact, this.#now),
      nowUnixMs: this.#now,
    });
    side.contact = withPending(side.contact, pending);
    this.sides[other(by)].inbound.push({ tag, message, overtaken: 0 });
  }

  #send(by: 0 | 1): void {
    const side = this.sides[by];
    const text = `${by} ${side.sent.length}`;
    const sealed = this.#program.seal(this.#engine, side.contact, toUtf8(text));
    if (sealed === null) return;
    side.contact = sealed.contact;
    side.sent.push(text);
    const packet = { tag: sealed.contactTag, message: sealed.message, overtaken: 0 };
    this.sides[other(by)].inbound.push(packet);
  }

  #deliver(side: Side, pick: number): void {
    const due = side.inbound.findIndex(({ overtaken }) => overtaken >= OVERTAKEN_MAX);
    const index = due >= 0 ? due : pick % Math.max(1, side.inbound.length);
    const [packet] = side.inbound.splice(index, 1);
    if (packet === undefined) return;
    for (const passed of side.inbound.slice(0, index)) passed.overtaken++;
    side.delivered.push(packet);
    this.#take(side, packet);
  }

  /** A refused packet leaves the state as it was, whatever it is. */
  #takeRefused(side: Side, packet: Packet, what: string): void {
    const before = fingerprintOf(side.contact);
    const receivedCount = side.received.length;
    const early = side.early.length;
    this.#take(side, packet);
    side.early.splice(early);
    if (fingerprintOf(side.contact) !== before) this.violations.push(`${what} changed a state`);
    if (side.received.length !== receivedCount) this.violations.push(`${what} was taken`);
  }

  #take(side: Side, packet: Packet): void {
    const target = [
      { tag: side.codeTag, own: side.codeTarget },
      { tag: side.resetTag, own: side.resetTarget },
    ].find(({ tag }) => equalBytes(tag, packet.tag));
    if (target !== undefined) {
      this.#takeRequest(side, target.own, packet);
      return;
    }
    if (!receiveTags(side.contact).some((tag) => equalBytes(tag, packet.tag))) {
      this.violations.push('a tag is unknown');
      return;
    }
    this.#applyReceived(side, packet, this.#receive(side, packet));
  }

  #receive(side: Side, { tag, message }: Packet): Received {
    const { identity, random } = side.person;
    return this.#program.receive(this.#engine, random, {
      identity,
      contact: side.contact,
      contactTag: tag,
      message,
      nowUnixMs: this.#now,
    });
  }

  #applyReceived(side: Side, packet: Packet, received: Received): void {
    if (!received.ok) {
      if (received.reason === 'early') side.early.push(packet);
      return;
    }
    side.contact = received.contact;
    if (received.kind === 'message') {
      side.received.push(new TextDecoder().decode(received.plaintext));
      if (received.forgottenCount > 0) this.violations.push('keys were forgotten');
      return;
    }
    for (const waiting of side.early.splice(0)) this.#take(side, waiting);
  }

  #takeRequest(side: Side, target: OwnTarget, { message }: Packet): void {
    const { identity, random, address } = side.person;
    const opening = openHandshake(this.#engine, target, message);
    if (!opening.ok) return;
    const { opened } = opening;
    const peer = this.sides[this.sides[0] === side ? 1 : 0];
    const reason = refuseRequest(opened, {
      own: identity,
      nowUnixMs: this.#now,
      arrivedUnixMs: this.#now,
      codeExpiresUnixMs: null,
      expected: peer.person.identity,
      contactOf: () => side.contact,
      isSeen: (id) => side.seenRequests.some((seen) => equalBytes(seen, id)),
    });
    if (reason !== null) return;
    const accepted = acceptHandshake(this.#engine, random, {
      identity,
      opened,
      returnAddress: address,
      name: 'somebody',
      nowUnixMs: this.#now,
    });
    side.seenRequests.push(opened.id);
    side.contact = this.#program.accept(side.contact, accepted.session);
    const tag = opened.request.tagToStarter;
    peer.inbound.push({ tag, message: accepted.message, overtaken: 0 });
  }
}

function other(by: 0 | 1): 0 | 1 {
  return by === 0 ? 1 : 0;
}
