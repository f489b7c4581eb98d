// Who a link belongs to, what it may send, and what each wrong proof is refused as.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  RATE_DEPTH_PACKETS,
  RATE_DEPTH_PULLS,
  RATE_HELD_UP_MS,
  RATE_SLACK,
} from '../../../main/mixnet/mailbox-rates.ts';
import {
  createProviderClients,
  type ProviderClients,
  REGISTRATIONS_PER_LINK_MAX,
} from '../../../main/mixnet/provider-clients.ts';
import type { PeerId } from '../../../main/mixnet/role.ts';
import { toHex } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { mailboxOf } from '../../../shared/network/address.ts';
import {
  type PullRequest,
  pullProofMessage,
  registrationProofMessage,
} from '../../../shared/network/mailbox-frames.ts';
import { trafficSets } from '../../../shared/network/traffic.ts';
import { drawBytes } from '../../../shared/random.ts';
import { openProvider, removeMailboxes, type TestProvider } from '../../support/provider.ts';
import { seededRandom } from '../../support/random.ts';

const random = seededRandom('provider clients');
const networkHash = drawBytes(random, 8);
const identityKey = drawBytes(random, 32);
const link = 'client:1' as const;
const at = (ms: number) => ({ monotonicMs: ms, unixMs: ms });
type Owner = { readonly authKey: Uint8Array; readonly secretKey: Uint8Array };
function owner(): Owner {
  const authKey = new Uint8Array(32);
  const secretKey = new Uint8Array(64);
  nobleEngine.ed25519KeyPair(authKey, secretKey, drawBytes(random, 32));
  return { authKey, secretKey };
}
const ann = owner();
const mailbox = mailboxOf(nobleEngine, ann.authKey);

let clients: ProviderClients;
let provider: TestProvider;
afterAll(removeMailboxes);

function open(
  registration: 'open' | ReadonlySet<string> = 'open',
  traffic = trafficSets.standard,
): ProviderClients {
  provider = openProvider();
  return createProviderClients({
    engine: nobleEngine,
    random,
    store: provider.store,
    mail: provider.mail,
    networkHash,
    identityKey,
    traffic: () => traffic,
    registration,
    retentionMs: 5,
    mailsMax: 7,
  });
}

const context = (challenge: Uint8Array) => ({ networkHash, providerKey: identityKey, challenge });

function sign(message: Uint8Array, by: Owner): Uint8Array {
  const proof = new Uint8Array(64);
  nobleEngine.ed25519Sign(proof, message, by.secretKey);
  return proof;
}

function register(
  challenge: Uint8Array,
  by = ann,
  invite: Uint8Array | null = null,
  peer: PeerId = link,
) {
  const message = registrationProofMessage(context(challenge), by.authKey, invite);
  const frame = { authKey: by.authKey, proof: sign(message, by), invite };
  return clients.register(peer, { kind: 'registration-request', ...frame }, at(0)).result;
}

function pull(
  challenge: Uint8Array,
  changes: Partial<PullRequest> = {},
  ms = 0,
  by = ann,
  peer: PeerId = link,
) {
  const proof = sign(pullProofMessage(context(challenge), mailbox), by);
  const instance = new Uint8Array(8);
  const sequences = { mailSequence: 0, acknowledgementSequence: 0 };
  const frame = { mailbox, proof, instance, serial: 3, ...sequences, command: null, ...changes };
  return clients.pull(peer, { kind: 'pull-request', ...frame }, at(ms));
}

beforeEach(() => {
  clients = open();
});

describe('registration', () => {
  it('takes a proof made for this link, and says what a mailbox is kept by', () => {
    const challenge = clients.open(link);
    const message = registrationProofMessage(context(challenge), ann.authKey, null);
    const frame = { authKey: ann.authKey, proof: sign(message, ann), invite: null };
    const answer = clients.register(link, { kind: 'registration-request', ...frame }, at(0));
    expect(answer).toMatchObject({ result: 'registered', mailbox, retentionMs: 5, mailsMax: 7 });
    expect(register(challenge)).toBe('known');
  });

  it('refuses the proof of another link, and too many tries', () => {
    clients.open(link);
    const results = [1, 2, 3, 4, 5].map(() => register(drawBytes(random, 32)));
    expect(results.slice(0, REGISTRATIONS_PER_LINK_MAX)).toEqual(Array(4).fill('wrong_proof'));
    expect(results[REGISTRATIONS_PER_LINK_MAX]).toBe('too_many_requests');
    expect(clients.refusals()).toMatchObject({ 'registration-proof': 4, 'registration-rate': 1 });
  });

  it('by invite: each registers one mailbox, and its owner may come back without', () => {
    const invite = drawBytes(random, 32);
    clients = open(new Set([toHex(invite)]));
    const challenge = clients.open(link);
    expect(register(challenge)).toBe('invite_needed');
    expect(register(challenge, ann, drawBytes(random, 32))).toBe('invite_unknown');
    expect(register(challenge, ann, invite)).toBe('registered');
    const again = clients.open(link);
    expect(register(again, owner(), invite)).toBe('invite_used');
    expect(register(again)).toBe('known');
  });
});

