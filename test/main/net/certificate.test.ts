// A certificate whose key the runtime can make nothing of vouches for nothing, and is nobody's.
import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { certificateKeyHash, createLinkKey, isVouchedFor } from '../../../main/net/certificate.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { signingKey } from '../../support/network.ts';
import { seededRandom } from '../../support/random.ts';

it('is looked at without an error', () => {
  const identity = signingKey(seededRandom('certificate'));
  const { certificatePem, hash } = createLinkKey((message) => {
    const signature = new Uint8Array(64);
    nobleEngine.ed25519Sign(signature, message, identity.secretKey);
    return signature;
  });
  const certificate = new X509Certificate(certificatePem);
  expect(certificateKeyHash(certificate)).toEqual(hash);
  expect(isVouchedFor(certificate, identity.publicKey)).toBe(true);
  const bytes = Buffer.from(certificate.raw);
  // The uncompressed point of the key begins with 4; no point begins with 9.
  const point = bytes.indexOf(Buffer.from('03420004', 'hex')) + 3;
  bytes[point] = 9;
  const broken = new X509Certificate(bytes);
  expect(() => broken.publicKey).toThrow();
  expect(certificateKeyHash(broken)).toBeNull();
  expect(isVouchedFor(broken, identity.publicKey)).toBe(false);
});
