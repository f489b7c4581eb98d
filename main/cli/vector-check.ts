// Checks vectors: computes once per engine what the implementation gives, then compares with what
// the vector says, in both directions, so that neither an altered, a missing nor an unexpected
// field passes.
import type { CryptoEngine } from '../../shared/crypto.ts';
import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  type Vector,
  VectorFieldError,
  type VectorFile,
} from './vector-file.ts';
import { computeBuild, computeProcess, computeSurb } from './vector-packets.ts';
import { PRIMITIVE_KINDS } from './vector-primitives.ts';
import {
  type Judged,
  judgeBuild,
  judgeChain,
  judgePacket,
  judgeRecovery,
  judgeSurb,
  type Stricter,
} from './vector-refusals.ts';

type Kind = {
  readonly given: readonly string[];
  readonly judge: (engine: CryptoEngine, vector: Vector) => Judged;
};

const plain = (
  given: readonly string[],
  compute: (engine: CryptoEngine, vector: Vector) => JsonObject,
): Kind => ({
  given,
  judge: (engine, vector) => ({ computed: compute(engine, vector), stricter: [], faults: [] }),
});

const INPUTS = ['hop_count', 'route', 'delays_ns'];
const SENDER_INPUTS = [
  ...INPUTS,
  'destination',
  'identifier',
  'version',
  'payload_size',
  'plaintext',
  'initial_secret',
  'final_padding',
];

const KINDS: Readonly<Record<string, Kind>> = {
  build: plain(SENDER_INPUTS, computeBuild),
  process: plain([...INPUTS, 'packet'], computeProcess),
  surb: plain(SENDER_INPUTS, computeSurb),
  negative: { given: ['packet', 'private_key'], judge: judgePacket },
  negative_chain: { given: ['packet', 'private_keys'], judge: judgeChain },
  negative_recover: { given: ['payload'], judge: judgeRecovery },
  negative_build: {
    given: ['hop_count', 'payload_size', 'plaintext_len', 'delay_count'],
    judge: judgeBuild,
  },
  negative_surb: { given: ['surb'], judge: judgeSurb },
  ...Object.fromEntries(
    Object.entries(PRIMITIVE_KINDS).map(([kind, { given, compute }]) => [
      kind,
      plain(given, compute),
    ]),
  ),
};

/** Not compared in any vector: text for people, and where and how the crate refuses. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['message', 'stage', 'error_kind']);
const ABOUT: readonly string[] = ['id', 'kind', 'note', 'what'];

/** What one engine makes of one vector; `faults` alone are enough to fail it. */
export type Result = Judged;

/** Builds of the legacy versions, which the library does not speak. */
export function isLeftOut(vector: Vector): boolean {
  return vector.kind === 'build' && (vector['version'] === 1 || vector['version'] === 257);
}

/** Computes a vector with an engine. Never throws: what goes wrong is a fault. */
export function computeVector(engine: CryptoEngine, vector: Vector): Result {
  const kind = Object.hasOwn(KINDS, vector.kind) ? KINDS[vector.kind] : undefined;
  if (kind === undefined) return failed(`unknown kind ${vector.kind}`);
  try {
    return kind.judge(engine, vector);
  } catch (error) {
    if (error instanceof VectorFieldError) return failed(error.message);
    return failed(error instanceof Error ? `threw: ${error.message}` : 'threw');
  }
}

function failed(fault: string): Result {
  return { computed: {}, stricter: [], faults: [fault] };
}

/** The part of a vector that is to be checked. */
export function expectedOf(vector: Vector): JsonObject {
  const given = Object.hasOwn(KINDS, vector.kind) ? (KINDS[vector.kind]?.given ?? []) : [];
  const skipped = new Set([...ABOUT, ...given]);
  const expected: Record<string, Json> = {};
  for (const [name, value] of Object.entries(vector)) {
    if (!skipped.has(name)) expected[name] = normalize(vector.kind, name, value);
  }
  return expected;
}

function normalize(kind: string, name: string, value: Json): Json {
  const isWords = kind === 'lioness_error' && name === 'verdict' && typeof value === 'string';
  if (isWords) return value.startsWith('error') ? 'error' : value;
  if (kind === 'negative' && name === 'verdict' && isLegacyForward(value)) {
    const { next_packet: _, ...compared } = value;
    return compared;
  }
  return value;
}

/**
 * Forward verdicts of version 257, whose next packet is blinded in the legacy way: all else is
 * compared.
 */
export function isLegacyForward(verdict: Json | undefined): verdict is JsonObject {
  return isObject(verdict) && verdict['result'] === 'forward' && verdict['version'] === 257;
}

/** Where the two differ, as paths; empty when the vector is met. */
export function differences(expected: Json | undefined, computed: Json | undefined): string[] {
  return compareAt('', expected, computed);
}

function compareAt(path: string, expected: Json | undefined, computed: Json | undefined): string[] {
  if (isList(expected) && isList(computed)) {
    if (expected.length !== computed.length) return [`${path}: of another length`];
    return expected.flatMap((item, index) => compareAt(`${path}[${index}]`, item, computed[index]));
  }
  if (isObject(expected) && isObject(computed)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(computed)]);
    return [...names]
      .filter((name) => !NOT_COMPARED.has(name))
      .flatMap((name) =>
        compareAt(path === '' ? name : `${path}.${name}`, expected[name], computed[name]),
      );
  }
  return expected === computed ? [] : [path];
}

/** What a run over a file found. */
export type Report = {
  readonly passed: number;
  readonly failed: number;
  /** Ids and parts that were not checked. */
  readonly leftOut: readonly string[];
  readonly stricter: readonly { readonly id: string; readonly reasons: readonly Stricter[] }[];
  readonly failures: readonly string[];
};

/**
 * A vector passes when every engine passes it; a kind whose count is not what the file says fails
 * once.
 */
export function checkFile(file: VectorFile, engines: readonly CryptoEngine[]): Report {
  const leftOut: string[] = [];
  const stricter: { id: string; reasons: readonly Stricter[] }[] = [];
  const failures: string[] = countFailures(file);
  let failedCount = failures.length;
  let passed = 0;
  for (const vector of file.vectors) {
    if (isLeftOut(vector)) {
      leftOut.push(`${vector.id}: a version that is not built`);
      continue;
    }
    if (vector.kind === 'negative' && isLegacyForward(vector['verdict'])) {
      leftOut.push(`${vector.id}: next_packet`);
    }
    const expected = expectedOf(vector);
    const problems = engines.flatMap((engine) => {
      const result = computeVector(engine, vector);
      if (engine === engines[0] && result.stricter.length > 0) {
        stricter.push({ id: vector.id, reasons: result.stricter });
      }
      const found = [...result.faults, ...differences(expected, result.computed)];
      return found.map((problem) => `${vector.id} (${engine.name}): ${problem}`);
    });
    if (problems.length === 0) passed += 1;
    else failedCount += 1;
    failures.push(...problems);
  }
  return { passed, failed: failedCount, leftOut, stricter, failures };
}

function countFailures(file: VectorFile): string[] {
  const found = new Map<string, number>();
  for (const vector of file.vectors) found.set(vector.kind, (found.get(vector.kind) ?? 0) + 1);
  const kinds = new Set([...found.keys(), ...Object.keys(file.counts)]);
  return [...kinds]
    .filter((kind) => (found.get(kind) ?? 0) !== (file.counts[kind] ?? 0))
    .map(
      (kind) => `${kind}: ${found.get(kind) ?? 0} vectors, the file says ${file.counts[kind] ?? 0}`,
    );
}
