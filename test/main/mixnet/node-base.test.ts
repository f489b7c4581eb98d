// What every node does beside packets: greeting, publishing, documents, neighbours, and where it
// stands when they change. The authority and the neighbours are played here, with real documents.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDocumentServing } from '../../../main/mixnet/document-serving.ts';
import { createDocuments, type Documents } from '../../../main/mixnet/documents.ts';
import { createNodeBase, type NodeBase } from '../../../main/mixnet/node-base.ts';
import type { LinkEffect, PeerId } from '../../../main/mixnet/role.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { verifyDescriptor } from '../../../shared/network/descriptor.ts';
import type { DocumentBody, Layer } from '../../../shared/network/document.ts';
import {
  decodeFrame,
  documentPart,
  encodeFrame,
  type Frame,
  type Hello,
} from '../../../shared/network/frames.ts';
import { type NodePeer, nodePeer } from '../../../shared/network/topology.ts';
import { trafficSets } from '../../../shared/network/traffic.ts';
import { createSphinx } from '../../../shared/sphinx/packet.ts';
import type { Now } from '../../../shared/time.ts';
import { memoryEpochKeyStore } from '../../support/memory-epoch-keys.ts';
import {
  at,
  give,
  keyStoreOf,
  memoryDocumentStore,
  openMix,
  packetsIn,
  packetThrough,
  peerOf,
} from '../../support/mix.ts';
import { makeBody, makeNetwork, signBody } from '../../support/network.ts';
import { seededRandom } from '../../support/random.ts';

const made = makeNetwork();
const { epochMs, pullMailCount: K } = trafficSets.test;
const authority = nodePeer(made.network.authorities[0]?.key ?? new Uint8Array(32));
const node = made.nodes.find(({ layer }) => layer === 2);
if (node === undefined) throw new Error('the network has a layer 2');

function open(now: Now = at(0), documents: Uint8Array[] = []): NodeBase {
  if (node === undefined) throw new Error('a node');
  return createNodeBase(
    {
      engine: nobleEngine,
      sphinx: createSphinx(nobleEngine),
      random: seededRandom('base'),
      loopInstants: seededRandom('instants'),
      network: made.network,
      kind: 'mix',
      identity: node.identity,
      linkKeyHash: node.descriptor.linkKeyHash,
      operator: node.descriptor.operator,
      addresses: node.descriptor.addresses,
      isRegistrationOpen: false,
      traffic: 'test',
      keyStore: documents.length === 0 ? memoryEpochKeyStore() : keyStoreOf(node),
      documentStore: memoryDocumentStore(documents),
    },
    now,
  );
}

/** The frames among effects, with whom they go to. */
function framesIn(
  effects: readonly LinkEffect[],
): { readonly peer: PeerId; readonly frame: Frame }[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'send') return [];
    const decoded = decodeFrame(effect.frame, K);
    if (!decoded.ok) throw new Error(decoded.reason);
    return [{ peer: effect.peer, frame: decoded.frame }];
  });
}

function descriptorsIn(effects: readonly LinkEffect[]) {
  return framesIn(effects).flatMap(({ frame }) => {
    if (frame.kind !== 'descriptor') return [];
    const verified = verifyDescriptor(nobleEngine, frame.descriptor);
    return verified.ok ? [verified.descriptor] : [];
  });
}

