// Reply blocks: bytes to block and back, replies that arrive, and those that do not.
import { describe, expect, it } from 'vitest';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { PAYLOAD_SIZE } from '../../../shared/sphinx/geometry.ts';
import type { PacketVersion } from '../../../shared/sphinx/header.ts';
import { createSphinx } from '../../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../../shared/sphinx/payload.ts';
import { createSurbs, parseSurb, serializeSurb } from '../../../shared/sphinx/surb.ts';
import { seededRandom } from '../../support/random.ts';
import { ANY_RULES, drawPath, drawWrapOptions } from '../../support/sphinx.ts';

const random = seededRandom('surb.test');
const surbs = createSurbs(nobleEngine);
const sphinx = createSphinx(nobleEngine);
const path = drawPath(nobleEngine, random, 3);
const versions: PacketVersion[] = [258, 259, 260];
const plaintext = Uint8Array.of(1, 0, 1, 7);

/**
 * What the last hop gets of a reply, with a byte of the payload changed under way where one is
 * named.
 */
function reply(version: PacketVersion, changed: number | null = null) {
  const options = drawWrapOptions(path, random, { plaintext: 0, payload: 33, version });
  const created = surbs.create(options);
  const surb = created === null ? null : parseSurb(created.surb);
  if (created === null || surb === null) throw new Error('no reply block');
  let packet = surbs.use(surb, plaintext, PAYLOAD_SIZE);
  for (const privateKey of path.privateKeys) {
    const result = sphinx.unwrap(packet, privateKey, ANY_RULES);
    if (result.kind === 'refused') throw new Error(result.reason);
    if (result.kind === 'final') return { created, options, ...result };
    packet = result.packet;
    if (changed !== null) packet[changed] = (packet[changed] ?? 0) ^ 1;
  }
  throw new Error('no final hop');
}

describe('a reply', () => {
  it.each([258, 259] as const)('of version %i arrives as plaintext', (version) => {
    const { payload, identifier, options, created } = reply(version);
    expect(unpadPayload(payload)).toEqual(plaintext);
    expect(identifier).toEqual(options.identifier);
    expect(created.recovery).toBeNull();
  });

  it('of version 260 is recovered by its creator alone', () => {
    const { payload, identifier, created } = reply(260);
    const recovery = created.recovery ?? new Uint8Array(0);
    expect(unpadPayload(payload)).toBeNull();
    expect(surbs.recover(recovery, identifier, payload)).toEqual(plaintext);
    expect(surbs.recover(recovery, identifier.with(0, ~(identifier[0] ?? 0)), payload)).toBeNull();
    expect(surbs.recover(recovery, identifier, payload.subarray(0, 32))).toBeNull();
    expect(() => surbs.recover(recovery.subarray(1), identifier, payload)).toThrow('must hold');
  });

  it.each(versions)('of version %i that was altered under way is noticed', (version) => {
    const { payload, identifier, created } = reply(version, 400);
    expect(unpadPayload(payload)).toBeNull();
    if (created.recovery === null) return;
    expect(surbs.recover(created.recovery, identifier, payload)).toBeNull();
  });
});

describe('a reply block', () => {
  it.each(versions)('of version %i reads back to the same bytes', (version) => {
    const { created } = reply(version);
    const parsed = parseSurb(created.surb);
    expect(parsed === null ? null : serializeSurb(parsed)).toEqual(created.surb);
    expect(created.surb).toHaveLength({ 258: 956, 259: 428, 260: 396 }[version]);
  });

  it('of any length but those of one to five keys is refused', () => {
    const lengths = Array.from({ length: 2000 }, (_, size) => size);
    const seeds = [1, 2, 3, 4, 5].map((count) => 380 + 16 * count);
    const keys = [1, 2, 3, 4, 5].map((count) => 380 + 192 * count);
    expect(lengths.filter((size) => parseSurb(new Uint8Array(size)) !== null)).toEqual([
      ...seeds,
      ...keys,
    ]);
  });

  it('is not made where a node’s key is a low-order point', () => {
    const options = drawWrapOptions(path, random, { plaintext: 0, payload: 33 });
    const route = path.route.map((hop) => ({ ...hop, publicKey: new Uint8Array(32) }));
    expect(surbs.create({ ...options, route })).toBeNull();
  });
});
