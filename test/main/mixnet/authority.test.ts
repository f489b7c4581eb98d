// The authority that signs alone: whom it lists, when it signs, and what it turns away.
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Authority,
  createAuthority,
  DESCRIPTORS_DEPTH,
  SETTLE_MS,
} from '../../../main/mixnet/authority.ts';
import type { LinkEffect } from '../../../main/mixnet/role.ts';
import { toHex } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { type NodeKind, signDescriptor } from '../../../shared/network/descriptor.ts';
import { type DescriptorResult, decodeFrame, encodeFrame } from '../../../shared/network/frames.ts';
import { verifyDocument } from '../../../shared/network/topology.ts';
import { trafficSets } from '../../../shared/network/traffic.ts';
import { drawBytes } from '../../../shared/random.ts';
import { memoryDocumentStore } from '../../support/memory-documents.ts';
import { type KeyPair, signingKey } from '../../support/network.ts';
import { seededRandom } from '../../support/random.ts';

const random = seededRandom('authority');
const identity = signingKey(random);
const nodes = Array.from({ length: 4 }, () => signingKey(random));
const network = {
  name: 'test',
  authorities: [{ key: identity.publicKey, addresses: ['127.0.0.1:1'] }],
  epoch0UnixMs: 1_000_000,
};
const { epochMs, pullMailCount } = trafficSets.demo;
const at = (ms: number) => ({ monotonicMs: ms, unixMs: network.epoch0UnixMs + ms });
const link = 'client:1' as const;

let authority: Authority;
let store: ReturnType<typeof memoryDocumentStore>;

const open = (ms = 0) => {
  const made = createAuthority(
    {
      engine: nobleEngine,
      random,
      network,
      identity,
      allowed: new Map(
        nodes.map(({ publicKey }, index) => [toHex(publicKey), `operator ${index}`]),
      ),
      traffic: 'demo',
      layerCount: 3,
      documentStore: store,
    },
    at(ms),
  );
  made.receive({ kind: 'link-up', peer: link }, at(ms));
  return made;
};

beforeEach(() => {
  store = memoryDocumentStore();
  authority = open();
});

type Changes = { kind?: NodeKind; operator?: string; publishedUnixMs?: number; port?: number };
function descriptorOf(key: KeyPair, index: number, changes: Changes = {}, epoch = 0): Uint8Array {
  return signDescriptor(
    nobleEngine,
    {
      identityKey: key.publicKey,
      kind: index === 3 ? 'provider' : 'mix',
      isRegistrationOpen: index === 3,
      protocolVersion: 1,
      publishedUnixMs: network.epoch0UnixMs,
      linkKeyHash: new Uint8Array(32),
      firstEpoch: epoch,
      sphinxKeys: [drawBytes(random, 32), drawBytes(random, 32), drawBytes(random, 32)],
      operator: `operator ${index}`,
      addresses: [`127.0.0.1:${10 + index}`],
      ...changes,
    },
    key.secretKey,
  );
}

function answerOf(effects: readonly LinkEffect[]) {
  const [effect] = effects;
  if (effect?.kind !== 'send') return null;
  const decoded = decodeFrame(effect.frame, pullMailCount);
  return decoded.ok ? decoded.frame : null;
}

function give(descriptor: Uint8Array, ms = 0): DescriptorResult | null {
  const frame = encodeFrame({ kind: 'descriptor', descriptor }, pullMailCount);
  const answer = answerOf(authority.receive({ kind: 'frame', peer: link, frame }, at(ms)));
  return answer?.kind === 'descriptor-answer' ? answer.result : null;
}

const giveAll = (ms: number, epoch = 0) => {
  const publishedUnixMs = network.epoch0UnixMs + ms;
  for (const [index, key] of nodes.entries()) {
    give(descriptorOf(key, index, { publishedUnixMs }, epoch), ms);
  }
};
const wake = (ms: number) => authority.wake(at(ms));
const newest = () => authority.newest()?.epoch ?? null;

