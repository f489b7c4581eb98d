// The vectors about what is refused. Each verdict is computed as the Rust crate gives it, with the
// same code under rules as wide as the crate's, and compared in full; beside it stands what the
// implementation itself says, which must refuse whatever the crate refuses and may refuse more for
// the reasons named here only.
import { equalBytes, toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { SURB_BASE_SIZE } from '../../shared/sphinx/geometry.ts';
import { createSphinx, type Unwrapped } from '../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../shared/sphinx/payload.ts';
import { parseSurb, serializeSurb } from '../../shared/sphinx/surb.ts';
import {
  bytesField,
  bytesListField,
  countField,
  type JsonObject,
  type Vector,
} from './vector-file.ts';
import { LIBRARY_RULES } from './vector-packets.ts';

/** Where the implementation refuses what the crate accepts, and why. */
export type Stricter = 'low-order key' | 'version' | 'bytes after the end marker' | 'too many keys';

/**
 * A verdict as the crate gives it, and in what the implementation is stricter or, a fault, laxer.
 */
export type Judged = {
  readonly computed: JsonObject;
  readonly stricter: readonly Stricter[];
  readonly faults: readonly string[];
};

const REFUSED: JsonObject = { result: 'error' };

export function judgePacket(engine: CryptoEngine, vector: Vector): Judged {
  const step = judgeHop(engine, bytesField(vector, 'packet'), bytesField(vector, 'private_key'));
  return { ...step, computed: { verdict: step.computed } };
}

/**
 * Every key applied to what the key before it made of the packet, up to a refusal or the final hop.
 */
export function judgeChain(engine: CryptoEngine, vector: Vector): Judged {
  const verdicts: JsonObject[] = [];
  const stricter: Stricter[] = [];
  const faults: string[] = [];
  let packet: Uint8Array | null = bytesField(vector, 'packet');
  for (const privateKey of bytesListField(vector, 'private_keys')) {
    if (packet === null) break;
    const step = judgeHop(engine, packet, privateKey);
    verdicts.push(step.computed);
    stricter.push(...step.stricter);
    faults.push(...step.faults);
    packet = step.next;
  }
  return { computed: { verdicts }, stricter, faults };
}

function judgeHop(
  engine: CryptoEngine,
  packet: Uint8Array,
  privateKey: Uint8Array,
): Judged & { readonly next: Uint8Array | null } {
  const wideRules = { ...LIBRARY_RULES, versions: 'any' } as const;
  const wide = createSphinx(acceptingLowOrder(engine)).unwrap(packet, privateKey, wideRules);
  const own = createSphinx(engine).unwrap(packet, privateKey, LIBRARY_RULES);
  const stricter: Stricter[] = [];
  const faults: string[] = [];
  if (own.kind === 'refused' && wide.kind !== 'refused') {
    if (own.reason === 'low-order') stricter.push('low-order key');
    else if (own.reason === 'version') stricter.push('version');
    else faults.push(`refused for ${own.reason}, which the crate does not`);
  } else if (JSON.stringify(describe(own)) !== JSON.stringify(describe(wide))) {
    faults.push('another result under the wider rules');
  }
  const recovered = wide.kind === 'final' ? judgePadding(wide.payload) : null;
  const computed = recovered === null ? describe(wide) : withRecovery(wide, recovered);
  return {
    computed,
    stricter: [...stricter, ...(recovered?.stricter ?? [])],
    faults: [...faults, ...(recovered?.faults ?? [])],
    next: wide.kind === 'forward' ? wide.packet : null,
  };
}

function withRecovery(wide: Unwrapped, recovered: Judged): JsonObject {
  return { ...describe(wide), recover: recovered.computed };
}

function describe(result: Unwrapped): JsonObject {
  if (result.kind === 'refused') return REFUSED;
  if (result.kind === 'forward') {
    const forward = {
      result: 'forward',
      version: result.version,
      next_address: toHex(result.nextAddress),
      delay_ns: result.delayNs.toString(),
    };
    // The crate blinds α of version 257 in a legacy way, which a later version of it dropped.
    return result.version === 257 ? forward : { ...forward, next_packet: toHex(result.packet) };
  }
  return {
    result: 'final',
    version: result.version,
    destination: toHex(result.destination),
    identifier: toHex(result.identifier),
    payload: toHex(result.payload),
  };
}

/** The engine with the crate's carelessness: an all-zero shared secret is taken like any other. */
function acceptingLowOrder(engine: CryptoEngine): CryptoEngine {
  return {
    ...engine,
    x25519: (out, scalar, point) => {
      if (!engine.x25519(out, scalar, point)) out.fill(0);
      return true;
    },
  };
}

export function judgeRecovery(_engine: CryptoEngine, vector: Vector): Judged {
  const judged = judgePadding(bytesField(vector, 'payload'));
  return { ...judged, computed: { verdict: judged.computed } };
}

/** The crate cuts at the last 0x01 and does not look at what follows. */
function judgePadding(payload: Uint8Array): Judged {
  const own = unpadPayload(payload);
  const end = payload.lastIndexOf(1);
  const isZeroLed = payload.length >= 17 && payload.subarray(0, 16).every((byte) => byte === 0);
  if (!isZeroLed || end < 16) {
    return { computed: REFUSED, stricter: [], faults: own === null ? [] : ['recovered'] };
  }
  const plaintext = payload.subarray(16, end);
  const computed = { result: 'ok', plaintext: toHex(plaintext) };
  const hasJunk = payload.subarray(end + 1).some((byte) => byte !== 0);
  if (hasJunk && own === null) {
    return { computed, stricter: ['bytes after the end marker'], faults: [] };
  }
  const isSame = own !== null && equalBytes(own, plaintext);
  return { computed, stricter: [], faults: isSame ? [] : ['another plaintext'] };
}

export function judgeSurb(_engine: CryptoEngine, vector: Vector): Judged {
  const bytes = bytesField(vector, 'surb');
  const own = parseSurb(bytes);
  const material = bytes.length - SURB_BASE_SIZE;
  const keyCount = material / (material < 192 ? 16 : 192);
  if (!Number.isInteger(keyCount) || keyCount < 1) {
    const faults = own === null ? [] : ['parsed'];
    return { computed: { verdict: REFUSED }, stricter: [], faults };
  }
  const first_hop = toHex(bytes.subarray(348, SURB_BASE_SIZE));
  const computed = { verdict: { result: 'ok', first_hop, same_bytes: true } };
  if (own === null) {
    const isLong = keyCount > 5;
    return {
      computed,
      stricter: isLong ? ['too many keys'] : [],
      faults: isLong ? [] : ['refused'],
    };
  }
  const isSame = equalBytes(serializeSurb(own), bytes) && toHex(own.firstHop) === first_hop;
  return { computed, stricter: [], faults: isSame ? [] : ['not the same bytes'] };
}

/**
 * Building with counts and sizes alone: an assertion is the refusal, anything else thrown is a
 * fault.
 */
export function judgeBuild(engine: CryptoEngine, vector: Vector): Judged {
  const hopCount = countField(vector, 'hop_count');
  const delayCount =
    vector['delay_count'] === undefined ? hopCount : countField(vector, 'delay_count');
  const privateKey = new Uint8Array(32).fill(7);
  const publicKey = new Uint8Array(32);
  engine.x25519Base(publicKey, privateKey);
  const hop = { address: new Uint8Array(32).fill(1), publicKey };
  try {
    const packet = createSphinx(engine).wrap({
      route: Array.from({ length: hopCount }, () => hop),
      delaysNs: Array.from({ length: delayCount }, () => 1n),
      destination: new Uint8Array(32).fill(2),
      identifier: new Uint8Array(16).fill(3),
      version: 259,
      payloadSize: countField(vector, 'payload_size'),
      plaintext: new Uint8Array(countField(vector, 'plaintext_len')).fill(4),
      random: { fill: (out) => out.fill(9) },
    });
    const verdict = { result: 'ok', packet_len: packet?.length ?? 0 };
    return { computed: { verdict }, stricter: [], faults: [] };
  } catch (error) {
    if (!isAssertion(error)) throw error;
    return { computed: { verdict: REFUSED }, stricter: [], faults: [] };
  }
}

/**
 * Whether this is what `assert` throws: a bug of the caller that was noticed, not one of the
 * callee.
 */
export function isAssertion(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('must hold: ');
}
