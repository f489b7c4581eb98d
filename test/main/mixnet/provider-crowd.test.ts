// Who gets in at a provider where many come at once and some of them are hostile: the whole role,
// with a real store, and every link in the test's hands.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { MailboxStore } from '../../../main/mixnet/mailbox-store.ts';
import {
  CLIENT_REFUSALS,
  NEW_MAILBOXES_DEPTH,
  NEW_MAILBOXES_PER_SECOND,
  REGISTRATION_AGAIN_MS,
  REGISTRATIONS_PER_LINK_MAX,
} from '../../../main/mixnet/provider-clients.ts';
import type { LinkEffect, PeerId } from '../../../main/mixnet/role.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { decodeFrame, encodeFrame, type Frame } from '../../../shared/network/frames.ts';
import { registrationProofMessage } from '../../../shared/network/mailbox-frames.ts';
import { networkHash } from '../../../shared/network/network-file.ts';
import { trafficSets } from '../../../shared/network/traffic.ts';
import { drawBytes } from '../../../shared/random.ts';
import { fastestEngine } from '../../support/engines.ts';
import { makeNetwork, type TestNetwork } from '../../support/network.ts';
import { openMailboxes, removeMailboxes } from '../../support/provider.ts';
import {
  openProviderRole,
  type ProviderRole,
  sinceStart,
  TRAFFIC,
} from '../../support/provider-role.ts';
import { seededRandom } from '../../support/random.ts';

const random = seededRandom('provider crowd');
const K = trafficSets[TRAFFIC].pullMailCount;
const CROWD = 1_000;

type Owner = { readonly authKey: Uint8Array; readonly secretKey: Uint8Array };
type Door = { readonly peer: PeerId; readonly challenge: Uint8Array };

let engine: CryptoEngine;
let made: TestNetwork;
let store: MailboxStore;
let provider: ProviderRole;
let serial = 0;

beforeAll(async () => {
  engine = await fastestEngine();
  made = makeNetwork({ seed: 'provider crowd', engine });
});
beforeEach(() => {
  store = openMailboxes();
  provider = start(0);
});
afterAll(removeMailboxes);

/** The role anew over what its store has. */
function start(ms: number): ProviderRole {
  return openProviderRole(made, store, random, sinceStart(ms));
}

function owner(): Owner {
  const authKey = new Uint8Array(32);
  const secretKey = new Uint8Array(64);
  engine.ed25519KeyPair(authKey, secretKey, drawBytes(random, 32));
  return { authKey, secretKey };
}
const owners = (count: number) => Array.from({ length: count }, owner);

function frameOf(effects: readonly LinkEffect[]): Frame {
  for (const effect of effects) {
    const decoded = effect.kind === 'send' ? decodeFrame(effect.frame, K) : null;
    if (decoded?.ok === true) return decoded.frame;
  }
  throw new Error('the provider answers');
}

/** A link of somebody who has shown nothing yet. */
function connect(ms: number): Door {
  const peer: PeerId = `client:${serial++}`;
  const hello = frameOf(provider.role.receive({ kind: 'link-up', peer }, sinceStart(ms)));
  if (hello.kind !== 'hello') throw new Error('a hello comes first');
  return { peer, challenge: hello.challenge };
}

function tryAt(door: Door, by: Owner, ms: number, isWrong = false): string {
  const context = {
    networkHash: networkHash(engine, made.network),
    providerKey: provider.node.identity.publicKey,
    challenge: door.challenge,
  };
  const proof = new Uint8Array(64);
  const message = registrationProofMessage(context, by.authKey, null);
  engine.ed25519Sign(proof, message, by.secretKey);
  if (isWrong) proof[3] = (proof[3] ?? 0) ^ 1;
  const request = {
    kind: 'registration-request',
    authKey: by.authKey,
    proof,
    invite: null,
  } as const;
  const input = { kind: 'frame', peer: door.peer, frame: encodeFrame(request, K) } as const;
  const answer = frameOf(provider.role.receive(input, sinceStart(ms)));
  if (answer.kind !== 'registration-answer') throw new Error('a registration is answered');
  return answer.result;
}
const enter = (by: Owner, ms: number) => tryAt(connect(ms), by, ms);

/** What came of each, counted. */
function count(results: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

it('lets everybody in whose mailbox it knows, all at once after a restart', () => {
  const crowd = owners(CROWD);
  const gapMs = 1_000 / NEW_MAILBOXES_PER_SECOND;
  const first = crowd.map((one, index) => enter(one, index * gapMs));
  expect(count(first)).toEqual({ registered: CROWD });
  provider = start(60_000);
  expect(count(crowd.map((one) => enter(one, 60_000)))).toEqual({ known: CROWD });
});

it('lets nobody keep others out with proofs that are wrong', () => {
  const honest = owners(20);
  expect(count(honest.map((one) => enter(one, 0)))).toEqual({ registered: 20 });
  const liar = owner();
  const links = NEW_MAILBOXES_DEPTH / REGISTRATIONS_PER_LINK_MAX + 1;
  for (let link = 0; link < links; link++) {
    const door = connect(1_000);
    for (let proof = 0; proof < REGISTRATIONS_PER_LINK_MAX; proof++) tryAt(door, liar, 1_000, true);
  }
  expect(count(honest.map((one) => enter(one, 1_000)))).toEqual({ known: 20 });
  expect(count(owners(20).map((one) => enter(one, 1_000)))).toEqual({ registered: 20 });
});

it('lets nobody keep known mailboxes out with new ones', () => {
  const honest = owners(20);
  for (const one of honest) enter(one, 0);
  const flood = owners(NEW_MAILBOXES_DEPTH + 20).map((one) => enter(one, 30_000));
  expect(count(flood)).toEqual({ registered: NEW_MAILBOXES_DEPTH, too_many_requests: 20 });
  expect(count(honest.map((one) => enter(one, 30_000)))).toEqual({ known: 20 });
  // Who is new comes again.
  const late = owner();
  expect(enter(late, 30_000)).toBe('too_many_requests');
  expect(enter(late, 30_000 + 1_000 / NEW_MAILBOXES_PER_SECOND)).toBe('registered');
  const { clientRefusals } = provider.role.counters();
  expect(clientRefusals).toEqual({
    ...Object.fromEntries(CLIENT_REFUSALS.map((reason) => [reason, 0])),
    'registration-new': 21,
  });
});

it('looks at so many proofs of a link at once, and at one more after a while', () => {
  const door = connect(0);
  const [liar, honest] = [owner(), owner()];
  const tries = Array.from({ length: 6 }, () => tryAt(door, liar, 0, true));
  expect(count(tries)).toEqual({
    wrong_proof: REGISTRATIONS_PER_LINK_MAX,
    too_many_requests: 6 - REGISTRATIONS_PER_LINK_MAX,
  });
  expect(tryAt(door, honest, REGISTRATION_AGAIN_MS - 1)).toBe('too_many_requests');
  for (let turn = 1; turn <= 10; turn++) {
    expect(tryAt(door, liar, turn * REGISTRATION_AGAIN_MS, true)).toBe('wrong_proof');
  }
  expect(tryAt(door, honest, 11 * REGISTRATION_AGAIN_MS)).toBe('registered');
});
