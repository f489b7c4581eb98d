// Packets for the malformed-input run: each with the outcomes that are right for it, drawn from one
// source. The pool of valid packets they are made from covers every hop of paths of one to five
// hops.
import { equalBytes } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { drawBelow, drawBytes, type RandomSource } from '../../shared/random.ts';
import { HEADER_SIZE, PACKET_SIZE, PAYLOAD_SIZE } from '../../shared/sphinx/geometry.ts';
import { allocateHopKeys, expandSharedSecret, type HopKeys } from '../../shared/sphinx/keys.ts';
import type { SphinxRefusal } from '../../shared/sphinx/packet.ts';
import { drawPath, drawWrapOptions, packetAtEachHop } from './sphinx.ts';

export type Outcome = 'forward' | 'final' | SphinxRefusal;
export type Origin =
  | 'mutant'
  | 'noise'
  | 'odd alpha'
  | 'spliced'
  | 'wrong length'
  | 'crafted'
  | 'replayed'
  | 'other key'
  | 'valid';

/** An input of the run. */
export type MalformedInput = {
  readonly origin: Origin;
  readonly packet: Uint8Array;
  readonly privateKey: Uint8Array;
  readonly isReplay: boolean;
  readonly expected: readonly Outcome[];
  /** Whether the payload is as its sender made it, so that it may be delivered. */
  readonly isWhole: boolean;
  /** False where the block says another version than the network's. */
  readonly isRightVersion: boolean;
};

/** Out of a hundred. */
const WEIGHTS: readonly (readonly [Origin, number])[] = [
  ['mutant', 52],
  ['noise', 20],
  ['odd alpha', 5],
  ['spliced', 8],
  ['wrong length', 5],
  ['crafted', 7],
  ['replayed', 1],
  ['other key', 1],
  ['valid', 1],
];

type Valid = {
  readonly packet: Uint8Array;
  readonly privateKey: Uint8Array;
  readonly keys: HopKeys;
  readonly outcome: 'forward' | 'final';
};

/** Draws inputs for ever. */
export function* malformedInputs(
  engine: CryptoEngine,
  random: RandomSource,
): Generator<MalformedInput> {
  const pool = drawPool(engine, random);
  for (;;) yield drawInput(engine, random, pool);
}

function drawPool(engine: CryptoEngine, random: RandomSource): readonly Valid[] {
  return [1, 2, 3, 4, 5].flatMap((hopCount) => {
    const path = drawPath(engine, random, hopCount);
    const options = drawWrapOptions(path, random, { plaintext: 2000, payload: PAYLOAD_SIZE });
    return packetAtEachHop(engine, options, path.privateKeys).map((packet, hop): Valid => {
      const privateKey = pick(path.privateKeys, hop);
      const secret = new Uint8Array(32);
      engine.x25519(secret, privateKey, packet.subarray(0, 32));
      const keys = allocateHopKeys();
      expandSharedSecret(engine, keys, secret);
      return { packet, privateKey, keys, outcome: hop + 1 === hopCount ? 'final' : 'forward' };
    });
  });
}

function drawInput(
  engine: CryptoEngine,
  random: RandomSource,
  pool: readonly Valid[],
): MalformedInput {
  const index = drawBelow(random, pool.length);
  const valid = pick(pool, index);
  const other = pick(pool, (index + 1 + drawBelow(random, pool.length - 1)) % pool.length);
  const origin = drawOrigin(random);
  const base = {
    origin,
    packet: valid.packet.slice(),
    privateKey: valid.privateKey,
    isReplay: false,
    expected: ['mac'] as readonly Outcome[],
    isWhole: false,
    isRightVersion: true,
  };
  switch (origin) {
    case 'mutant':
      return { ...base, ...mutate(random, valid) };
    case 'noise':
      return { ...base, packet: drawBytes(random, PACKET_SIZE), expected: ['mac', 'low-order'] };
    case 'odd alpha':
      return { ...base, ...withOddAlpha(random, valid) };
    case 'spliced':
      return { ...base, ...splice(random, valid, other) };
    case 'wrong length':
      return { ...base, packet: drawWrongLength(random, valid), expected: ['length'] };
    case 'crafted':
      return { ...base, ...craft(engine, random, valid) };
    case 'replayed':
      return { ...base, isReplay: true, expected: ['replay'] };
    case 'other key':
      return { ...base, privateKey: other.privateKey };
    case 'valid':
      return { ...base, expected: [valid.outcome], isWhole: true };
  }
}

