// The one interface to every primitive the program uses, named and sized. Three engines stand
// behind it: `noble` (reference, shared/crypto-noble.ts), `wasm` and `native` (main/crypto).
// Results go into buffers of the caller, so that the packet's hot path allocates nothing here.
// Lengths are the caller's to keep: a wrong one is a bug, not an input, and is asserted.

export type CryptoEngineName = 'noble' | 'wasm' | 'native';

export type CryptoEngine = {
  readonly name: CryptoEngineName;

  /**
   * X25519 (RFC 7748): `out` = scalar · point, 32 bytes each; the scalar is clamped, the point's
   * top bit ignored, non-canonical points reduced. False where the result is all zero (a low-order
   * point).
   */
  readonly x25519: (out: Uint8Array, scalar: Uint8Array, point: Uint8Array) => boolean;
  /** X25519 with the base point: the public key of `scalar`. */
  readonly x25519Base: (out: Uint8Array, scalar: Uint8Array) => void;

  /** SHA-256 (FIPS 180-4): `out` 32 bytes. */
  readonly sha256: (out: Uint8Array, data: Uint8Array) => void;
  /** SHA-512: `out` 64 bytes. */
  readonly sha512: (out: Uint8Array, data: Uint8Array) => void;
  /** HMAC-SHA-256 (RFC 2104): `out` 32 bytes; a key of any length. */
  readonly hmacSha256: (out: Uint8Array, key: Uint8Array, data: Uint8Array) => void;
  /** HMAC-SHA-512: `out` 64 bytes. */
  readonly hmacSha512: (out: Uint8Array, key: Uint8Array, data: Uint8Array) => void;
  /**
   * HKDF-SHA-256 (RFC 5869), extract and expand: fills `out`, at most 8,160 bytes. Empty salt
   * allowed; `info` of at most 1,024 bytes.
   */
  readonly hkdfSha256: (
    out: Uint8Array,
    input: Uint8Array,
    salt: Uint8Array,
    info: Uint8Array,
  ) => void;
  /** HKDF-SHA-512: fills `out`, at most 16,320 bytes; `info` as above. */
  readonly hkdfSha512: (
    out: Uint8Array,
    input: Uint8Array,
    salt: Uint8Array,
    info: Uint8Array,
  ) => void;

  /** AES-128-CTR keystream from an all-zero counter block, XORed into `data`; key 16 bytes. */
  readonly aes128CtrXor: (data: Uint8Array, key: Uint8Array) => void;
  /** ChaCha20 keystream, zero nonce, counter from 0, XORed into `data`; key 32 bytes. */
  readonly chacha20Xor: (data: Uint8Array, key: Uint8Array) => void;
  /** BLAKE2b (RFC 7693) keyed with up to 64 bytes: fills `out`, at most 64 bytes. */
  readonly blake2b: (out: Uint8Array, key: Uint8Array, data: Uint8Array) => void;

  /** ChaCha20-Poly1305 (RFC 8439): `out` = ciphertext ‖ tag 16; key 32, nonce 12. */
  readonly chacha20Poly1305Seal: AeadSeal;
  /**
   * False, and `out` all zero, where the tag does not fit; `out` is 16 bytes shorter than `sealed`.
   */
  readonly chacha20Poly1305Open: AeadOpen;
  /** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): as above with a nonce of 24 bytes. */
  readonly xchacha20Poly1305Seal: AeadSeal;
  readonly xchacha20Poly1305Open: AeadOpen;

  /**
   * Ed25519 (RFC 8032): fills `publicKey` 32 and `secretKey` 64 (seed ‖ public key) from `seed` 32.
   */
  readonly ed25519KeyPair: (publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array) => void;
  /** Signature 64 bytes into `out`, with a secret key of 64 bytes as `ed25519KeyPair` makes it. */
  readonly ed25519Sign: (out: Uint8Array, message: Uint8Array, secretKey: Uint8Array) => void;
  /** Strict verification: no small-order keys, no non-canonical encodings. */
  readonly ed25519Verify: (
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
  ) => boolean;

  /** ML-KEM-768 (FIPS 203) from `seed` 64 bytes (d ‖ z). */
  readonly mlKem768KeyPair: (seed: Uint8Array) => {
    readonly publicKey: Uint8Array;
    readonly secretKey: Uint8Array;
  };
  /**
   * Encapsulates with the given 32 bytes of randomness; null where the key (1,184) is not valid.
   */
  readonly mlKem768Encapsulate: (
    publicKey: Uint8Array,
    randomness: Uint8Array,
  ) => { readonly ciphertext: Uint8Array; readonly sharedSecret: Uint8Array } | null;
  /** The 32-byte shared secret of a ciphertext of 1,088 bytes (implicit rejection: never fails). */
  readonly mlKem768Decapsulate: (ciphertext: Uint8Array, secretKey: Uint8Array) => Uint8Array;

  /**
   * Argon2id (RFC 9106) with one lane, off the calling thread's schedule where the engine can.
   * Salt 16 bytes; gives `size` bytes.
   */
  readonly argon2id: (options: {
    readonly password: Uint8Array;
    readonly salt: Uint8Array;
    readonly memoryKiB: number;
    readonly passes: number;
    readonly size: number;
  }) => Promise<Uint8Array>;
};

export type AeadSeal = (
  out: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  plaintext: Uint8Array,
) => void;
export type AeadOpen = (
  out: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
) => boolean;
