// The packet: what a node spends on one, what a sender spends on one, and how both compare with the
// scalar multiplications that nobody can save.
import { engineLoaders, loadCryptoEngine } from '../../main/crypto/choose.ts';
import { systemRandom } from '../../main/system.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import {
  HEADER_SIZE,
  MAC_OFFSET,
  MAC_SIZE,
  PAYLOAD_SIZE,
  ROUTING_OFFSET,
} from '../../shared/sphinx/geometry.ts';
import { allocateHopKeys, expandSharedSecret } from '../../shared/sphinx/keys.ts';
import {
  createSphinx,
  type Sphinx,
  type SphinxRefusal,
  type UnwrapRules,
} from '../../shared/sphinx/packet.ts';
import { seededRandom } from '../support/random.ts';
import { drawPath, drawWrapOptions, NETWORK_RULES } from '../support/sphinx.ts';
import { type Benchmark, bytesAllocated, medianMicroseconds, rounded } from './measure.ts';

const SAMPLES = 151;
const HOPS = 5;
const PLAINTEXT_SIZE = 2_048;
/** An identifier's, from the program's one random source. */
const RANDOM_DRAW_SIZE = 16;
/** Different packets that take turns. */
const PACKETS = 8;

export const benchmark: Benchmark = async function* () {
  for (const { name } of engineLoaders) yield measure(await loadCryptoEngine(name));
};

function measure(engine: CryptoEngine) {
  const sphinx = createSphinx(engine);
  const random = seededRandom('bench sphinx');
  const path = drawPath(engine, random, HOPS);
  const sizes = { plaintext: PLAINTEXT_SIZE, payload: PAYLOAD_SIZE };
  const options = drawWrapOptions(path, random, sizes);
  const privateKey = path.privateKeys[0] ?? new Uint8Array(32);
  const packets = Array.from({ length: PACKETS }, () => {
    const packet = sphinx.wrap(options);
    if (packet === null) throw new Error('the path has a low-order key');
    return packet;
  });
  const out = new Uint8Array(32);
  const point = path.route[1]?.publicKey ?? new Uint8Array(32);

  let turn = 0;
  const unwrap = () => {
    const packet = packets[turn++ % PACKETS] ?? new Uint8Array(0);
    const result = sphinx.unwrap(packet, privateKey, NETWORK_RULES);
    if (result.kind !== 'forward') throw new Error(`expected forward, got ${result.kind}`);
  };
  const core = { unwrap, x25519: () => engine.x25519(out, privateKey, point) };
  const { unwrap: unwrapUs, x25519: x25519Us } = medianMicroseconds(core, SAMPLES);
  const refusals = refusalWorks(engine, sphinx, packets[0] ?? new Uint8Array(0), privateKey);
  const { good, ...refused } = medianMicroseconds({ good: unwrap, ...refusals }, SAMPLES);
  const { wrap } = medianMicroseconds(
    {
      wrap: () => {
        // A packet of a client carries a ready-made acknowledgement header: four hops back.
        sphinx.createHeader(drawAcknowledgement(options));
        sphinx.wrap(options);
      },
    },
    SAMPLES,
  );
  const draw = new Uint8Array(RANDOM_DRAW_SIZE);
  const { random16 } = medianMicroseconds({ random16: () => systemRandom.fill(draw) }, SAMPLES);
  const refusedOverGood = Object.entries(refused).map(([reason, us]) => [
    reason,
    rounded(us / good),
  ]);
  return {
    engine: engine.name,
    unwrapUs: rounded(unwrapUs),
    unwrapPerSecond: Math.round(1e6 / unwrapUs),
    wrapPerSecond: Math.round(1e6 / wrap),
    x25519Us: rounded(x25519Us),
    x25519PerSecond: Math.round(1e6 / x25519Us),
    unwrapOverLimit: rounded(unwrapUs / (2 * x25519Us)),
    worstOverGood: rounded(Math.max(...Object.values(refused)) / good),
    refusedOverGood: Object.fromEntries(refusedOverGood) as Record<string, number>,
    bytesAllocatedPerUnwrap: Math.round(bytesAllocated(unwrap, 21)),
    random16Us: rounded(random16),
    samples: SAMPLES,
  };
}

type Options = ReturnType<typeof drawWrapOptions>;

function drawAcknowledgement(options: Options): Parameters<Sphinx['createHeader']>[0] {
  const { route, delaysNs } = options;
  return { ...options, route: route.slice(1), delaysNs: delaysNs.slice(1) };
}

/** One packet for every reason to refuse, and the work of refusing it. */
function refusalWorks(
  engine: CryptoEngine,
  sphinx: Sphinx,
  good: Uint8Array,
  privateKey: Uint8Array,
): Record<SphinxRefusal, () => void> {
  const changed = (change: (packet: Uint8Array) => void) => {
    const packet = good.slice();
    change(packet);
    return packet;
  };
  const refusing =
    (reason: SphinxRefusal, packet: Uint8Array, rules = NETWORK_RULES) =>
    () => {
      const result = sphinx.unwrap(packet, privateKey, rules);
      if (result.kind !== 'refused' || result.reason !== reason) throw new Error(`not ${reason}`);
    };
  const known: UnwrapRules = { ...NETWORK_RULES, isReplay: () => true };
  const otherVersion: UnwrapRules = { ...NETWORK_RULES, versions: [258] };
  return {
    length: refusing('length', good.subarray(1)),
    'low-order': refusing(
      'low-order',
      changed((packet) => packet.fill(0, 0, 32)),
    ),
    mac: refusing(
      'mac',
      changed((packet) => flip(packet, MAC_OFFSET)),
    ),
    replay: refusing('replay', good, known),
    version: refusing('version', good, otherVersion),
    flag: refusing(
      'flag',
      changed((packet) => sealWithBadFlag(engine, packet, privateKey)),
    ),
  };
}

function flip(packet: Uint8Array, at: number): void {
  packet[at] = (packet[at] ?? 0) ^ 0x10;
}

/** Flips the flag under the keystream and makes the MAC fit again, as the key's owner could. */
function sealWithBadFlag(engine: CryptoEngine, packet: Uint8Array, privateKey: Uint8Array): void {
  flip(packet, ROUTING_OFFSET);
  const secret = new Uint8Array(32);
  const keys = allocateHopKeys();
  engine.x25519(secret, privateKey, packet.subarray(0, 32));
  expandSharedSecret(engine, keys, secret);
  const tag = new Uint8Array(32);
  engine.hmacSha256(tag, keys.macKey, packet.subarray(ROUTING_OFFSET, HEADER_SIZE));
  packet.set(tag.subarray(0, MAC_SIZE), MAC_OFFSET);
}