describe('a descriptor', () => {
  it('is taken from the nodes on the list, under the operator that the list says', () => {
    const [first] = nodes;
    if (first === undefined) throw new Error('must hold: there are nodes');
    const stranger = signingKey(random);
    const forged = descriptorOf(first, 0);
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(give(descriptorOf(first, 0))).toBe('accepted');
    expect(give(descriptorOf(stranger, 0))).toBe('not_allowed');
    expect(give(descriptorOf(first, 0, { operator: 'operator 1' }))).toBe('not_allowed');
    expect(give(forged)).toBe('bad_signature');
    expect(give(new Uint8Array(10))).toBe('malformed');
    expect(give(descriptorOf(first, 0, { publishedUnixMs: network.epoch0UnixMs - 1 }))).toBe(
      'stale',
    );
    const far = { publishedUnixMs: network.epoch0UnixMs + epochMs };
    expect(give(descriptorOf(first, 0, far))).toBe('stale');
  });

  it('is looked at only so often on one link', () => {
    const results = Array.from({ length: DESCRIPTORS_DEPTH + 1 }, () => give(new Uint8Array(10)));
    expect(results.at(-2)).toBe('malformed');
    expect(results.at(-1)).toBeNull();
    expect(authority.counters().descriptor_rate).toBe(1);
  });
});

describe('a document', () => {
  it('is signed once the whole list is there, verifies, and lists every node in its layer', () => {
    wake(0);
    expect(newest()).toBeNull();
    giveAll(10);
    wake(600);
    expect(newest()).toBe(0);
    const verified = verifyDocument(
      nobleEngine,
      network,
      authority.newest()?.bytes ?? new Uint8Array(),
    );
    if (!verified.ok) throw new Error(verified.reason);
    expect(verified.topology.layers.map((layer) => layer.length)).toEqual([1, 1, 1]);
    expect(verified.topology.providers).toHaveLength(1);
  });

  it('is not signed by too few, and not before the rest had its time', () => {
    const [first, second] = nodes;
    if (first === undefined || second === undefined) throw new Error('must hold: there are nodes');
    give(descriptorOf(first, 0), 0);
    wake(SETTLE_MS + 600);
    expect(newest()).toBeNull();
    expect(authority.counters().document_not_possible).toBeGreaterThan(0);
  });

  it('for the next epoch is signed in the second half of this one, with the layers as they were', () => {
    giveAll(0);
    wake(600);
    const before = verifyDocument(
      nobleEngine,
      network,
      authority.newest()?.bytes ?? new Uint8Array(),
    );
    wake(epochMs / 2 - 1);
    expect(newest()).toBe(0);
    wake(epochMs / 2 + 600);
    expect(newest()).toBe(1);
    const after = verifyDocument(
      nobleEngine,
      network,
      authority.newest()?.bytes ?? new Uint8Array(),
    );
    if (!before.ok || !after.ok) throw new Error('must hold: both verify');
    const names = (one: typeof before) =>
      one.topology.layers.map((layer) => layer.map(({ peer }) => peer));
    expect(names(after)).toEqual(names(before));
  });

  it('survives a restart, and is served in parts to whoever asks', () => {
    giveAll(0);
    wake(600);
    authority = open(1_000);
    expect(newest()).toBe(0);
    const request = encodeFrame({ kind: 'document-request', epoch: 0, part: 0 }, pullMailCount);
    const answer = answerOf(
      authority.receive({ kind: 'frame', peer: link, frame: request }, at(1_000)),
    );
    expect(answer).toMatchObject({ kind: 'document-answer', epoch: 0, part: 0 });
  });

  it('leaves out nodes whose keys do not reach its epoch', () => {
    giveAll(0);
    wake(600);
    wake(3 * epochMs);
    expect(newest()).not.toBe(3);
    giveAll(3 * epochMs, 3);
    wake(3 * epochMs + SETTLE_MS);
    expect(newest()).toBe(3);
  });
});

it('garbage changes nothing but counters', () => {
  giveAll(0);
  wake(600);
  for (let index = 0; index < 2_000; index++) {
    const frame = drawBytes(random, index % 900);
    expect(authority.receive({ kind: 'frame', peer: link, frame }, at(700))).toEqual([]);
  }
  expect(authority.counters().frame_refused).toBe(2_000);
  expect(newest()).toBe(0);
});
