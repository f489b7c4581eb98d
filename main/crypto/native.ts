// The engine of choice: libsodium as a native addon for everything on curves, ChaCha and BLAKE2b;
// the rest from the set it shares with `wasm`. sodium_malloc is not used: it is broken in Electron.
import { assert } from '../../shared/assert.ts';
import type { AeadOpen, AeadSeal, CryptoEngine } from '../../shared/crypto.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import * as size from '../../shared/crypto-sizes.ts';
import { isStrictEd25519 } from '../../shared/ed25519-strict.ts';
import { createHostPrimitives } from './host-primitives.ts';

const { assertSize } = size;
const zeroNonce = new Uint8Array(8);

/** Loads the addon; throws where there is none for this machine. */
export async function createNativeEngine(): Promise<CryptoEngine> {
  const { default: sodium } = await import('sodium-native');
  const blake2bKeySizeMin = sodium.crypto_generichash_KEYBYTES_MIN;
  const blake2bSizeMin = sodium.crypto_generichash_BYTES_MIN;
  const argon2idSizeMin = sodium.crypto_pwhash_BYTES_MIN;

  return {
    name: 'native',

    x25519: (out, scalar, point) => {
      try {
        sodium.crypto_scalarmult(out, scalar, point);
        return true;
      } catch (error) {
        // The addon throws for wrong lengths, which are bugs, and for points of small order, which
        // are not.
        if (out.length !== 32 || scalar.length !== 32 || point.length !== 32) throw error;
        out.fill(0);
        return false;
      }
    },
    x25519Base: (out, scalar) => sodium.crypto_scalarmult_base(out, scalar),

    ...createHostPrimitives(),
    chacha20Xor: paddedStream((data, key) =>
      sodium.crypto_stream_chacha20_xor(data, data, zeroNonce, key),
    ),
    blake2b: (out, key, data) => {
      const isShort = key.length < blake2bKeySizeMin && key.length > 0;
      // libsodium refuses keys and digests under 16 bytes, which the standard allows.
      if (isShort || out.length < blake2bSizeMin) nobleEngine.blake2b(out, key, data);
      else if (key.length === 0) sodium.crypto_generichash(out, data);
      else sodium.crypto_generichash(out, data, key);
    },

    chacha20Poly1305Seal: sealWith(
      sodium.crypto_aead_chacha20poly1305_ietf_encrypt,
      size.CHACHA20_NONCE_SIZE,
    ),
    chacha20Poly1305Open: openWith(
      sodium.crypto_aead_chacha20poly1305_ietf_decrypt,
      size.CHACHA20_NONCE_SIZE,
    ),
    xchacha20Poly1305Seal: sealWith(
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt,
      size.XCHACHA20_NONCE_SIZE,
    ),
    xchacha20Poly1305Open: openWith(
      sodium.crypto_aead_xchacha20poly1305_ietf_decrypt,
      size.XCHACHA20_NONCE_SIZE,
    ),

    ed25519KeyPair: (publicKey, secretKey, seed) =>
      sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed),
    ed25519Sign: (out, message, secretKey) => sodium.crypto_sign_detached(out, message, secretKey),
    ed25519Verify: (signature, message, publicKey) => {
      assertSize(signature, size.ED25519_SIGNATURE_SIZE, 'Ed25519 signature of 64 bytes');
      assertSize(publicKey, size.ED25519_PUBLIC_KEY_SIZE, 'Ed25519 public key of 32 bytes');
      return (
        isStrictEd25519(signature, publicKey) &&
        sodium.crypto_sign_verify_detached(signature, message, publicKey)
      );
    },

    argon2id: async ({ password, salt, memoryKiB, passes, size: outSize }) => {
      assertSize(salt, size.ARGON2ID_SALT_SIZE, 'Argon2id salt of 16 bytes');
      assert(memoryKiB >= size.ARGON2ID_MEMORY_KIB_MIN, 'Argon2id memory of at least 8 KiB');
      assert(outSize >= argon2idSizeMin, 'Argon2id output of at least 16 bytes');
      const out = new Uint8Array(outSize);
      const algorithm = sodium.crypto_pwhash_ALG_ARGON2ID13;
      const memory = memoryKiB * 1_024;
      await sodium.crypto_pwhash_async(out, password, salt, passes, memory, algorithm);
      return out;
    },
  };
}

/** libsodium makes eight blocks of keystream at a time, and what is left over one by one. */
const STREAM_STRIDE = 8 * 64;
/** Longer data is streamed where it lies: the rest weighs less than the copies. */
const STREAM_PADDED_SIZE_MAX = 4 * STREAM_STRIDE;

/**
 * Streams data of an odd length in a buffer that is a whole number of strides long: for a payload
 * 0.9 µs in the place of 1.2.
 */
function paddedStream(stream: (data: Uint8Array, key: Uint8Array) => void): typeof stream {
  const whole = new Uint8Array(STREAM_PADDED_SIZE_MAX);
  const strides = Array.from({ length: STREAM_PADDED_SIZE_MAX / STREAM_STRIDE }, (_, index) =>
    whole.subarray(0, (index + 1) * STREAM_STRIDE),
  );
  return (data, key) => {
    const padded = strides[Math.ceil(data.length / STREAM_STRIDE) - 1];
    if (padded === undefined || data.length % STREAM_STRIDE < STREAM_STRIDE / 4) {
      stream(data, key);
      return;
    }
    padded.set(data);
    stream(padded, key);
    data.set(padded.subarray(0, data.length));
    padded.fill(0);
  };
}

/** The addon's seals check every length themselves, and throw. */
function sealWith(seal: SodiumSeal, nonceSize: number): AeadSeal {
  return (out, key, nonce, associated, plaintext) => {
    size.assertSeal(out, key, nonce, nonceSize, plaintext);
    seal(out, plaintext, associated, null, nonce, key);
  };
}

function openWith(open: SodiumOpen, nonceSize: number): AeadOpen {
  return (out, key, nonce, associated, sealed) => {
    size.assertOpen(out, key, nonce, nonceSize, sealed);
    try {
      open(out, null, sealed, associated, nonce, key);
      return true;
    } catch {
      // With lengths asserted, the addon throws for a tag that does not fit alone.
      out.fill(0);
      return false;
    }
  };
}

type SodiumSeal = (
  out: Uint8Array,
  plaintext: Uint8Array,
  associated: Uint8Array | null,
  secretNonce: null,
  nonce: Uint8Array,
  key: Uint8Array,
) => number;
type SodiumOpen = (
  out: Uint8Array,
  secretNonce: null,
  sealed: Uint8Array,
  associated: Uint8Array | null,
  nonce: Uint8Array,
  key: Uint8Array,
) => number;