describe('packets', () => {
  it('are taken from a registered link alone, at the published rate with slack', () => {
    const challenge = clients.open(link);
    expect(clients.mayPass(link, at(0))).toBe(false);
    register(challenge);
    const taken = Array.from({ length: 100 }, () => clients.mayPass(link, at(0)));
    expect(taken.filter((isTaken) => isTaken)).toHaveLength(RATE_DEPTH_PACKETS);
    expect(clients.refusals()).toMatchObject({ 'not-registered': 1, 'packet-rate': 36 });
    expect(clients.mayPass('client:2', at(0))).toBe(false);
  });

  it('have one rate for a mailbox, on many links and on new ones', () => {
    const links = Array.from({ length: 8 }, (_, index) => `client:${index + 10}` as const);
    const take = (peer: PeerId) => clients.mayPass(peer, at(0));
    let taken = 0;
    for (const peer of links) {
      register(clients.open(peer), ann, null, peer);
      for (let packet = 0; packet < 40; packet++) if (take(peer)) taken += 1;
    }
    expect(taken).toBe(RATE_DEPTH_PACKETS);
    for (const peer of links) clients.close(peer, at(0));
    register(clients.open(link));
    expect(take(link)).toBe(false);
    register(clients.open('client:2'), owner(), null, 'client:2');
    expect(take('client:2')).toBe(true);
  });

  it('are taken all at once after a provider, or a line, stood for five seconds', () => {
    clients = open('open', trafficSets.test);
    register(clients.open(link));
    const came = (RATE_HELD_UP_MS / 1_000) * 40;
    const taken = Array.from({ length: 2 * came }, () => clients.mayPass(link, at(0)));
    expect(taken.slice(0, came)).not.toContain(false);
    expect(taken.filter((isTaken) => isTaken)).toHaveLength(came * RATE_SLACK);
  });
});

describe('a pull', () => {
  it('needs the proof of its mailbox owner, made for this link', () => {
    const challenge = clients.open(link);
    expect(pull(challenge)).toBeNull();
    register(challenge);
    expect(pull(drawBytes(random, 32))).toBeNull();
    expect(pull(challenge, {}, 0, owner())).toBeNull();
    expect(pull(challenge)).toMatchObject({
      kind: 'pull-answer',
      serial: 3,
      mails: [],
      mailBacklog: 0,
    });
    expect(clients.refusals()['pull-proof']).toBe(3);
    const anothers = mailboxOf(nobleEngine, owner().authKey);
    expect(pull(challenge, { mailbox: anothers })).toBeNull();
  });

  it('hands on what it acknowledges and its command, and is bounded in rate', () => {
    const challenge = clients.open(link);
    register(challenge);
    const token = new Uint8Array(16).fill(1);
    const limits = { quota: null, expiresUnixMs: null };
    const put = { kind: 'put' as const, token, tokenKind: 'contacts' as const, ...limits };
    pull(challenge, { command: { ...put, number: 9 } });
    provider.mail.wake(at(1_000));
    expect(pull(challenge)).toMatchObject({ tokenCommandNumber: 9 });
    const mails = [{ mailbox, token, content: new Uint8Array(1_627) }];
    provider.store.commit({ mails, acknowledgements: [], progress: [], tokens: [] }, at(0));
    expect(pull(challenge)).toMatchObject({ mailBacklog: 1, mails: [{ sequence: 1 }] });
    pull(challenge, { mailSequence: 1 });
    provider.mail.wake(at(2_000));
    expect(pull(challenge, {}, 60_000)).toMatchObject({ mailBacklog: 0, mails: [] });
    const answers = Array.from({ length: RATE_DEPTH_PULLS }, () => pull(challenge, {}, 60_000));
    expect(answers.at(-2)).toMatchObject({ kind: 'pull-answer' });
    expect(answers.at(-1)).toBe('busy');
  });

  it('of many links of a mailbox is bounded by what one may ask', () => {
    const links = Array.from({ length: 4 }, (_, index) => `client:${index + 10}` as const);
    const answers = links.flatMap((peer) => {
      const challenge = clients.open(peer);
      register(challenge, ann, null, peer);
      return Array.from({ length: 8 }, () => pull(challenge, {}, 0, ann, peer));
    });
    expect(answers.filter((answer) => answer !== 'busy')).toHaveLength(RATE_DEPTH_PULLS);
    expect(answers).not.toContain(null);
    expect(clients.refusals()['pull-rate']).toBe(32 - RATE_DEPTH_PULLS);
  });

  it('tells two copies on links of their own, for as long as both pull', () => {
    const doors = [1, 2].map((instance) => {
      const peer = `client:${instance + 10}` as const;
      const challenge = clients.open(peer);
      register(challenge, ann, null, peer);
      return { peer, challenge, instance: new Uint8Array(8).fill(instance) };
    });
    const interval = trafficSets.standard.pullIntervalMs;
    const seen = [0, 0];
    for (let turn = 0; turn < 60; turn++) {
      for (const [index, { peer, challenge, instance }] of doors.entries()) {
        const answer = pull(challenge, { instance }, turn * interval + index, ann, peer);
        if (answer !== null && answer !== 'busy' && answer.isOtherCopySeen) {
          seen[index] = turn;
        }
      }
    }
    expect(Math.min(...seen)).toBeGreaterThan(50);
  });

  it('tells two copies that take turns, and not a restart', () => {
    const challenge = clients.open(link);
    register(challenge);
    const seen = (instance: number, ms: number) => {
      const answer = pull(challenge, { instance: new Uint8Array(8).fill(instance) }, ms * 10_000);
      return answer !== null && answer !== 'busy' && answer.isOtherCopySeen;
    };
    expect([seen(1, 0), seen(1, 1), seen(2, 2), seen(2, 3)]).toEqual([false, false, false, false]);
    expect([seen(1, 4), seen(1, 5), seen(2, 6)]).toEqual([true, false, true]);
  });
});
