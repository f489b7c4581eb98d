// The tables with which AES's S-box is computed in vector registers, derived from the field and not
// written down. The field of 256 is taken as pairs of nibbles over its subfield of 16, where an
// inverse needs only lookups by nibble, which a byte shuffle answers in constant time (Hamburg,
// "Accelerating AES with vector permute instructions", CHES 2009).
//
// With ω + ω̄ = 1 and n = ωω̄ in the subfield, x = i + kω̄ has the norm N = nk² + ij, j = i + k.
// For a = 1/n the two values io = 1/(1/i + a/k) + j and jo = 1/(1/j + a/k) + i are aN/(k + ai) and
// aN/(k + aj), and 1/x = (ω̄ + n)/io + (ω + n)/jo. Infinity is the byte 0x80, whose lookup gives
// zero, so that zero and the other edges come out right.

export type AesTables = {
  /** 1/x and a/x of a nibble. */
  readonly inverse: readonly number[];
  readonly scaledInverse: readonly number[];
  /** What io and jo add to the S-box's linear part, as nibble pairs; the same doubled. */
  readonly boxUpper: readonly number[];
  readonly boxLower: readonly number[];
  readonly doubledUpper: readonly number[];
  readonly doubledLower: readonly number[];
  /** A byte to its nibble pair, and back: by its low and its high nibble. */
  readonly pairOfLow: readonly number[];
  readonly pairOfHigh: readonly number[];
  readonly byteOfLow: readonly number[];
  readonly byteOfHigh: readonly number[];
  /** The nibble pair of a byte. */
  readonly pairOf: (byte: number) => number;
};

const INFINITY = 0x80;

export function deriveAesTables(): AesTables {
  const omega = bytes().find((byte) => (byte ^ power(byte, 16)) === 1) ?? 0;
  const conjugate = power(omega, 16);
  const norm = multiply(omega, conjugate);
  const subfield = nibbles().map(subfieldElement());
  const nibbleOf = (element: number) => subfield.indexOf(element);
  const element = (nibble: number) => subfield[nibble] ?? 0;

  const byteOfPair = bytes().map(
    (pair) => element(pair >> 4) ^ multiply(element(pair & 15), conjugate),
  );
  const pairs: number[] = [];
  for (const [pair, byte] of byteOfPair.entries()) pairs[byte] = pair;
  const pairOf = (byte: number) => pairs[byte] ?? 0;
  const inverseOf = (nibble: number) => invert(element(nibble));
  const box = (factor: number, scale: number) =>
    nibbles().map((nibble) =>
      pairOf(multiply(scale, linearPart(multiply(inverseOf(nibble), factor)))),
    );
  return {
    inverse: nibbles().map((x) => (x === 0 ? INFINITY : nibbleOf(inverseOf(x)))),
    scaledInverse: nibbles().map((x) =>
      x === 0 ? INFINITY : nibbleOf(multiply(invert(norm), inverseOf(x))),
    ),
    boxUpper: box(conjugate ^ norm, 1),
    boxLower: box(omega ^ norm, 1),
    doubledUpper: box(conjugate ^ norm, 2),
    doubledLower: box(omega ^ norm, 2),
    pairOfLow: nibbles().map(pairOf),
    pairOfHigh: nibbles().map((x) => pairOf(x << 4)),
    byteOfLow: nibbles().map((x) => byteOfPair[x] ?? 0),
    byteOfHigh: nibbles().map((x) => byteOfPair[x << 4] ?? 0),
    pairOf,
  };
}

/** Numbers of 4 bits to elements of the subfield of 16, so that XOR is addition on both sides. */
function subfieldElement(): (nibble: number) => number {
  const elements = bytes().filter((byte) => power(byte, 16) === byte);
  const basis: number[] = [];
  let span = [0];
  for (const element of elements) {
    if (span.includes(element)) continue;
    basis.push(element);
    span = [...span, ...span.map((other) => other ^ element)];
  }
  return (nibble) => basis.reduce((sum, part, bit) => ((nibble >> bit) & 1 ? sum ^ part : sum), 0);
}

/** The S-box's affine map without its constant 0x63 (FIPS 197 section 5.1.1). */
function linearPart(byte: number): number {
  return [1, 2, 3, 4].reduce((sum, by) => sum ^ (byte << by) ^ (byte >> (8 - by)), byte) & 0xff;
}

/** In the field of FIPS 197 section 4.2. */
function multiply(a: number, b: number): number {
  let product = 0;
  let doubled = a;
  for (let bit = 0; bit < 8; bit++) {
    if ((b >> bit) & 1) product ^= doubled;
    doubled = (doubled << 1) ^ (doubled & 0x80 ? 0x11b : 0);
  }
  return product;
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let count = 0; count < exponent; count++) result = multiply(result, base);
  return result;
}

/** Zero's inverse is zero. */
function invert(byte: number): number {
  return power(byte, 254);
}

function nibbles(): number[] {
  return Array.from({ length: 16 }, (_, index) => index);
}

function bytes(): number[] {
  return Array.from({ length: 256 }, (_, index) => index);
}
