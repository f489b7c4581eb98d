// The named cases of unwrap: each way in which a packet is turned away, and each in which it is not
// although it looks odd. Then what wrap and ready-made headers promise.
import { describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { drawBytes } from '../../../shared/random.ts';
import { PACKET_SIZE, PAYLOAD_SIZE } from '../../../shared/sphinx/geometry.ts';
import { deriveRouteKeys, expandSharedSecret } from '../../../shared/sphinx/keys.ts';
import { createSphinx, type Unwrapped, type UnwrapRules } from '../../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../../shared/sphinx/payload.ts';
import { hexBytes } from '../../support/hex.ts';
import { seededRandom } from '../../support/random.ts';
import {
  ANY_RULES,
  countingEngine,
  drawPath,
  drawWrapOptions,
  NETWORK_RULES,
  packetAtEachHop,
} from '../../support/sphinx.ts';

const { engine, takeCount } = countingEngine(nobleEngine);
const sphinx = createSphinx(engine);
const random = seededRandom('packet.test');
const path = drawPath(engine, random, 5);
const options = drawWrapOptions(path, random, { plaintext: 2048, payload: PAYLOAD_SIZE });
const packets = packetAtEachHop(engine, options, path.privateKeys);
const first = at(packets, 0);
const firstKey = at(path.privateKeys, 0);

const unwrap = (packet: Uint8Array, rules: UnwrapRules = NETWORK_RULES): Unwrapped =>
  sphinx.unwrap(packet, firstKey, rules);
const refused = (reason: string) => ({ kind: 'refused', reason });

describe('unwrap refuses', () => {
  it('a truncated packet: every length below, without a multiplication', () => {
    takeCount();
    for (let size = 0; size < PACKET_SIZE; size++) {
      expect(unwrap(first.subarray(0, size))).toEqual(refused('length'));
    }
    for (let size = 0; size < 348 + 33; size++) {
      expect(unwrap(first.subarray(0, size), ANY_RULES)).toEqual(refused('length'));
    }
    expect(takeCount()).toBe(0);
  });

  it('an oversized packet', () => {
    expect(unwrap(concatBytes(first, Uint8Array.of(0)))).toEqual(refused('length'));
    expect(unwrap(new Uint8Array(1 << 20))).toEqual(refused('length'));
  });

  it.each([
    ['zero', '00'.repeat(32)],
    ['one', `01${'00'.repeat(31)}`],
    ['order 8', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
    ['order 8, the other', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'],
    ['p - 1', `ec${'ff'.repeat(30)}7f`],
    ['p, which is zero', `ed${'ff'.repeat(30)}7f`],
    ['p + 1, which is one', `ee${'ff'.repeat(30)}7f`],
    ['zero with the top bit', `${'00'.repeat(31)}80`],
  ])('α of low order, whose shared secret is zero for everybody: %s', (_name, alpha) => {
    const packet = withBytes(first, 0, hexBytes(alpha));
    takeCount();
    expect(unwrap(packet)).toEqual(refused('low-order'));
    expect(takeCount()).toBe(1);
  });

  it('another node’s packet, and its own output again', () => {
    expect(sphinx.unwrap(first, at(path.privateKeys, 1), NETWORK_RULES)).toEqual(refused('mac'));
    expect(unwrap(at(packets, 1))).toEqual(refused('mac'));
  });

  it('a header that was altered in any byte of MAC or routing information', () => {
    for (let offset = 32; offset < 348; offset++) {
      expect(unwrap(flip(first, offset, 1 << (offset % 8)))).toEqual(refused('mac'));
    }
  });

  it('α altered in any bit but the top one', () => {
    for (let bit = 0; bit < 255; bit += 5) {
      expect(unwrap(flip(first, bit >> 3, 1 << (bit & 7))).kind).toBe('refused');
    }
  });

  it.each([0, 3, 255])('a valid header with the routing flag %i', (flag) => {
    expect(unwrap(withBlock(Uint8Array.of(flag, 0, 1, 3)))).toEqual(refused('flag'));
  });

  it.each([
    ['0', [0, 0, 0]],
    ['1', [0, 0, 1]],
    ['257', [0, 1, 1]],
    ['258, where a network speaks 259', [0, 1, 2]],
    ['260', [0, 1, 4]],
    ['259 with a third byte', [1, 1, 3]],
  ])('a valid header of version %s', (_name, version) => {
    for (const flag of [1, 2]) {
      const packet = withBlock(Uint8Array.of(flag, ...version));
      takeCount();
      expect(unwrap(packet)).toEqual(refused('version'));
      expect(takeCount()).toBe(1);
    }
  });

  it('a replay, before it decrypts anything', () => {
    const seen: string[] = [];
    const rules: UnwrapRules = {
      ...NETWORK_RULES,
      isReplay: (tag) => {
        const isKnown = seen.includes(toHex(tag));
        seen.push(toHex(tag));
        return isKnown;
      },
    };
    expect(unwrap(first, rules).kind).toBe('forward');
    takeCount();
    expect(unwrap(first, rules)).toEqual(refused('replay'));
    expect(unwrap(flip(first, 2000, 4), rules)).toEqual(refused('replay'));
    expect(takeCount()).toBe(2);
    expect(unwrap(flip(first, 40, 4), rules)).toEqual(refused('mac'));
    expect(seen).toHaveLength(3);
  });
});

describe('unwrap takes', () => {
  it('α with the top bit set for the same α: same next packet, same replay tag', () => {
    expect(unwrap(flip(first, 31, 0x80))).toEqual(unwrap(first));
  });

  it('a non-canonical α as X25519 does: the same replay tag as the reduced one', () => {
    // α = 9, the base point, and α = 9 + p: the shared secret is the node's own public key.
    const reduced = new Uint8Array(32);
    reduced[0] = 9;
    const shifted = hexBytes(`f6${'ff'.repeat(30)}7f`);
    const secret = new Uint8Array(32);
    engine.x25519(secret, firstKey, reduced);
    const packet = withBlock(Uint8Array.of(1, 0, 1, 3), secret);
    const plain = unwrap(withBytes(packet, 0, reduced));
    expect(plain.kind).toBe('forward');
    expect(unwrap(withBytes(packet, 0, shifted))).toEqual(plain);
  });

  it('an altered payload, which then is nobody’s: noise at the end', () => {
    let packet = flip(first, 1000, 1);
    for (const privateKey of path.privateKeys.slice(0, -1)) {
      const result = sphinx.unwrap(packet, privateKey, NETWORK_RULES);
      if (result.kind !== 'forward') throw new Error(result.kind);
      packet = result.packet;
    }
    const last = sphinx.unwrap(packet, at(path.privateKeys, 4), NETWORK_RULES);
    expect(last).toMatchObject({ kind: 'final', destination: options.destination });
    expect(last.kind === 'final' ? unpadPayload(last.payload) : 'not final').toBeNull();
  });

  it('a Node buffer, and leaves it as it was', () => {
    const buffer = Buffer.from(first);
    expect(unwrap(buffer)).toEqual(unwrap(first));
    expect(buffer.equals(first)).toBe(true);
    const result = unwrap(buffer);
    expect(result.kind === 'forward' && Buffer.isBuffer(result.packet)).toBe(false);
  });
});

it('a replay check that uses the same instance is a bug, and noticed', () => {
  const rules = { ...NETWORK_RULES, isReplay: () => unwrap(first).kind === 'refused' };
  expect(() => unwrap(first, rules)).toThrow('must hold');
  expect(unwrap(first).kind).toBe('forward');
});

describe('wrap', () => {
  it('draws everything random from its source: the same source, the same bytes', () => {
    const wrap = (seed: string) => sphinx.wrap({ ...options, random: seededRandom(seed) });
    expect(wrap('a')).toEqual(wrap('a'));
    expect(wrap('a')).not.toEqual(wrap('b'));
  });

  it('gives null where a node’s key is a low-order point', () => {
    const route = path.route.with(2, { address: at(path.route, 2).address, publicKey: zeros(32) });
    expect(sphinx.wrap({ ...options, route })).toBeNull();
    expect(sphinx.createHeader({ ...options, route })).toBeNull();
  });

  it('multiplies once per hop and once for α', () => {
    takeCount();
    sphinx.wrap(options);
    expect(takeCount()).toBe(6);
  });

  it.each([
    ['no hop', { route: [], delaysNs: [] }],
    ['six hops', { route: [...path.route, at(path.route, 0)], delaysNs: Array(6).fill(1n) }],
    ['a delay too few', { delaysNs: path.delaysNs.slice(1) }],
    ['a delay of 65 bits', { delaysNs: path.delaysNs.with(0, 2n ** 64n) }],
    ['a short destination', { destination: zeros(31) }],
    ['a long identifier', { identifier: zeros(17) }],
    ['a plaintext that does not fit', { plaintext: zeros(2049) }],
    ['a payload that cannot be encrypted', { payloadSize: 32, plaintext: zeros(1) }],
  ])('asserts its inputs: %s', (_name, wrong) => {
    expect(() => sphinx.wrap({ ...options, ...wrong })).toThrow('must hold');
  });
});

describe('a ready-made header', () => {
  it('with random bytes for a payload arrives and names mailbox and identifier', () => {
    const four = { route: path.route.slice(0, 4), delaysNs: path.delaysNs.slice(0, 4) };
    const ready = sphinx.createHeader({ ...options, ...four });
    if (ready === null) throw new Error('no header');
    expect(ready.header).toHaveLength(348);
    expect(ready.firstHop).toEqual(at(path.route, 0).address);
    let packet = concatBytes(ready.header, drawBytes(random, PAYLOAD_SIZE));
    for (let hop = 0; hop < 3; hop++) {
      const result = sphinx.unwrap(packet, at(path.privateKeys, hop), NETWORK_RULES);
      if (result.kind !== 'forward') throw new Error(result.kind);
      expect(result.nextAddress).toEqual(at(path.route, hop + 1).address);
      expect(result.delayNs).toBe(path.delaysNs[hop]);
      expect(result.packet).toHaveLength(PACKET_SIZE);
      packet = result.packet;
    }
    const last = sphinx.unwrap(packet, at(path.privateKeys, 3), NETWORK_RULES);
    const { destination, identifier } = options;
    expect(last).toMatchObject({ kind: 'final', destination, identifier });
  });
});

/**
 * The first packet with a valid MAC over a block that starts with these bytes and goes on with
 * zeros.
 */
function withBlock(start: Uint8Array, secret?: Uint8Array): Uint8Array {
  const keys = deriveRouteKeys(engine, [at(path.route, 0).publicKey], zeros(32).fill(5));
  if (keys === null) throw new Error('no keys');
  const hop = at(keys.hops, 0);
  if (secret !== undefined) expandSharedSecret(engine, hop, secret);
  const packet = withBytes(first, 0, keys.alpha);
  const routing = packet.subarray(48, 348);
  routing.fill(0);
  routing.set(start);
  engine.aes128CtrXor(routing, hop.streamKey);
  const mac = new Uint8Array(32);
  engine.hmacSha256(mac, hop.macKey, routing);
  packet.set(mac.subarray(0, 16), 32);
  return packet;
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

function zeros(size: number): Uint8Array {
  return new Uint8Array(size);
}

function withBytes(bytes: Uint8Array, offset: number, part: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.set(part, offset);
  return copy;
}

function flip(bytes: Uint8Array, offset: number, mask: number): Uint8Array {
  return withBytes(bytes, offset, Uint8Array.of(at([...bytes], offset) ^ mask));
}
