// The engine for machines where the addon does not load: libsodium compiled to WebAssembly, about a
// third as fast at X25519. What libsodium lacks comes from the same places as in the native engine.
// Its results are copied out of its own memory: some 4 KiB of garbage per packet.
import { assert } from '../../shared/assert.ts';
import type { AeadOpen, AeadSeal, CryptoEngine } from '../../shared/crypto.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import * as size from '../../shared/crypto-sizes.ts';
import { isStrictEd25519 } from '../../shared/ed25519-strict.ts';
import { createHostPrimitives } from './host-primitives.ts';

const { assertSize } = size;
const zeroNonce = new Uint8Array(8);
/** libsodium's bounds; the standard allows shorter ones, which the reference engine serves. */
const BLAKE2B_KEY_SIZE_MIN = 16;
const BLAKE2B_SIZE_MIN = 16;
const ARGON2ID_SIZE_MIN = 16;

/** Compiles the module: some 15 ms, once per thread. */
export async function createWasmEngine(): Promise<CryptoEngine> {
  const { default: sodium } = await import('libsodium-wrappers-sumo');
  await sodium.ready;

  return {
    name: 'wasm',

    x25519: (out, scalar, point) => {
      assertSize(out, size.X25519_SIZE, 'X25519 result of 32 bytes');
      assertSize(scalar, size.X25519_SIZE, 'X25519 scalar of 32 bytes');
      assertSize(point, size.X25519_SIZE, 'X25519 point of 32 bytes');
      try {
        out.set(sodium.crypto_scalarmult(scalar, point));
        return true;
      } catch {
        // With lengths asserted, the library throws for points of small order alone.
        out.fill(0);
        return false;
      }
    },
    x25519Base: (out, scalar) => {
      assertSize(out, size.X25519_SIZE, 'X25519 public key of 32 bytes');
      assertSize(scalar, size.X25519_SIZE, 'X25519 scalar of 32 bytes');
      out.set(sodium.crypto_scalarmult_base(scalar));
    },

    ...createHostPrimitives(),
    chacha20Xor: (data, key) => {
      assertSize(key, size.CHACHA20_KEY_SIZE, 'ChaCha20 key of 32 bytes');
      data.set(sodium.crypto_stream_chacha20_xor(data, zeroNonce, key));
    },
    blake2b: (out, key, data) => {
      const isShort = key.length < BLAKE2B_KEY_SIZE_MIN && key.length > 0;
      if (isShort || out.length < BLAKE2B_SIZE_MIN) nobleEngine.blake2b(out, key, data);
      else out.set(sodium.crypto_generichash(out.length, data, key.length === 0 ? null : key));
    },

    chacha20Poly1305Seal: sealWith(
      (plaintext, associated, nonce, key) =>
        sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, associated, null, nonce, key),
      size.CHACHA20_NONCE_SIZE,
    ),
    chacha20Poly1305Open: openWith(
      (sealed, associated, nonce, key) =>
        sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, sealed, associated, nonce, key),
      size.CHACHA20_NONCE_SIZE,
    ),
    xchacha20Poly1305Seal: sealWith(
      (plaintext, associated, nonce, key) =>
        sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated, null, nonce, key),
      size.XCHACHA20_NONCE_SIZE,
    ),
    xchacha20Poly1305Open: openWith(
      (sealed, associated, nonce, key) =>
        sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, associated, nonce, key),
      size.XCHACHA20_NONCE_SIZE,
    ),

    ed25519KeyPair: (publicKey, secretKey, seed) => {
      assertSize(publicKey, size.ED25519_PUBLIC_KEY_SIZE, 'Ed25519 public key of 32 bytes');
      assertSize(secretKey, size.ED25519_SECRET_KEY_SIZE, 'Ed25519 secret key of 64 bytes');
      assertSize(seed, size.ED25519_SEED_SIZE, 'Ed25519 seed of 32 bytes');
      const pair = sodium.crypto_sign_seed_keypair(seed);
      publicKey.set(pair.publicKey);
      secretKey.set(pair.privateKey);
    },
    ed25519Sign: (out, message, secretKey) => {
      assertSize(out, size.ED25519_SIGNATURE_SIZE, 'Ed25519 signature of 64 bytes');
      assertSize(secretKey, size.ED25519_SECRET_KEY_SIZE, 'Ed25519 secret key of 64 bytes');
      out.set(sodium.crypto_sign_detached(message, secretKey));
    },
    ed25519Verify: (signature, message, publicKey) => {
      assertSize(signature, size.ED25519_SIGNATURE_SIZE, 'Ed25519 signature of 64 bytes');
      assertSize(publicKey, size.ED25519_PUBLIC_KEY_SIZE, 'Ed25519 public key of 32 bytes');
      return (
        isStrictEd25519(signature, publicKey) &&
        sodium.crypto_sign_verify_detached(signature, message, publicKey)
      );
    },

    argon2id: ({ password, salt, memoryKiB, passes, size: outSize }) => {
      assertSize(salt, size.ARGON2ID_SALT_SIZE, 'Argon2id salt of 16 bytes');
      assert(memoryKiB >= size.ARGON2ID_MEMORY_KIB_MIN, 'Argon2id memory of at least 8 KiB');
      assert(outSize >= ARGON2ID_SIZE_MIN, 'Argon2id output of at least 16 bytes');
      const algorithm = sodium.crypto_pwhash_ALG_ARGON2ID13;
      const memory = memoryKiB * 1_024;
      return Promise.resolve(
        sodium.crypto_pwhash(outSize, password, salt, passes, memory, algorithm),
      );
    },
  };
}

type Transform = (
  input: Uint8Array,
  associated: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
) => Uint8Array;

function sealWith(seal: Transform, nonceSize: number): AeadSeal {
  return (out, key, nonce, associated, plaintext) => {
    size.assertSeal(out, key, nonce, nonceSize, plaintext);
    out.set(seal(plaintext, associated, nonce, key));
  };
}

function openWith(open: Transform, nonceSize: number): AeadOpen {
  return (out, key, nonce, associated, sealed) => {
    size.assertOpen(out, key, nonce, nonceSize, sealed);
    try {
      out.set(open(sealed, associated, nonce, key));
      return true;
    } catch {
      // With lengths asserted, the library throws for a tag that does not fit alone.
      out.fill(0);
      return false;
    }
  };
}
