// SHA-256's compression function (FIPS 180-4 section 6.2.2) as a WebAssembly module that is
// assembled here, instruction by instruction, so that no opaque binary lies in the project. Why at
// all: a packet costs some seventy compressions of 0.2 µs, while one call of node:crypto's HMAC
// costs 3 to 5 µs and of its HKDF 14. All 64 rounds are unrolled and the state's letters renamed
// instead of moved; no table, no branch on data.

export type Sha256Module = {
  readonly memory: { readonly buffer: ArrayBuffer };
  /**
   * Compresses `blocks` (≥ 1) blocks of 64 bytes at `data` into the chaining value read at `from`
   * and writes the new one to `to`. Chaining values are 8 words in the machine's order.
   */
  readonly compress: (to: number, from: number, data: number, blocks: number) => void;
  /** Writes the chaining value at `from` as the 32 bytes of a digest (big-endian) to `to`. */
  readonly digest: (to: number, from: number) => void;
};

/** One page: 64 KiB. */
export const SHA256_MEMORY_SIZE = 0x10000;

/** Makes a module with memory of its own. Synchronous: it is 9 KB of code. */
export function instantiateSha256(): Sha256Module {
  const module = new WebAssembly.Module(assembleModule());
  const { exports } = new WebAssembly.Instance(module);
  return exports as unknown as Sha256Module;
}

/** FIPS 180-4 section 4.2.2. */
const ROUND_CONSTANTS = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

// Opcodes of the WebAssembly core specification, chapter 5.4.
const LOOP = 0x03;
const BRANCH_IF = 0x0d;
const END = 0x0b;
const VOID = 0x40;
const I32 = 0x7f;
const LOAD = 0x28;
const STORE = 0x36;
const ADD = 0x6a;
const SUBTRACT = 0x6b;
const AND = 0x71;
const OR = 0x72;
const XOR = 0x73;
const SHIFT_RIGHT = 0x76;
const ROTATE_LEFT = 0x77;
const ROTATE_RIGHT = 0x78;
const ALIGNED_4 = 2;
/** Magic and version. */
const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

// Locals of `compress`: four parameters, the state a to h, the 16-word schedule, one for a moment.
const TO = 0;
const FROM = 1;
const DATA = 2;
const BLOCKS = 3;
const STATE = 4;
const WORDS = 12;
const SCRATCH = 28;
/** a ^ b of this round and of the one before, in turns. */
const PAIR = 29;
const LOCAL_COUNT = 8 + 16 + 1 + 2;

/** Code of one function, written down by its instructions. */
class Code {
  readonly bytes: number[] = [];

  op(...bytes: number[]): this {
    this.bytes.push(...bytes);
    return this;
  }
  get(local: number): this {
    return this.op(0x20, local);
  }
  set(local: number): this {
    return this.op(0x21, local);
  }
  tee(local: number): this {
    return this.op(0x22, local);
  }
  constant(value: number): this {
    return this.op(0x41, ...signedLeb(value | 0));
  }
  load(pointer: number, offset: number): this {
    return this.get(pointer).op(LOAD, ALIGNED_4, ...unsignedLeb(offset));
  }
  /** Stores what lies on the stack above the pointer. */
  store(offset: number): this {
    return this.op(STORE, ALIGNED_4, ...unsignedLeb(offset));
  }
  rotated(local: number, by: number): this {
    return this.get(local).constant(by).op(ROTATE_RIGHT);
  }
  /** The XOR of three rotations, nested, which takes fewer moves than one after the other. */
  rotatedThrice(local: number, by1: number, by2: number, by3: number): this {
    this.rotated(local, by3 - by2)
      .get(local)
      .op(XOR);
    this.constant(by2 - by1)
      .op(ROTATE_RIGHT)
      .get(local)
      .op(XOR);
    return this.constant(by1).op(ROTATE_RIGHT);
  }
  /** Turns the word on the stack round, byte by byte. */
  swapBytes(scratch: number): this {
    this.tee(scratch).constant(8).op(ROTATE_LEFT).constant(0x00ff00ff).op(AND);
    return this.get(scratch).constant(8).op(ROTATE_RIGHT).constant(0xff00ff00).op(AND, OR);
  }
}

