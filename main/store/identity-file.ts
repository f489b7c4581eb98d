// A node's identity key, kept as its 32-byte seed in a file that its owner alone can read. Whoever
// has it is the node: it signs descriptors and, for an authority, documents.
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import { writeDurably } from './durable-file.ts';

export type Identity = {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. Secret. */
  readonly secretKey: Uint8Array;
};

const SEED_SIZE = 32;

/** Reads the identity at `file`, or makes one there. Throws where others may read it. */
export function loadIdentity(file: string, engine: CryptoEngine, random: RandomSource): Identity {
  if (!existsSync(file)) writeDurably(file, drawBytes(random, SEED_SIZE));
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new Error('identity key: expected a file that only its owner can read (0600)');
  }
  const seed = new Uint8Array(readFileSync(file));
  if (seed.length !== SEED_SIZE) {
    throw new Error(`identity key: expected ${SEED_SIZE} bytes, got ${seed.length}`);
  }
  const identity = { publicKey: new Uint8Array(32), secretKey: new Uint8Array(64) };
  engine.ed25519KeyPair(identity.publicKey, identity.secretKey, seed);
  return identity;
}
