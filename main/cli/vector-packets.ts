// What the implementation makes of the vectors about whole packets and reply blocks, in the fields
// that the vector file has for it. Nothing here reads a field that is to be checked.
import { equalBytes, toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { RandomSource } from '../../shared/random.ts';
import { PAYLOAD_KEY_SIZE } from '../../shared/sphinx/geometry.ts';
import { createFiller, drawKeystream, type PacketVersion } from '../../shared/sphinx/header.ts';
import { deriveRouteKeys, payloadKeyOf } from '../../shared/sphinx/keys.ts';
import { createSphinx, type UnwrapRules, type WrapOptions } from '../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../shared/sphinx/payload.ts';
import { createSurbs, parseSurb } from '../../shared/sphinx/surb.ts';
import {
  bigField,
  bytesField,
  countField,
  isObject,
  type Json,
  type JsonObject,
  listField,
  type Vector,
  VectorFieldError,
} from './vector-file.ts';

/** The versions that the library speaks. A network accepts one of them. */
export const LIBRARY_RULES: UnwrapRules = {
  versions: [258, 259, 260],
  packetSize: 'any',
  isReplay: () => false,
};

/** A packet that is built from the vector's inputs, then processed by every hop. */
export function computeBuild(engine: CryptoEngine, vector: Vector): JsonObject {
  const { options, privateKeys } = readInputs(vector);
  const source = vectorSource(vector);
  const packet = createSphinx(engine).wrap({ ...options, random: source });
  if (packet === null) throw new VectorFieldError('route: a low-order public key');
  source.assertUsedUp();
  return {
    packet: toHex(packet),
    ...passRoute(engine, packet, privateKeys),
    intermediate: computeIntermediate(engine, vector, options),
  };
}

/** A given packet, processed by every hop. The sender's inputs must come out at the end. */
export function computeProcess(engine: CryptoEngine, vector: Vector): JsonObject {
  const packet = bytesField(vector, 'packet');
  const passed = passRoute(engine, packet, readRoute(vector).privateKeys);
  const { version = null, destination = null, identifier = null, plaintext = null } = passed.final;
  const payload_size = packet.length - 348;
  return { ...passed, version, destination, identifier, plaintext, payload_size };
}

/**
 * A reply block that is created, read back, used, processed by every hop, and the reply recovered.
 */
export function computeSurb(engine: CryptoEngine, vector: Vector): JsonObject {
  const { options, privateKeys } = readInputs(vector);
  const source = vectorSource(vector);
  const surbs = createSurbs(engine);
  const created = surbs.create({ ...options, random: source });
  const parsed = created === null ? null : parseSurb(created.surb);
  if (created === null || parsed === null) throw new VectorFieldError('route: no reply block');
  source.assertUsedUp();
  const packet = surbs.use(parsed, options.plaintext, options.payloadSize);
  const passed = passRoute(engine, packet, privateKeys);
  const common = {
    surb_type: { 258: 'full_keys', 259: 'seeds', 260: 'single_seed' }[options.version],
    surb: toHex(created.surb),
    first_hop: toHex(parsed.firstHop),
    packet: toHex(packet),
    hops: passed.hops,
  };
  const { plaintext = null, ...sealed } = passed.final;
  if (created.recovery === null) return { ...common, final: passed.final, recovered: plaintext };
  const payload = bytesField(passed.final, 'payload');
  const recovered = surbs.recover(created.recovery, options.identifier, payload);
  return {
    ...common,
    final: sealed,
    recovery: toHex(created.recovery),
    recovered: recovered === null ? null : toHex(recovered),
  };
}

/** The vector's route as the sender and the nodes know it. */
function readRoute(vector: Vector): {
  readonly route: WrapOptions['route'];
  readonly privateKeys: readonly Uint8Array[];
} {
  const hops = listField(vector, 'route').map((hop) => {
    if (!isObject(hop)) throw new VectorFieldError('route: expected objects');
    return hop;
  });
  if (hops.length !== countField(vector, 'hop_count')) {
    throw new VectorFieldError('hop_count: not the length of the route');
  }
  return {
    route: hops.map((hop) => ({
      address: bytesField(hop, 'address'),
      publicKey: bytesField(hop, 'public_key'),
    })),
    privateKeys: hops.map((hop) => bytesField(hop, 'private_key')),
  };
}

function readInputs(vector: Vector): {
  readonly options: Omit<WrapOptions, 'random'>;
  readonly privateKeys: readonly Uint8Array[];
} {
  const { route, privateKeys } = readRoute(vector);
  const options = {
    route,
    delaysNs: listField(vector, 'delays_ns').map((delay) => bigField(delay, 'delays_ns')),
    destination: bytesField(vector, 'destination'),
    identifier: bytesField(vector, 'identifier'),
    version: readVersionField(vector),
    payloadSize: countField(vector, 'payload_size'),
    plaintext: bytesField(vector, 'plaintext'),
  };
  return { options, privateKeys };
}

function readVersionField(vector: Vector): PacketVersion {
  const version = countField(vector, 'version');
  if (version === 258 || version === 259 || version === 260) return version;
  throw new VectorFieldError('version: expected 258, 259 or 260');
}

/** Gives the vector's random inputs in the order in which a packet draws them, and nothing else. */
function vectorSource(vector: Vector): RandomSource & { readonly assertUsedUp: () => void } {
  const inputs = [bytesField(vector, 'initial_secret'), bytesField(vector, 'final_padding')];
  return {
    fill: (out) => {
      const next = inputs.shift();
      if (next?.length !== out.length) throw new VectorFieldError('random: an unexpected draw');
      out.set(next);
    },
    assertUsedUp: () => {
      if (inputs.length > 0) throw new VectorFieldError('random: an input was not drawn');
    },
  };
}

type Passed = { readonly hops: readonly JsonObject[]; readonly final: JsonObject };

function passRoute(
  engine: CryptoEngine,
  packet: Uint8Array,
  privateKeys: readonly Uint8Array[],
): Passed {
  const sphinx = createSphinx(engine);
  const hops: JsonObject[] = [];
  let current = packet;
  for (const privateKey of privateKeys) {
    const result = sphinx.unwrap(current, privateKey, LIBRARY_RULES);
    if (result.kind === 'refused') return { hops, final: { type: `refused: ${result.reason}` } };
    const common = { version: result.version, replay_tag: toHex(result.replayTag) };
    if (result.kind === 'forward') {
      hops.push({
        type: 'forward',
        ...common,
        next_address: toHex(result.nextAddress),
        delay_ns: result.delayNs.toString(),
        next_packet: toHex(result.packet),
      });
      current = result.packet;
      continue;
    }
    const plaintext = unpadPayload(result.payload);
    const final = {
      type: 'final',
      ...common,
      destination: toHex(result.destination),
      identifier: toHex(result.identifier),
      payload: toHex(result.payload),
    };
    return { hops, final: plaintext === null ? final : { ...final, plaintext: toHex(plaintext) } };
  }
  return { hops, final: { type: 'none' } };
}

/**
 * The sender's side in parts; the secrets by one product per hop and factor by factor must agree.
 */
function computeIntermediate(
  engine: CryptoEngine,
  vector: Vector,
  options: Omit<WrapOptions, 'random'>,
): Json {
  const publicKeys = options.route.map((hop) => hop.publicKey);
  const initialSecret = bytesField(vector, 'initial_secret');
  const keys = deriveRouteKeys(engine, publicKeys, initialSecret);
  const stepwise = deriveRouteKeys(engine, publicKeys, initialSecret, { product: false });
  if (keys === null || stepwise === null) throw new VectorFieldError('route: a low-order key');
  let alpha = keys.alpha;
  const hops = keys.hops.map((hop, index) => {
    const sharedSecret = keys.sharedSecrets[index] ?? new Uint8Array(0);
    if (!equalBytes(sharedSecret, stepwise.sharedSecrets[index] ?? new Uint8Array(0))) {
      throw new VectorFieldError('shared_secret: the product and its factors disagree');
    }
    const payloadKey = new Uint8Array(PAYLOAD_KEY_SIZE);
    payloadKeyOf(engine, payloadKey, hop, options.version);
    const fields = {
      alpha: toHex(alpha),
      shared_secret: toHex(sharedSecret),
      stream_cipher_key: toHex(hop.streamKey),
      mac_key: toHex(hop.macKey),
      payload_key_seed: toHex(hop.payloadKeySeed),
      payload_key: toHex(payloadKey),
      blinding_factor: toHex(hop.blindingFactor),
      replay_tag: toHex(hop.replayTag),
    };
    const nextAlpha = new Uint8Array(alpha.length);
    engine.x25519(nextAlpha, hop.blindingFactor, alpha);
    alpha = nextAlpha;
    return fields;
  });
  const keystreams = keys.hops.map((hop) => drawKeystream(engine, hop.streamKey));
  return { filler: toHex(createFiller(keystreams)), hops };
}
