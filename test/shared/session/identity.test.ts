// Long-term keys: made from one source, kept in 65 bytes, and names that may stand beside them.
import { expect, it } from 'vitest';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import {
  createAgreementKeyPair,
  createIdentity,
  decodeIdentity,
  encodeIdentity,
  IDENTITY_SIZE,
} from '../../../shared/session/identity.ts';
import { seededRandom } from '../../support/random.ts';

const identity = createIdentity(nobleEngine, seededRandom('identity'));

it('follows from the random source and comes back from its bytes', () => {
  expect(createIdentity(nobleEngine, seededRandom('identity'))).toEqual(identity);
  expect(createIdentity(nobleEngine, seededRandom('another'))).not.toEqual(identity);
  const bytes = encodeIdentity(identity);
  expect(bytes).toHaveLength(IDENTITY_SIZE);
  expect(decodeIdentity(nobleEngine, bytes)).toEqual(identity);
});

it('has keys that do what they are for', () => {
  const message = Uint8Array.of(1, 2, 3);
  const signature = new Uint8Array(64);
  nobleEngine.ed25519Sign(signature, message, identity.signingSecret);
  expect(nobleEngine.ed25519Verify(signature, message, identity.signingKey)).toBe(true);
  const other = createAgreementKeyPair(nobleEngine, seededRandom('other'));
  const [here, there] = [new Uint8Array(32), new Uint8Array(32)];
  nobleEngine.x25519(here, identity.agreementSecret, other.publicKey);
  nobleEngine.x25519(there, other.secretKey, identity.agreementKey);
  expect(here).toEqual(there);
});

it('is not read from anything else: lengths, versions, zeros', () => {
  const bytes = encodeIdentity(identity);
  expect(decodeIdentity(nobleEngine, bytes.subarray(1))).toBeNull();
  expect(decodeIdentity(nobleEngine, new Uint8Array(66))).toBeNull();
  expect(decodeIdentity(nobleEngine, bytes.with(0, 2))).toBeNull();
  expect(decodeIdentity(nobleEngine, bytes.slice().fill(0, 1, 33))).toBeNull();
  expect(decodeIdentity(nobleEngine, bytes.slice().fill(0, 33))).toBeNull();
});