describe('greeting', () => {
  const own = (base: NodeBase): Hello => {
    const [first] = framesIn(base.linkUp('client:1', at(0)));
    if (first?.frame.kind !== 'hello') throw new Error('a link begins with a hello');
    return first.frame;
  };

  it('is the first frame on every link, with a challenge of its own', () => {
    const base = open();
    const challenges = [1, 2, 3].map((serial) => {
      const [first] = framesIn(base.linkUp(`client:${serial}`, at(0)));
      return first?.frame.kind === 'hello' ? first.frame.challenge.join() : '';
    });
    expect(new Set(challenges).size).toBe(3);
    const given = new Uint8Array(32).fill(9);
    const [first] = framesIn(base.linkUp('client:4', at(0), given));
    expect(first?.frame).toMatchObject({ challenge: given, protocolVersion: 1, epoch: 0 });
  });

  it('of another network or protocol ends the link, its own does not', () => {
    const base = open();
    const hello = own(base);
    const close = [{ kind: 'close', peer: 'client:1' }];
    expect(base.receive('client:1', hello, at(0))).toEqual([]);
    const foreign = { ...hello, networkHash: new Uint8Array(8) };
    expect(base.receive('client:1', foreign, at(0))).toEqual(close);
    expect(base.receive('client:1', { ...hello, protocolVersion: 2 }, at(0))).toEqual(close);
    expect(base.events()).toMatchObject({ hello_network: 1, hello_protocol: 1 });
  });

  it('of a node that holds another document for an epoch is an alarm; of a stranger it is not', () => {
    const base = open(at(0), [signBody(made, makeBody(made))]);
    const hello = own(base);
    const other = { ...hello, documentHash: new Uint8Array(32).fill(1) };
    base.receive('client:1', other, at(0));
    base.receive('node:aa', { ...hello, documentHash: new Uint8Array(32) }, at(0));
    base.receive('node:aa', hello, at(0));
    expect(base.events().document_conflict).toBe(0);
    base.receive('node:aa', other, at(0));
    expect(base.events().document_conflict).toBe(1);
  });
});

describe('publishing', () => {
  it('a descriptor goes to the authority when it is linked, and when the keys change', () => {
    const base = open();
    expect(descriptorsIn(base.wake(at(0)))).toEqual([]);
    const [descriptor] = descriptorsIn(base.linkUp(authority, at(1)));
    expect(descriptor).toMatchObject({ firstEpoch: 0, kind: 'mix', operator: 'operator-2' });
    expect(descriptorsIn(base.wake(at(2)))).toEqual([]);
    const [next] = descriptorsIn(base.wake(at(epochMs)));
    expect(next?.firstEpoch).toBe(1);
    expect(next?.sphinxKeys[0]).toEqual(descriptor?.sphinxKeys[1]);
    expect(base.events().descriptor_sent).toBe(2);
  });

  it('waits for the first epoch, and follows a clock that was set', () => {
    const base = open(at(-5_000));
    base.linkUp(authority, at(-5_000));
    expect(descriptorsIn(base.wake(at(-5_000)))).toEqual([]);
    expect(base.events().descriptor_sent).toBe(0);
    expect(descriptorsIn(base.wake(at(0)))).toHaveLength(1);
    const jumped = { monotonicMs: 5, unixMs: at(4 * epochMs).unixMs };
    expect(descriptorsIn(base.wake(jumped))[0]?.firstEpoch).toBe(4);
  });

  it('answers of the authority are counted, of anybody else are unexpected', () => {
    const base = open();
    base.receive(authority, { kind: 'descriptor-answer', result: 'accepted' }, at(0));
    base.receive(authority, { kind: 'descriptor-answer', result: 'not_allowed' }, at(0));
    base.receive('client:1', { kind: 'descriptor-answer', result: 'accepted' }, at(0));
    expect(base.events()).toMatchObject({
      descriptor_accepted: 1,
      descriptor_refused: 1,
      frame_unexpected: 1,
    });
  });
});

