// Safety numbers: two people compare 60 digits, or scan one another's code, and know that nobody
// stands between them (design section 3, "Session"). Each person's half is an iterated hash over
// all of his long-term keys, so that a number that merely looks alike costs its forger the
// iterations for every try. The scheme is that of Signal's numeric fingerprints.
import { assert } from '../assert.ts';
import {
  compareBytes,
  concatBytes,
  equalConstantTime,
  fromBase64url,
  toBase64url,
  toUtf8,
} from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { KEY_SIZE } from '../network/geometry.ts';
import type { PublicIdentity } from './identity.ts';

/** SHA-512 runs per person: 2^12 of them for each try at 30 digits that are alike (2^100). */
export const SAFETY_NUMBER_ITERATIONS = 5_200;
const FINGERPRINT_SIZE = 32;
const GROUPS_PER_PERSON = 6;
const GROUP_SIZE = 5;
const VERSION = 1;
const PREFIX = 'eddy:s/';
const SCAN_SIZE = 1 + 2 * FINGERPRINT_SIZE;
const label = toUtf8('eddy safety number v1');

export type SafetyNumber = {
  /** 12 groups of 5 digits; the same on both sides. */
  readonly groups: readonly string[];
  /** For a QR picture: `eddy:s/` and 65 bytes in base64url; each side shows its own. */
  readonly scanText: string;
};

/** Costs 10,400 runs of SHA-512: compute it once per contact and keep it. */
export function safetyNumber(
  engine: CryptoEngine,
  own: PublicIdentity,
  theirs: PublicIdentity,
): SafetyNumber {
  const ownFingerprint = fingerprint(engine, own);
  const theirFingerprint = fingerprint(engine, theirs);
  const halves = [ownFingerprint, theirFingerprint].sort(compareBytes);
  return {
    groups: halves.flatMap(digitGroups),
    scanText:
      PREFIX + toBase64url(concatBytes(Uint8Array.of(VERSION), ownFingerprint, theirFingerprint)),
  };
}

export type SafetyScan =
  | 'match'
  /** Other keys: somebody else's number, or somebody in between. */
  | 'mismatch'
  /** Their program is newer than this one. */
  | 'newer_version'
  /** One's own picture. */
  | 'own'
  | 'not_a_safety_number';

/**
 * Compares what was scanned from the other's screen with one's own `scanText`. Compares whole
 * fingerprints, in constant time.
 */
export function compareSafetyScan(ownScanText: string, scanned: string): SafetyScan {
  const own = scanBytes(ownScanText);
  assert(own !== null && own.length === SCAN_SIZE, 'the own text is one that safetyNumber gave');
  const other = scanBytes(scanned);
  if (other === null || other.length === 0) return 'not_a_safety_number';
  if ((other[0] ?? 0) > VERSION) return 'newer_version';
  if (other.length !== SCAN_SIZE || other[0] !== VERSION) return 'not_a_safety_number';
  const mirrored = concatBytes(
    other.subarray(0, 1),
    other.subarray(1 + FINGERPRINT_SIZE),
    other.subarray(1, 1 + FINGERPRINT_SIZE),
  );
  if (equalConstantTime(own, mirrored)) return 'match';
  return equalConstantTime(own, other) ? 'own' : 'mismatch';
}

function scanBytes(text: string): Uint8Array | null {
  return text.startsWith(PREFIX) ? fromBase64url(text.slice(PREFIX.length)) : null;
}

/** The first 32 bytes of the last hash. */
function fingerprint(engine: CryptoEngine, person: PublicIdentity): Uint8Array {
  const keys = concatBytes(person.signingKey, person.agreementKey);
  assert(keys.length === 2 * KEY_SIZE, 'a person has two keys of 32 bytes');
  const input = new Uint8Array(64 + keys.length);
  input.set(keys, 64);
  const hash = input.subarray(0, 64);
  const digest = new Uint8Array(64);
  engine.sha512(digest, concatBytes(Uint8Array.of(0, VERSION), label, keys, keys));
  for (let round = 1; round < SAFETY_NUMBER_ITERATIONS; round++) {
    hash.set(digest);
    engine.sha512(digest, input);
  }
  return digest.slice(0, FINGERPRINT_SIZE);
}

/** Each five bytes as a number modulo 100,000: biased by less than 2^-23. */
function digitGroups(half: Uint8Array): string[] {
  return Array.from({ length: GROUPS_PER_PERSON }, (_, group) => {
    const bytes = half.subarray(group * GROUP_SIZE, (group + 1) * GROUP_SIZE);
    const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(value % 100_000).padStart(5, '0');
  });
}
