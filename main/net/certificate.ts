// The link key of a node: ECDSA P-256, in a self-signed certificate that says nothing but the key.
// Peers pin the hash of its SubjectPublicKeyInfo, so name, dates and serial are constants of every
// node. The certificate is a fixed DER template (RFC 5280 section 4.1): a library for it weighs 5
// MB (decision 9).
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
  type X509Certificate,
} from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { concatBytes, toUtf8 } from '../../shared/bytes.ts';

export type LinkKey = {
  /** PEM of the PKCS #8 private key. Secret. */
  readonly keyPem: string;
  /** PEM of the self-signed certificate. */
  readonly certificatePem: string;
  /** SHA-256 of the SubjectPublicKeyInfo, 32 bytes: what a descriptor carries. */
  readonly hash: Uint8Array;
};

export const LINK_KEY_HASH_SIZE = 32;

/**
 * Signs with a node's Ed25519 identity key; 64 bytes. Given for an authority, whose certificate
 * vouches for the link key, since no document lists it.
 */
export type IdentitySign = (message: Uint8Array) => Uint8Array;

/** A fresh link key. */
export function createLinkKey(vouch?: IdentitySign): LinkKey {
  return linkKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, vouch);
}

/**
 * Reads the link key at `file`, or makes one there, readable by its owner alone. The certificate is
 * made anew with every start; the pinned hash stays. Throws on a file that others may read, or
 * without a P-256 key.
 */
export function loadLinkKey(file: string, vouch?: IdentitySign): LinkKey {
  if (!existsSync(file)) {
    // Whole or absent: a crash between the two steps leaves no half key.
    const fresh = createLinkKey(vouch);
    const fd = openSync(`${file}.new`, 'w', 0o600);
    writeSync(fd, fresh.keyPem);
    fsyncSync(fd);
    closeSync(fd);
    renameSync(`${file}.new`, file);
    return fresh;
  }
  const mode = statSync(file).mode & 0o077;
  if (process.platform !== 'win32' && mode !== 0) {
    throw new Error('link key: expected a file that only its owner can read (0600)');
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(file));
  } catch (error) {
    throw new Error('link key: expected a private key in PEM', { cause: error });
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('link key: expected a P-256 key');
  }
  return linkKeyOf(key, vouch);
}

/** SHA-256 of a public key's SubjectPublicKeyInfo. */
export function linkKeyHash(publicKey: KeyObject): Uint8Array {
  const info = publicKey.export({ type: 'spki', format: 'der' });
  return new Uint8Array(createHash('sha256').update(info).digest());
}

/**
 * The hash of the key in a certificate; null where this runtime can make nothing of that key, which
 * no handshake gets past.
 */
export function certificateKeyHash(certificate: X509Certificate): Uint8Array | null {
  try {
    return linkKeyHash(certificate.publicKey);
  } catch {
    return null;
  }
}

/**
 * Whether an authority's certificate carries a signature of its own key by `identityKey` (Ed25519,
 * 32 bytes).
 */
export function isVouchedFor(certificate: X509Certificate, identityKey: Uint8Array): boolean {
  // Wherever the bytes stand: it is the signature that says something, and it fits one key alone.
  const at = certificate.raw.indexOf(VOUCHER_HEAD);
  const start = at + VOUCHER_HEAD.length;
  const signature = certificate.raw.subarray(start, start + VOUCHER_SIZE);
  if (at < 0 || signature.length < VOUCHER_SIZE || identityKey.length !== 32) return false;
  const hash = certificateKeyHash(certificate);
  if (hash === null) return false;
  const key = createPublicKey({
    key: Buffer.concat([ED25519_INFO, identityKey]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, voucherMessage(hash), key, signature);
}

function voucherMessage(hash: Uint8Array): Uint8Array {
  return concatBytes(toUtf8('eddy link key v1'), hash);
}

function linkKeyOf(privateKey: KeyObject, vouch: IdentitySign | undefined): LinkKey {
  const publicKey = createPublicKey(privateKey);
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: toPem(selfSign(privateKey, publicKey, vouch)),
    hash: linkKeyHash(publicKey),
  };
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
const EXPLICIT_0 = 0xa0;
/** OBJECT IDENTIFIER ecdsa-with-SHA256, 1.2.840.10045.4.3.2. */
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
/** OBJECT IDENTIFIER commonName, 2.5.4.3. */
const COMMON_NAME = Buffer.from('0603550403', 'hex');

const EXPLICIT_3 = 0xa3;
const VOUCHER_SIZE = 64;
/**
 * OBJECT IDENTIFIER 2.25.1701078137, of an arc that anybody may use, and the heads of an OCTET
 * STRING in an OCTET STRING: what stands before the 64 bytes.
 */
const VOUCHER_HEAD = Buffer.from('06066986ab91c87904420440', 'hex');
/** SubjectPublicKeyInfo of Ed25519 (RFC 8410) up to the key. */
const ED25519_INFO = Buffer.from('302a300506032b6570032100', 'hex');

/** The list of extensions, with the signature as its one. */
function voucher(signature: Uint8Array): Buffer {
  return der(EXPLICIT_3, der(SEQUENCE, der(SEQUENCE, VOUCHER_HEAD, signature)));
}

function selfSign(
  privateKey: KeyObject,
  publicKey: KeyObject,
  vouch: IdentitySign | undefined,
): Buffer {
  const algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
  const attribute = der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from('link')));
  const name = der(SEQUENCE, der(SET, attribute));
  // RFC 5280 section 4.1.2.5: the end for a certificate without a known end.
  const validity = der(
    SEQUENCE,
    der(UTC_TIME, Buffer.from('700101000000Z')),
    der(GENERALIZED_TIME, Buffer.from('99991231235959Z')),
  );
  const body = der(
    SEQUENCE,
    der(EXPLICIT_0, der(INTEGER, Buffer.of(2))),
    der(INTEGER, Buffer.of(1)),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(vouch === undefined ? [] : [voucher(vouch(voucherMessage(linkKeyHash(publicKey))))]),
  );
  const signature = sign('sha256', body, privateKey);
  return der(SEQUENCE, body, algorithm, der(BIT_STRING, Buffer.of(0), signature));
}

/** One DER value of at most 65,535 bytes. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  let head = Buffer.of(tag, size);
  if (size > 0xff) head = Buffer.of(tag, 0x82, size >> 8, size & 0xff);
  else if (size > 0x7f) head = Buffer.of(tag, 0x81, size);
  return Buffer.concat([head, content]);
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
