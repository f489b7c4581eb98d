// What holds for every packet: it arrives, it keeps its length, no bit of its header can be
// changed, and a changed payload is never taken for a whole one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEADER_SIZE } from '../../../shared/sphinx/geometry.ts';
import { createSphinx } from '../../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../../shared/sphinx/payload.ts';
import { fastestEngine } from '../../support/engines.ts';
import { checkProperty } from '../../support/property.ts';
import { seededRandom } from '../../support/random.ts';
import { ANY_RULES, drawPath, drawWrapOptions, packetAtEachHop } from '../../support/sphinx.ts';

const engine = await fastestEngine();
const sphinx = createSphinx(engine);

/** A packet's inputs: path length, sizes, version, and the seed of all that is random. */
const packets = fc
  .record({
    seed: fc.integer(),
    hopCount: fc.integer({ min: 1, max: 5 }),
    payload: fc.integer({ min: 33, max: 2065 }),
    fill: fc.double({ min: 0, max: 1, noNaN: true }),
    version: fc.constantFrom(258 as const, 259 as const, 260 as const),
  })
  .map(({ seed, hopCount, payload, fill, version }) => {
    const random = seededRandom(seed);
    const path = drawPath(engine, random, hopCount);
    const plaintext = Math.floor(fill * (payload - 17));
    const options = drawWrapOptions(path, random, { plaintext, payload, version });
    return { path, options, packets: packetAtEachHop(engine, options, path.privateKeys) };
  });

/** The last hop's result for a packet that enters at hop `hop`, or the first refusal. */
function passFrom(hop: number, packet: Uint8Array, privateKeys: readonly Uint8Array[]) {
  let current = packet;
  for (const privateKey of privateKeys.slice(hop)) {
    const result = sphinx.unwrap(current, privateKey, ANY_RULES);
    if (result.kind !== 'forward') return result;
    current = result.packet;
  }
  throw new Error('no final hop');
}

describe('a packet through every hop count', () => {
  it('gives the plaintext, destination and identifier at the end', () => {
    checkProperty(packets, 40, ({ path, options, packets: [first] }) => {
      if (first === undefined) throw new Error('no packet');
      const result = passFrom(0, first, path.privateKeys);
      expect(result).toMatchObject({
        kind: 'final',
        destination: options.destination,
        identifier: options.identifier,
        version: options.version,
      });
      expect(result.kind === 'final' && unpadPayload(result.payload)).toEqual(options.plaintext);
    });
  });

  it('is as long at every hop, and shares no sixteen bytes with itself at another', () => {
    checkProperty(packets, 20, ({ options, packets: seen }) => {
      for (const packet of seen) expect(packet).toHaveLength(HEADER_SIZE + options.payloadSize);
      const blocks = seen.flatMap((packet) => alignedBlocks(packet));
      expect(new Set(blocks).size).toBe(blocks.length);
    });
  });

  it('names the next address and the delay, and a replay tag of its own, at each hop', () => {
    checkProperty(packets, 20, ({ path, packets: seen }) => {
      const tags = new Set<string>();
      for (const [hop, packet] of seen.entries()) {
        const privateKey = path.privateKeys[hop] ?? new Uint8Array(32);
        const result = sphinx.unwrap(packet, privateKey, ANY_RULES);
        if (result.kind === 'refused') throw new Error(result.reason);
        tags.add(result.replayTag.join());
        if (result.kind === 'final') continue;
        expect(result.nextAddress).toEqual(path.route[hop + 1]?.address);
        expect(result.delayNs).toBe(path.delaysNs[hop]);
      }
      expect(tags.size).toBe(seen.length);
    });
  });
});

describe('a flipped bit', () => {
  const flips = fc.record({
    packet: packets,
    hop: fc.nat(),
    bit: fc.nat(),
  });

  it('of the header is refused; the top one of α changes nothing', () => {
    checkProperty(flips, 60, ({ packet: { path, packets: seen }, hop, bit }) => {
      const at = hop % seen.length;
      const place = bit % (HEADER_SIZE * 8);
      const original = seen[at] ?? new Uint8Array(0);
      const privateKey = path.privateKeys[at] ?? new Uint8Array(32);
      const result = sphinx.unwrap(flipped(original, place), privateKey, ANY_RULES);
      if (place === 255) expect(result).toEqual(sphinx.unwrap(original, privateKey, ANY_RULES));
      else expect(result).toMatchObject({ kind: 'refused' });
    });
  });

  it('of the payload, at any hop, is never delivered as whole', () => {
    checkProperty(flips, 40, ({ packet: { path, packets: seen }, hop, bit }) => {
      const at = hop % seen.length;
      const original = seen[at] ?? new Uint8Array(0);
      const place = HEADER_SIZE * 8 + (bit % ((original.length - HEADER_SIZE) * 8));
      const result = passFrom(at, flipped(original, place), path.privateKeys);
      if (result.kind !== 'final') throw new Error('a payload does not change the route');
      expect(unpadPayload(result.payload)).toBeNull();
    });
  });
});

/** The packet in blocks of sixteen bytes, as text. */
function alignedBlocks(packet: Uint8Array): string[] {
  const count = Math.floor(packet.length / 16);
  return Array.from({ length: count }, (_, index) =>
    packet.subarray(index * 16, index * 16 + 16).join(),
  );
}

/** A copy with one bit changed; bit 255 is the top bit of α, as X25519 counts. */
function flipped(packet: Uint8Array, bit: number): Uint8Array {
  return packet.with(bit >> 3, (packet[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
}