function drawOrigin(random: RandomSource): Origin {
  let rest = drawBelow(random, 100);
  for (const [origin, weight] of WEIGHTS) {
    if (rest < weight) return origin;
    rest -= weight;
  }
  return 'valid';
}

/** One byte changed: half of them in the header, half anywhere. */
function mutate(random: RandomSource, valid: Valid): Partial<MalformedInput> {
  const packet = valid.packet.slice();
  const offset = drawBelow(random, drawBelow(random, 2) === 0 ? HEADER_SIZE : PACKET_SIZE);
  const mask = 1 + drawBelow(random, 255);
  packet[offset] = (packet[offset] ?? 0) ^ mask;
  const isSameAlpha = offset === 31 && mask === 0x80;
  if (isSameAlpha) return { packet, expected: [valid.outcome], isWhole: true };
  if (offset >= HEADER_SIZE) return { packet, expected: [valid.outcome] };
  return { packet, expected: offset < 32 ? ['mac', 'low-order'] : ['mac'] };
}

/** Low-order points first, as far as they are short to write; then other edges of the field. */
const LOW_ORDER = ['00', '01', `ec${'ff'.repeat(30)}7f`, `ed${'ff'.repeat(30)}7f`];
const EDGES = ['02', '09', 'ff'.repeat(32), `eb${'ff'.repeat(30)}7f`, `ef${'ff'.repeat(30)}7f`];

function withOddAlpha(random: RandomSource, valid: Valid): Partial<MalformedInput> {
  const isLow = drawBelow(random, 2) === 0;
  const points = isLow ? LOW_ORDER : EDGES;
  const packet = valid.packet.slice();
  packet.set(Buffer.from(pick(points, drawBelow(random, points.length)).padEnd(64, '0'), 'hex'));
  return { packet, expected: [isLow ? 'low-order' : 'mac'] };
}

/** The head of one packet and the tail of another. */
function splice(random: RandomSource, valid: Valid, other: Valid): Partial<MalformedInput> {
  const packet = valid.packet.slice();
  const offset = 1 + drawBelow(random, PACKET_SIZE - 1);
  packet.set(other.packet.subarray(offset), offset);
  if (equalBytes(packet, valid.packet)) return { packet, expected: [valid.outcome], isWhole: true };
  const isHeaderWhole = equalBytes(
    packet.subarray(0, HEADER_SIZE),
    valid.packet.subarray(0, HEADER_SIZE),
  );
  return { packet, expected: isHeaderWhole ? [valid.outcome] : ['mac', 'low-order'] };
}

function drawWrongLength(random: RandomSource, valid: Valid): Uint8Array {
  const size = drawBelow(random, 2 * PACKET_SIZE);
  const packet = new Uint8Array(size === PACKET_SIZE ? size + 1 : size);
  packet.set(valid.packet.subarray(0, packet.length));
  return packet;
}

/** A header with a valid MAC over a block that nobody would send. */
function craft(engine: CryptoEngine, random: RandomSource, valid: Valid): Partial<MalformedInput> {
  const packet = drawBytes(random, PACKET_SIZE);
  packet.set(valid.packet.subarray(0, 32));
  const flag = pick([0, 1, 1, 2, 2, 3, 255], drawBelow(random, 7));
  const version = pick([259, 259, 259, 259, 259, 258, 257, 0], drawBelow(random, 8));
  const routing = packet.subarray(48, HEADER_SIZE);
  routing.set([flag, 0, version >> 8, version & 0xff]);
  engine.aes128CtrXor(routing, valid.keys.streamKey);
  const mac = new Uint8Array(32);
  engine.hmacSha256(mac, valid.keys.macKey, routing);
  packet.set(mac.subarray(0, 16), 32);
  const isFlag = flag === 1 || flag === 2;
  const accepted: Outcome = flag === 1 ? 'forward' : 'final';
  const expected: Outcome = isFlag ? (version === 259 ? accepted : 'version') : 'flag';
  return { packet, expected: [expected], isRightVersion: version === 259 };
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
