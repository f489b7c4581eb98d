// The short form of the malformed-input run, and the defects that it must find.
import { describe, expect, it } from 'vitest';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { HEADER_SIZE } from '../../../shared/sphinx/geometry.ts';
import { allocateHopKeys, expandSharedSecret } from '../../../shared/sphinx/keys.ts';
import {
  SPHINX_REFUSALS,
  type Sphinx,
  type Unwrapped,
  type UnwrapRules,
} from '../../../shared/sphinx/packet.ts';
import { padPayload } from '../../../shared/sphinx/payload.ts';
import { runMalformed } from '../../long/sphinx-malformed.ts';
import { fastestEngine } from '../../support/engines.ts';

const engine = await fastestEngine();
const inputs = 20_000;

it('twenty thousand malformed packets: no throw, no third multiplication, the right outcome', () => {
  const report = runMalformed({ engine, inputs, seed: 1 });
  process.stderr.write(`malformed packets: ${JSON.stringify(report)}\n`);
  expect(report.faultsTold).toEqual([]);
  expect(report.multiplicationsMax).toBe(2);
  expect(report.rightLengthAndVersion).toBeGreaterThanOrEqual(0.9 * inputs);
  expect(report.oneByteMutants).toBeGreaterThanOrEqual(0.5 * inputs);
  expect(report.validMacs).toBeGreaterThanOrEqual(1000);
  expect(Object.keys(report.outcomes).toSorted()).toEqual(
    [...SPHINX_REFUSALS, 'forward', 'final'].toSorted(),
  );
});

type Plant = (unwrap: Sphinx['unwrap'], counted: CryptoEngine) => Sphinx['unwrap'];

/** The defect in words, a piece of the fault it must be found by, and the defect. */
const planted: [string, string, Plant][] = [
  ['the MAC is not checked', 'expected mac', withoutMac],
  [
    'it throws for an unknown flag',
    'threw',
    altering((result) => {
      if (result.kind === 'refused' && result.reason === 'flag') throw new Error('flag');
      return result;
    }),
  ],
  [
    'it multiplies a third time',
    '3 multiplications',
    altering((result, _packet, counted) => {
      if (result.kind === 'forward') multiply(counted);
      return result;
    }),
  ],
  [
    'it works on after it refused',
    'work after the refusal',
    altering((result, _packet, counted) => {
      if (result.kind === 'refused') multiply(counted);
      return result;
    }),
  ],
  [
    'it decrypts in place',
    'the input was written to',
    altering((result, packet) => {
      if (result.kind === 'final') packet.set(result.payload, HEADER_SIZE);
      return result;
    }),
  ],
  [
    'it forwards a byte less',
    'changed its length',
    altering((result) =>
      result.kind === 'forward' ? { ...result, packet: result.packet.subarray(1) } : result,
    ),
  ],
  [
    'it loses the payload',
    'a whole payload was lost',
    altering((result) =>
      result.kind === 'final' ? { ...result, payload: result.payload.map(() => 0) } : result,
    ),
  ],
  [
    'it delivers what was altered',
    'an altered payload was taken for whole',
    altering((result) =>
      result.kind === 'final'
        ? { ...result, payload: padPayload(new Uint8Array(1), result.payload.length) }
        : result,
    ),
  ],
  ['it forgets the replay check', 'expected replay', ruling(withoutReplays)],
  ['it takes any version', 'expected version', ruling((rules) => ({ ...rules, versions: 'any' }))],
  ['it takes any length', 'expected length', ruling((rules) => ({ ...rules, packetSize: 'any' }))],
];

describe('a planted defect is found', () => {
  it.each(planted)('%s', (_name, fault, plant) => {
    const report = runMalformed({ engine, inputs: 2000, seed: 1, plant });
    expect(report.faults).toBeGreaterThan(0);
    expect(report.faultsTold.join('\n')).toContain(fault);
  });
});

/** Every header gets the MAC that its key asks for, before it is looked at. */
function withoutMac(unwrap: Sphinx['unwrap']): Sphinx['unwrap'] {
  const keys = allocateHopKeys();
  const buffer = new Uint8Array(32);
  return (packet, privateKey, rules) => {
    const forged = packet.slice();
    if (packet.length >= HEADER_SIZE) {
      engine.x25519(buffer, privateKey, packet.subarray(0, 32));
      expandSharedSecret(engine, keys, buffer);
      engine.hmacSha256(buffer, keys.macKey, packet.subarray(48, HEADER_SIZE));
      forged.set(buffer.subarray(0, 16), 32);
    }
    return unwrap(forged, privateKey, rules);
  };
}

/** Changes what unwrap gives. */
function altering(
  alter: (result: Unwrapped, packet: Uint8Array, counted: CryptoEngine) => Unwrapped,
): Plant {
  return (unwrap, counted) => (packet, privateKey, rules) =>
    alter(unwrap(packet, privateKey, rules), packet, counted);
}

/** Unwraps by other rules. */
function ruling(alter: (rules: UnwrapRules) => UnwrapRules): Plant {
  return (unwrap) => (packet, privateKey, rules) => unwrap(packet, privateKey, alter(rules));
}

function multiply(counted: CryptoEngine): void {
  counted.x25519(new Uint8Array(32), new Uint8Array(32).fill(1), new Uint8Array(32).fill(9));
}

function withoutReplays(rules: UnwrapRules): UnwrapRules {
  return { ...rules, isReplay: () => false };
}
