// Documents: what is signed by a majority and hangs together becomes a network; everything else is
// refused by name, and what is too large before any work is done on it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import {
  type NodeDescriptor,
  signDescriptor,
  sphinxKeyFor,
  verifyDescriptor,
} from '../../../shared/network/descriptor.ts';
import {
  DOCUMENT_SIZE_MAX,
  type DocumentBody,
  decodeDocument,
  encodeDocumentBody,
  type Layer,
  NODES_MAX,
} from '../../../shared/network/document.ts';
import { DESCRIPTOR_SIZE_MAX } from '../../../shared/network/frame-sizes.ts';
import { nodeOf, timeliness, verifyDocument } from '../../../shared/network/topology.ts';
import {
  makeBody,
  makeNetwork,
  makeTopology,
  secretsOf,
  signBody,
  TEST_EPOCH0,
} from '../../support/network.ts';

const made = makeNetwork({ authorities: 3 });
const body = makeBody(made);
const bytes = signBody(made, body);
const verify = (document: Uint8Array, network = made.network) =>
  verifyDocument(nobleEngine, network, document);
const refused = (reason: string) => ({ ok: false, reason });

describe('a document', () => {
  it('becomes a topology: layers, providers, every node by its key', () => {
    const verified = verify(bytes);
    if (!verified.ok) throw new Error(verified.reason);
    const { topology } = verified;
    expect(topology.layers.map((layer) => layer.length)).toEqual([2, 2, 2]);
    expect(topology.providers).toHaveLength(2);
    expect(topology.byPeer.size).toBe(8);
    const [mix] = topology.layers[1] ?? [];
    expect(mix && nodeOf(topology, mix.identityKey)).toBe(mix);
    expect(nodeOf(topology, new Uint8Array(32))).toBeNull();
    expect(decodeDocument(bytes)).toMatchObject({ ok: true, body });
  });

  it('of fewer layers is for one computer', () => {
    for (const layers of [1, 2]) {
      const few = makeNetwork({ layers });
      expect(makeTopology(few).layers).toHaveLength(layers);
      const standard = verifyDocument(
        nobleEngine,
        few.network,
        signBody(few, makeBody(few, { traffic: 'standard' })),
      );
      expect(standard).toEqual(refused('few_layers'));
    }
  });

  it('counts with two signatures of three, and not with one', () => {
    expect(verify(signBody(made, body, 2)).ok).toBe(true);
    expect(verify(signBody(made, body, 1))).toEqual(refused('no_majority'));
    expect(verify(signBody(made, body, 0))).toEqual(refused('no_majority'));
  });

  it('is the same document whoever of the authorities signed it', () => {
    const two = verify(signBody(made, body, 2));
    const three = verify(bytes);
    expect(two.ok && three.ok && two.topology.hash).toEqual(three.ok && three.topology.hash);
  });

  it('signed by strangers, or for another network, is refused', () => {
    const stranger = makeNetwork({ seed: 'stranger', authorities: 3 });
    const signed = signBody({ ...made, authorities: stranger.authorities }, body);
    expect(verify(signed)).toEqual(refused('no_majority'));
    expect(verify(bytes, stranger.network)).toEqual(refused('foreign_network'));
  });

  it('with one bit changed is refused', () => {
    for (let at = 0; at < bytes.length; at += 37) {
      const altered = bytes.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      const verified = verify(altered);
      // One of three signatures may be spoiled: two of them still are a majority.
      if (verified.ok) expect(at).toBeGreaterThan(bytes.length - 1 - 3 * 96);
    }
  });
});

