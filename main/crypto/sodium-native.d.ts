// The part of sodium-native that Eddy uses, typed; the package ships no types of its own.
declare module 'sodium-native' {
  const sodium: {
    sodium_memzero(buffer: Uint8Array): void;
    crypto_scalarmult(out: Uint8Array, scalar: Uint8Array, point: Uint8Array): void;
    crypto_scalarmult_base(out: Uint8Array, scalar: Uint8Array): void;
    readonly crypto_scalarmult_BYTES: number;
  };
  export default sodium;
}