function compressCode(): number[] {
  const code = new Code().op(LOOP, VOID);
  for (let word = 0; word < 16; word++) {
    code
      .load(DATA, 4 * word)
      .swapBytes(SCRATCH)
      .set(WORDS + word);
  }
  for (let word = 0; word < 8; word++) code.load(FROM, 4 * word).set(STATE + word);
  code
    .get(STATE + 1)
    .get(STATE + 2)
    .op(XOR)
    .set(PAIR + 1);
  for (let round = 0; round < 64; round++) {
    if (round >= 16) extendSchedule(code, round);
    compressRound(code, round);
  }
  for (let word = 0; word < 8; word++) {
    code
      .get(TO)
      .load(FROM, 4 * word)
      .get(STATE + word)
      .op(ADD)
      .store(4 * word);
  }
  // The next block goes on from what was just written.
  code.get(TO).set(FROM);
  code.get(DATA).constant(64).op(ADD).set(DATA);
  code.get(BLOCKS).constant(1).op(SUBTRACT).tee(BLOCKS).op(BRANCH_IF, 0);
  return code.op(END, END).bytes;
}

/** W_t = σ1(W_{t−2}) + W_{t−7} + σ0(W_{t−15}) + W_{t−16}, in place of W_{t−16}. */
function extendSchedule(code: Code, round: number): void {
  const at = (back: number) => WORDS + ((round - back) & 15);
  code.get(at(16)).get(at(7)).op(ADD);
  code.rotated(at(15), 7).rotated(at(15), 18).op(XOR);
  code.get(at(15)).constant(3).op(SHIFT_RIGHT, XOR, ADD);
  code.rotated(at(2), 17).rotated(at(2), 19).op(XOR);
  code.get(at(2)).constant(10).op(SHIFT_RIGHT, XOR, ADD).set(at(16));
}

/** One round. Instead of moving a to h along, each round reads them one place further back. */
function compressRound(code: Code, round: number): void {
  const letter = (index: number) => STATE + ((index - round) & 7);
  const [a, b, d] = [letter(0), letter(1), letter(3)];
  const [e, f, g, h] = [letter(4), letter(5), letter(6), letter(7)];
  // T1 = h + W + K + Ch(e, f, g) + Σ1(e), what is known longest first: Σ1 of e,
  // the newest word, comes last.
  code
    .get(h)
    .get(WORDS + (round & 15))
    .op(ADD)
    .constant(ROUND_CONSTANTS[round] ?? 0)
    .op(ADD);
  code.get(f).get(g).op(XOR).get(e).op(AND).get(g).op(XOR, ADD);
  code.rotatedThrice(e, 6, 11, 25).op(ADD).tee(SCRATCH);
  code.get(d).op(ADD).set(d);
  // h = T1 + (Σ0(a) + Maj(a, b, c)), where Maj = b ^ ((a ^ b) & (b ^ c)) and b ^ c is the round
  // before's a ^ b.
  code.rotatedThrice(a, 2, 13, 22);
  const [current, previous] = round % 2 === 0 ? [PAIR, PAIR + 1] : [PAIR + 1, PAIR];
  code.get(a).get(b).op(XOR).tee(current).get(previous).op(AND).get(b).op(XOR, ADD);
  code.get(SCRATCH).op(ADD).set(h);
}

function digestCode(): number[] {
  const scratch = 2;
  const code = new Code();
  for (let word = 0; word < 8; word++) {
    code
      .get(TO)
      .load(FROM, 4 * word)
      .swapBytes(scratch)
      .store(4 * word);
  }
  return code.op(END).bytes;
}

/** The module in the binary format, chapter 5.5: types, functions, memory, exports, code. */
function assembleModule(): Uint8Array<ArrayBuffer> {
  const functionType = (parameters: number) => [0x60, ...vector(repeat([I32], parameters)), 0];
  const body = (localCount: number, code: number[]) => {
    const whole = [1, localCount, I32, ...code];
    return [...unsignedLeb(whole.length), ...whole];
  };
  const exported = (name: string, kind: number, index: number) => [
    name.length,
    ...Array.from(name, (character) => character.charCodeAt(0)),
    kind,
    index,
  ];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, [functionType(4), functionType(2)]),
    ...section(3, [[0], [1]]),
    ...section(5, [[0, 1]]),
    ...section(7, [exported('compress', 0, 0), exported('digest', 0, 1), exported('memory', 2, 0)]),
    ...section(10, [body(LOCAL_COUNT, compressCode()), body(1, digestCode())]),
  ]);
}

function section(id: number, items: number[][]): number[] {
  const content = vector(items);
  return [id, ...unsignedLeb(content.length), ...content];
}

function vector(items: number[][]): number[] {
  return [...unsignedLeb(items.length), ...items.flat()];
}

function repeat(item: number[], count: number): number[][] {
  return Array.from({ length: count }, () => item);
}

function unsignedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest & 0x7f];
}