describe('what authorities sign by mistake is refused', () => {
  const cases: [string, string, Partial<DocumentBody>][] = [
    ['times of another epoch', 'wrong_times', { validUntilUnixMs: body.validUntilUnixMs + 1 }],
    ['rates of its own', 'wrong_traffic', { traffic: { ...body.traffic, hopDelayMsMean: 21 } }],
    ['nodes out of order', 'nodes_unordered', { nodes: body.nodes.toReversed() }],
    ['a node twice', 'nodes_unordered', { nodes: body.nodes.flatMap((node) => [node, node]) }],
    [
      'an empty layer',
      'layer_empty',
      { nodes: body.nodes.map((node) => (node.layer === 2 ? { ...node, layer: 0 } : node)) },
    ],
    [
      'a provider in a layer',
      'wrong_layer',
      { nodes: body.nodes.map((node) => (node.layer === 0 ? { ...node, layer: 1 } : node)) },
    ],
    ['a layer that there is not', 'wrong_layer', { layerCount: 2 }],
    [
      'a mix that is led around in a layer',
      'wrong_layer',
      { nodes: body.nodes.map((node) => (node.layer === 3 ? { ...node, standing: 'out' } : node)) },
    ],
    [
      'no provider to use',
      'no_provider',
      { nodes: body.nodes.map((node) => (node.layer === 0 ? { ...node, standing: 'out' } : node)) },
    ],
    [
      'a descriptor that was altered',
      'descriptor_signature',
      { nodes: body.nodes.map((node) => ({ ...node, descriptor: flipped(node.descriptor) })) },
    ],
  ];
  it.each(cases)('%s', (_, reason, change) => {
    expect(verify(signBody(made, { ...body, ...change }))).toEqual(refused(reason));
  });

  it('an operator in two layers, and a node without a key for the epoch', () => {
    const resigned = (change: (layer: Layer) => Partial<NodeDescriptor>) => {
      const nodes = made.nodes.map((node) => ({
        ...node,
        descriptor: { ...node.descriptor, ...change(node.layer) },
      }));
      const altered = { ...made, nodes };
      return verify(signBody(altered, makeBody(altered)));
    };
    const named = (layer: Layer) => (layer === 1 || layer === 2 ? { operator: 'one' } : {});
    expect(resigned(named)).toEqual(refused('operator_in_two_layers'));
    expect(resigned(() => ({ operator: '' })).ok).toBe(true);
    expect(resigned(() => ({ firstEpoch: 1 }))).toEqual(refused('no_sphinx_key'));
    const abroad = (layer: Layer) => (layer === 3 ? { addresses: ['mix.example.org:1'] } : {});
    expect(resigned(abroad)).toEqual(refused('beyond_loopback'));
  });
});

describe('size', () => {
  /** An engine that counts what it is asked for. */
  function counting(): { readonly engine: CryptoEngine; readonly calls: () => number } {
    let calls = 0;
    const engine: CryptoEngine = {
      ...nobleEngine,
      ed25519Verify: (...parameters) => {
        calls += 1;
        return nobleEngine.ed25519Verify(...parameters);
      },
      sha256: (...parameters) => {
        calls += 1;
        nobleEngine.sha256(...parameters);
      },
    };
    return { engine, calls: () => calls };
  }

  it('a document of 100,000 nodes is refused without work', () => {
    const huge = new Uint8Array(100_000 * 300);
    const { engine, calls } = counting();
    expect(verifyDocument(engine, made.network, huge)).toEqual(refused('document_size'));
    expect(calls()).toBe(0);
  });

  it('a list of a thousand nodes is read, one more is refused before any is', () => {
    const node = { layer: 0 as const, standing: 'normal' as const, descriptor: new Uint8Array(0) };
    const listing = (count: number) => {
      const nodes = Array.from({ length: count }, () => node);
      return signBody(made, { ...body, nodes }, 0);
    };
    expect(decodeDocument(listing(NODES_MAX)).ok).toBe(true);
    expect(() => listing(NODES_MAX + 1)).toThrow('1,000 nodes');
    const { engine, calls } = counting();
    const over = signBody(made, { ...body, nodes: [] }, 0);
    const at = 4 + encodeDocumentBody({ ...body, nodes: [] }).length - 2;
    new DataView(over.buffer).setUint16(at, NODES_MAX + 1);
    expect(verifyDocument(engine, made.network, over)).toEqual(refused('too_many_nodes'));
    expect(calls()).toBe(0);
  });

  it('the largest document keeps within its limit, one byte more does not', () => {
    const filled = (size: number) => decodeDocument(new Uint8Array(size));
    expect(filled(DOCUMENT_SIZE_MAX)).not.toEqual(refused('document_size'));
    expect(filled(DOCUMENT_SIZE_MAX + 1)).toEqual(refused('document_size'));
  });
});

