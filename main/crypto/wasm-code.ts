// A small assembler for WebAssembly, so that the inner loops of SHA-256 and AES are written down
// here instruction by instruction and no opaque binary lies in the project. Opcodes and the binary
// format are those of the core specification, chapter 5, with its vectors of 128 bits.

/** Parameters and first locals are i32, the rest v128. */
export type WasmFunction = {
  readonly name: string;
  readonly parameters: number;
  readonly locals: { readonly i32: number; readonly v128: number };
  readonly code: Code;
};

/** One page: 64 KiB. */
export const WASM_PAGE_SIZE = 0x10000;

/**
 * Makes a module with one page of memory and these functions, all of them exported. Throws a
 * `WebAssembly.CompileError` where the machine lacks what they use. Synchronous: for a few KB.
 */
export function instantiateWasm(functions: readonly WasmFunction[]): Record<string, unknown> {
  const module = new WebAssembly.Module(assembleModule(functions));
  return new WebAssembly.Instance(module).exports;
}

/** Whether this machine's WebAssembly has vectors of 128 bits: one made for nothing is tried. */
export function hasWasmVectors(): boolean {
  const code = new Code().vectorWords([0, 0, 0, 0]).set(0);
  const probe = { name: 'probe', parameters: 0, locals: { i32: 0, v128: 1 }, code };
  return WebAssembly.validate(assembleModule([probe]));
}

// Opcodes, chapter 5.4.
export const ADD = 0x6a;
export const SUBTRACT = 0x6b;
export const AND = 0x71;
export const OR = 0x72;
export const XOR = 0x73;
export const SHIFT_RIGHT = 0x76;
const LOOP = 0x03;
const BRANCH_IF = 0x0d;
const END = 0x0b;
const VOID = 0x40;
const I32 = 0x7f;
const V128 = 0x7b;
const LOAD = 0x28;
const STORE = 0x36;
const ROTATE_LEFT = 0x77;
const ROTATE_RIGHT = 0x78;
const ALIGNED_4 = 2;
const ALIGNED_16 = 4;
const VECTOR_PREFIX = 0xfd;
// Vector opcodes, behind the prefix.
export const V_AND = 0x4e;
export const V_OR = 0x50;
export const V_XOR = 0x51;
/** Bytes of the first operand that the second's bytes name; 0 for 16 and more. */
export const V_SWIZZLE = 0x0e;
export const V_ADD_32 = 0xae;
/** Shifts take the amount from the stack, above the vector. */
export const V_SHIFT_LEFT_32 = 0xab;
export const V_SHIFT_RIGHT_32 = 0xad;
export const V_SHIFT_RIGHT_64 = 0xcd;
const V_LOAD = 0x00;
const V_STORE = 0x0b;
const V_CONST = 0x0c;
const V_SHUFFLE = 0x0d;
const V_REPLACE_LANE_32 = 0x1c;
/** Magic and version. */
const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** Code of one function, written down by its instructions. */
export class Code {
  readonly bytes: number[] = [];

  op(...bytes: number[]): this {
    for (const byte of bytes) this.bytes.push(byte);
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
    return this.get(pointer).loadAt(offset);
  }
  /** The pointer lies on the stack. */
  loadAt(offset: number): this {
    return this.op(LOAD, ALIGNED_4, ...unsignedLeb(offset));
  }
  /** Stores what lies on the stack above the pointer. */
  store(offset: number): this {
    return this.op(STORE, ALIGNED_4, ...unsignedLeb(offset));
  }
  rotatedRight(local: number, by: number): this {
    return this.get(local).constant(by).op(ROTATE_RIGHT);
  }
  /** Turns the word on the stack round, byte by byte. */
  swapBytes(scratch: number): this {
    this.tee(scratch).constant(8).op(ROTATE_LEFT).constant(0x00ff00ff).op(AND);
    return this.get(scratch).constant(8).op(ROTATE_RIGHT).constant(0xff00ff00).op(AND, OR);
  }
  /** Repeats `body` until the local, which it counts down by one each time, is zero. */
  countedLoop(local: number, body: () => void): this {
    this.op(LOOP, VOID);
    body();
    return this.get(local).constant(1).op(SUBTRACT).tee(local).op(BRANCH_IF, 0, END);
  }

  vector(opcode: number, ...immediates: number[]): this {
    return this.op(VECTOR_PREFIX, ...unsignedLeb(opcode), ...immediates);
  }
  vectorLoad(pointer: number, offset: number): this {
    return this.get(pointer).vectorLoadAt(offset);
  }
  /** The pointer lies on the stack. */
  vectorLoadAt(offset: number): this {
    return this.vector(V_LOAD, ALIGNED_16, ...unsignedLeb(offset));
  }
  /** Stores what lies on the stack above the pointer. */
  vectorStore(offset: number): this {
    return this.vector(V_STORE, ALIGNED_16, ...unsignedLeb(offset));
  }
  vectorBytes(bytes: readonly number[]): this {
    return this.vector(V_CONST, ...bytes);
  }
  vectorWords(words: readonly number[]): this {
    const bytes = words.flatMap((word) => [word, word >>> 8, word >>> 16, word >>> 24]);
    return this.vectorBytes(bytes.map((byte) => byte & 0xff));
  }
  /** Bytes of the two vectors on the stack: 0 to 15 of the lower, 16 to 31 of the upper. */
  shuffle(bytes: readonly number[]): this {
    return this.vector(V_SHUFFLE, ...bytes);
  }
  /** `shuffle` by words of 32 bits: 0 to 3 and 4 to 7. */
  shuffleWords(words: readonly number[]): this {
    return this.shuffle(words.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte)));
  }
  /** Shifts each lane of the vector on the stack. */
  shifted(opcode: number, by: number): this {
    return this.constant(by).vector(opcode);
  }
  /** The vector below with one word of 32 bits from the stack. */
  replaceWord(lane: number): this {
    return this.vector(V_REPLACE_LANE_32, lane);
  }
}

/** The binary format, chapter 5.5: types, functions, memory, exports, code. */
function assembleModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...list(repeat([I32], parameters)), 0]);
  const exported = (name: string, kind: number, index: number) => [
    name.length,
    ...Array.from(name, (character) => character.charCodeAt(0)),
    kind,
    index,
  ];
  const exports = functions.map(({ name }, index) => exported(name, 0, index));
  const bodies = functions.map(({ locals, code }) => {
    const counts = [
      [...unsignedLeb(locals.i32), I32],
      [...unsignedLeb(locals.v128), V128],
    ];
    // A count of none would still name the type, which a machine without vectors does not know.
    const declared = list(counts.filter(([count]) => count !== 0));
    const size = declared.length + code.bytes.length + 1;
    return [...unsignedLeb(size), ...declared, ...code.bytes, END];
  });
  return Uint8Array.from([
    ...HEADER,
    ...section(1, types),
    ...section(
      3,
      functions.map((_, index) => [index]),
    ),
    ...section(5, [[0, 1]]),
    ...section(7, [...exports, exported('memory', 2, 0)]),
    ...section(10, bodies),
  ]);
}

function section(id: number, items: number[][]): number[] {
  const content = list(items);
  return [id, ...unsignedLeb(content.length), ...content];
}

function list(items: number[][]): number[] {
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
