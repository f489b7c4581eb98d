// The part of sodium-native that Eddy uses, typed; the package ships no types of its own. Functions
// throw where libsodium reports failure, but for `crypto_sign_verify_detached`, which gives false.
declare module 'sodium-native' {
  const sodium: {
    sodium_memzero(buffer: Uint8Array): void;
    crypto_scalarmult(out: Uint8Array, scalar: Uint8Array, point: Uint8Array): void;
    crypto_scalarmult_base(out: Uint8Array, scalar: Uint8Array): void;
    readonly crypto_scalarmult_BYTES: number;

    crypto_hash_sha512(out: Uint8Array, input: Uint8Array): void;
    crypto_generichash(out: Uint8Array, input: Uint8Array, key?: Uint8Array): void;
    readonly crypto_generichash_BYTES_MIN: number;
    readonly crypto_generichash_KEYBYTES_MIN: number;

    /** The original variant: a nonce of 8 bytes, a counter of 64 bits. */
    crypto_stream_chacha20_xor(
      out: Uint8Array,
      message: Uint8Array,
      nonce: Uint8Array,
      key: Uint8Array,
    ): void;
    crypto_aead_chacha20poly1305_ietf_encrypt: SodiumSeal;
    crypto_aead_chacha20poly1305_ietf_decrypt: SodiumOpen;
    crypto_aead_xchacha20poly1305_ietf_encrypt: SodiumSeal;
    crypto_aead_xchacha20poly1305_ietf_decrypt: SodiumOpen;

    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
    crypto_sign_detached(out: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
    crypto_sign_verify_detached(
      signature: Uint8Array,
      message: Uint8Array,
      publicKey: Uint8Array,
    ): boolean;

    /** `memlimit` in bytes. Runs on the thread pool. */
    crypto_pwhash_async(
      out: Uint8Array,
      password: Uint8Array,
      salt: Uint8Array,
      opslimit: number,
      memlimit: number,
      algorithm: number,
    ): Promise<void>;
    readonly crypto_pwhash_ALG_ARGON2ID13: number;
    readonly crypto_pwhash_BYTES_MIN: number;
  };
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
  export default sodium;
}