it('cut or mutated documents are refused, never thrown at', () => {
  for (let size = 0; size < bytes.length; size += 13) {
    expect(decodeDocument(bytes.subarray(0, size)).ok).toBe(false);
  }
  const mutation = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  let refusals = 0;
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), (mutations) => {
      const mutated = bytes.slice();
      for (const [at, value] of mutations) mutated[at] = value;
      const decoded = decodeDocument(mutated);
      if (!decoded.ok) refusals += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(refusals).toBeGreaterThan(0);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (any) => void decodeDocument(any)));
});

describe('time', () => {
  const topology = makeTopology(made, { epoch: 1 });
  const { epochMs, skewMs } = topology.times;
  const start = TEST_EPOCH0 + epochMs;
  const at = (unixMs: number) => timeliness(topology, unixMs).kind;

  it('a document is current, late while its keys reach, then past; early within the skew', () => {
    expect(at(start)).toBe('current');
    expect(at(start - skewMs)).toBe('current');
    expect(at(start - skewMs - 1)).toBe('future');
    expect(at(start + epochMs - 1)).toBe('current');
    expect(at(start + epochMs)).toBe('late');
    expect(at(start + 3 * epochMs - 1)).toBe('late');
    expect(at(start + 3 * epochMs)).toBe('past');
  });

  it('a clock a day off is told by how much', () => {
    const dayMs = 24 * 3_600_000;
    expect(timeliness(topology, start - dayMs)).toEqual({ kind: 'future', byMs: dayMs });
    expect(timeliness(topology, start + epochMs + dayMs)).toEqual({ kind: 'past', byMs: dayMs });
  });
});

describe('a descriptor', () => {
  const [node] = made.nodes;
  if (node === undefined) throw new Error('the network has nodes');
  const signed = (change: Partial<NodeDescriptor>) =>
    signDescriptor(nobleEngine, { ...node.descriptor, ...change }, node.identity.secretKey);

  it('comes back, at the largest too', () => {
    const largest = {
      operator: 'ä'.repeat(16),
      addresses: Array.from({ length: 4 }, (_, index) => longAddress(index)),
    };
    for (const change of [{}, largest, { operator: '' }]) {
      const encoded = signed(change);
      expect(encoded.length).toBeLessThanOrEqual(DESCRIPTOR_SIZE_MAX);
      const descriptor = { ...node.descriptor, ...change };
      expect(verifyDescriptor(nobleEngine, encoded)).toEqual({ ok: true, descriptor });
    }
  });

  it('past its limits is not made', () => {
    expect(() => signed({ operator: 'a'.repeat(33) })).toThrow('operator');
    expect(() => signed({ addresses: [] })).toThrow('addresses');
    expect(() => signed({ addresses: Array.from({ length: 5 }, () => '127.0.0.1:1') })).toThrow(
      '1 to 4',
    );
  });

  it('has keys for its epoch and the two after it', () => {
    const { descriptor } = secretsOf(made, `node:${hex(node.identity.publicKey)}`);
    const later = { ...descriptor, firstEpoch: 5 };
    const held = [4, 5, 6, 7, 8].map((epoch) => sphinxKeyFor(later, epoch) !== null);
    expect(held).toEqual([false, true, true, true, false]);
  });

  it('altered anywhere is refused', () => {
    const encoded = signed({});
    for (let at = 0; at < encoded.length; at += 5) {
      const altered = encoded.slice();
      altered[at] = (altered[at] ?? 0) ^ 0x10;
      expect(verifyDescriptor(nobleEngine, altered).ok).toBe(false);
    }
    expect(verifyDescriptor(nobleEngine, encoded.subarray(1)).ok).toBe(false);
    const longer = new Uint8Array(DESCRIPTOR_SIZE_MAX + 1);
    expect(verifyDescriptor(nobleEngine, longer)).toEqual(refused('descriptor_size'));
  });
});

function flipped(descriptor: Uint8Array): Uint8Array {
  const copy = descriptor.slice();
  copy[60] = (copy[60] ?? 0) ^ 1;
  return copy;
}

function longAddress(index: number): string {
  const label = 'a'.repeat(59);
  return `${label}${index}.${label}0.aa:123`;
}

function hex(key: Uint8Array): string {
  return [...key].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
