// Unwrap against packets that nobody should send: it never throws, never multiplies more than
// twice, leaves its input alone, and gives for each the outcome that is right. The short form is
// part of the tests.
import { equalBytes } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { HEADER_SIZE, PACKET_SIZE } from '../../shared/sphinx/geometry.ts';
import { createSphinx, type Sphinx, type Unwrapped } from '../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../shared/sphinx/payload.ts';
import { fastestEngine } from '../support/engines.ts';
import { type MalformedInput, malformedInputs, type Outcome } from '../support/malformed.ts';
import { seededRandom } from '../support/random.ts';
import { countingEngine, NETWORK_RULES } from '../support/sphinx.ts';
import type { LongForm } from './long.ts';

const MULTIPLICATIONS_MAX = 2;
const FAULTS_TOLD_MAX = 20;

export type MalformedReport = {
  readonly engine: string;
  readonly inputs: number;
  /** How many of each kind of input, and of each outcome. */
  readonly origins: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly rightLengthAndVersion: number;
  readonly oneByteMutants: number;
  readonly validMacs: number;
  readonly multiplicationsMax: number;
  readonly faults: number;
  /** The first of them in words. */
  readonly faultsTold: readonly string[];
};

export type MalformedOptions = {
  readonly engine: CryptoEngine;
  readonly inputs: number;
  readonly seed: number | string;
  /** Puts a defect into unwrap, which the run must find. */
  readonly plant?: (unwrap: Sphinx['unwrap'], engine: CryptoEngine) => Sphinx['unwrap'];
};

/** One run; the same seed gives the same inputs. */
export function runMalformed(options: MalformedOptions): MalformedReport {
  const { engine, takeCount } = countingEngine(options.engine);
  const { unwrap } = createSphinx(engine);
  const tried = options.plant?.(unwrap, engine) ?? unwrap;
  const origins: Record<string, number> = {};
  const outcomes: Record<string, number> = {};
  const count = { right: 0, mutants: 0, macs: 0, faults: 0, multiplications: 0 };
  const faultsTold: string[] = [];

  const source = malformedInputs(options.engine, seededRandom(options.seed));
  for (let index = 0; index < options.inputs; index++) {
    const input = source.next().value as MalformedInput;
    const before = input.packet.slice();
    takeCount();
    const result = tryUnwrap(tried, input);
    const multiplications = takeCount();
    const outcome = typeof result === 'string' ? 'threw' : outcomeOf(result);
    origins[input.origin] = (origins[input.origin] ?? 0) + 1;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    count.right += input.packet.length === PACKET_SIZE && input.isRightVersion ? 1 : 0;
    count.mutants += input.origin === 'mutant' ? 1 : 0;
    count.macs += isPastMac(input.expected) ? 1 : 0;
    count.multiplications = Math.max(count.multiplications, multiplications);
    const faults = faultsOf(input, before, result, multiplications);
    count.faults += faults.length;
    if (faultsTold.length < FAULTS_TOLD_MAX) {
      faultsTold.push(...faults.map((fault) => `input ${index}, ${input.origin}: ${fault}`));
    }
  }
  return {
    engine: options.engine.name,
    inputs: options.inputs,
    origins,
    outcomes,
    rightLengthAndVersion: count.right,
    oneByteMutants: count.mutants,
    validMacs: count.macs,
    multiplicationsMax: count.multiplications,
    faults: count.faults,
    faultsTold,
  };
}

/** The result, or what was thrown in words. */
function tryUnwrap(unwrap: Sphinx['unwrap'], input: MalformedInput): Unwrapped | string {
  const rules = { ...NETWORK_RULES, isReplay: () => input.isReplay };
  try {
    return unwrap(input.packet, input.privateKey, rules);
  } catch (error) {
    return String(error);
  }
}

function outcomeOf(result: Unwrapped): Outcome {
  return result.kind === 'refused' ? result.reason : result.kind;
}

function isPastMac(expected: readonly Outcome[]): boolean {
  return !expected.some((outcome) => ['length', 'low-order', 'mac'].includes(outcome));
}

function faultsOf(
  input: MalformedInput,
  before: Uint8Array,
  result: Unwrapped | string,
  multiplications: number,
): string[] {
  const faults: string[] = [];
  if (!equalBytes(input.packet, before)) faults.push('the input was written to');
  if (multiplications > MULTIPLICATIONS_MAX) faults.push(`${multiplications} multiplications`);
  if (typeof result === 'string') return [...faults, `threw ${result}`];
  const outcome = outcomeOf(result);
  if (!input.expected.includes(outcome)) {
    faults.push(`${outcome}, expected ${input.expected.join(' or ')}`);
  }
  if (result.kind === 'refused' && multiplications > 1) faults.push('work after the refusal');
  if (result.kind === 'forward' && result.packet.length !== input.packet.length) {
    faults.push('the packet changed its length');
  }
  if (result.kind === 'final') {
    if (result.payload.length !== input.packet.length - HEADER_SIZE) {
      faults.push('the payload changed its length');
    }
    const isDelivered = unpadPayload(result.payload) !== null;
    if (isDelivered && !input.isWhole) faults.push('an altered payload was taken for whole');
    if (!isDelivered && input.isWhole) faults.push('a whole payload was lost');
  }
  return faults;
}

/** `npm run -s long -- sphinx-malformed`: a million inputs. */
export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    const engine = await fastestEngine();
    say(`a million packets on ${engine.name}, seed ${seed}`);
    const report = runMalformed({ engine, inputs: 1_000_000, seed });
    return { passed: report.faults === 0, ...report };
  },
};