describe('documents', () => {
  let held: Documents;
  beforeEach(() => {
    const isAllowed = () => true;
    const store = memoryDocumentStore(
      [0, 1].map((epoch) => signBody(made, makeBody(made, { epoch }))),
    );
    held = createDocuments({ engine: nobleEngine, network: made.network, store, isAllowed }, at(0));
  });

  /** Carries requests to a source and answers back until there is silence; every effect. */
  const settle = (base: NodeBase, effects: readonly LinkEffect[], now: Now): LinkEffect[] => {
    const serving = createDocumentServing(held);
    const all: LinkEffect[] = [...effects];
    for (let index = 0; index < all.length; index++) {
      const [sent] = framesIn(all.slice(index, index + 1));
      if (sent?.frame.kind !== 'document-request') continue;
      const answer = serving.answer('client:0', sent.frame, now);
      if (answer !== null) all.push(...base.receive(sent.peer, answer, now));
    }
    return all;
  };

  it('are fetched from the authority, and place the node among its neighbours', () => {
    const base = open();
    const first = base.wake(at(0));
    expect(first).toMatchObject([{ kind: 'neighbours', neighbours: [{ peer: authority }] }]);
    base.linkUp(authority, at(1));
    const effects = settle(base, base.wake(at(1)), at(1));
    expect(base.events().document_accepted).toBe(1);
    const last = effects.at(-1);
    if (last?.kind !== 'neighbours') throw new Error('a new document brings new neighbours');
    const layers = new Set(
      last.neighbours.map(({ peer }) => made.nodes.find((one) => peerOf(one) === peer)?.layer),
    );
    expect(layers).toEqual(new Set([undefined, 1, 3]));
    expect(base.wake(at(2)).filter(({ kind }) => kind === 'neighbours')).toEqual([]);
  });

  it('are handed on to whoever asks, at a bounded rate', () => {
    const base = open(at(0), [signBody(made, makeBody(made))]);
    let answers = 0;
    for (let asked = 0; asked < 500; asked++) {
      const request: Frame = { kind: 'document-request', epoch: 0, part: 0 };
      answers += base.receive('client:1', request, at(0)).length;
    }
    expect(answers).toBe(400);
    expect(base.events().document_rate).toBe(100);
    const request: Frame = { kind: 'document-request', epoch: 0, part: 0 };
    expect(base.receive('client:2', request, at(0))).toHaveLength(1);
  });

  it('decide by the packet’s epoch: what is on its way survives a change of layers', () => {
    const turned = (layer: Layer): Layer => (layer === 1 ? 3 : layer === 3 ? 1 : layer);
    const body = makeBody(made, { epoch: 1 });
    const change = (one: DocumentBody): DocumentBody => ({
      ...one,
      nodes: one.nodes.map((listed) => ({ ...listed, layer: turned(listed.layer) })),
    });
    const documents = [signBody(made, makeBody(made)), signBody(made, change(body))];
    const silent = { fill: (out: Uint8Array) => void out.fill(0) };
    const one = openMix(made, {
      loopInstants: silent,
      documentStore: memoryDocumentStore(documents),
    });
    const random = seededRandom('turned');
    const now = at(epochMs + 10);
    one.mix.wake(now);
    const old = packetThrough(made, one, random, { delayNs: 0n });
    const back = one.topology.byPeer.get(one.before)?.identityKey;
    if (back === undefined) throw new Error('a node of the layer before');
    const fresh = () => packetThrough(made, one, random, { delayNs: 0n, epoch: 1, next: back });
    give(one, old, now, one.before, 0);
    give(one, fresh(), now, one.after, 1);
    give(one, fresh(), now, one.before, 1);
    const peers = packetsIn(one.mix.wake(now)).map(({ peer }): PeerId => peer);
    expect(peers).toEqual<NodePeer[]>([one.after, one.before]);
    expect(one.mix.counters().refusals['previous-hop']).toBe(1);
  });
});

it('no frame from anybody is thrown at', () => {
  const base = open(at(0), [signBody(made, makeBody(made))]);
  base.wake(at(0));
  base.linkUp(authority, at(0));
  const document = signBody(made, makeBody(made, { epoch: 1 }));
  const part = documentPart({ epoch: 1, hash: new Uint8Array(32), bytes: document }, 0);
  if (part === null) throw new Error('a document has a first part');
  const answer = encodeFrame(part, K);
  const frames = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc
      .tuple(fc.nat(10), fc.uint8Array({ minLength: 2_416, maxLength: 2_416 }))
      .map(([kind, any]) => {
        any.set([kind, 1]);
        return any;
      }),
    fc.tuple(fc.nat(answer.length - 1), fc.nat(255)).map(([place, value]) => {
      const mutated = answer.slice();
      mutated[place] = value;
      return mutated;
    }),
  );
  let clockMs = 0;
  fc.assert(
    fc.property(
      frames,
      fc.constantFrom<PeerId>(authority, 'client:1', 'node:aa'),
      (bytes, peer) => {
        clockMs += 7;
        const frame = base.decode(bytes);
        if (frame !== null) base.receive(peer, frame, at(clockMs));
        base.wake(at(clockMs));
      },
    ),
    { numRuns: 400, seed: 3 },
  );
  const { document_accepted: accepted, ...events } = base.events();
  expect(accepted).toBe(0);
  expect(events.frame_kind).toBeGreaterThan(0);
  expect(events.frame_unexpected).toBeGreaterThan(0);
});
