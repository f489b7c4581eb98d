// AES-128-CTR as a WebAssembly module on vectors of 128 bits: the S-box by byte shuffles, whose
// time does not depend on what they shuffle, so that no cache tells of the key. It saves
// node:crypto's two objects per call, which cost 3 to 4 µs where the 23 blocks of a header take
// one, and it is there on runtimes whose own library lacks the cipher.
import { assert } from '../../shared/assert.ts';
import { deriveAesTables } from './aes-tables.ts';
import {
  ADD,
  Code,
  instantiateWasm,
  V_AND,
  V_SHIFT_RIGHT_32,
  V_SWIZZLE,
  V_XOR,
  WASM_PAGE_SIZE,
} from './wasm-code.ts';

type AesModule = {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Expands the key at KEY to the round keys at 0. */
  readonly expandKey: () => void;
  /** XORs the keystream from this block on into `pairs` (≥ 1) pairs of blocks at DATA. */
  readonly xorKeystream: (firstBlock: number, pairs: number) => void;
};

const BLOCK = 16;
const ROUNDS = 10;
// The module's memory: round keys first, then the key, then the data.
const ROUND_KEYS_SIZE = (ROUNDS + 1) * BLOCK;
const KEY = ROUND_KEYS_SIZE;
const DATA = KEY + BLOCK;
const PAIR = 2 * BLOCK;
const CHUNK_SIZE = Math.floor((WASM_PAGE_SIZE - DATA) / PAIR) * PAIR;

/**
 * XORs the keystream from an all-zero counter block into `data`; key of 16 bytes. Throws where the
 * machine has no vectors. One instance per thread: it has memory of its own.
 */
export function createWasmAes128Ctr(): (data: Uint8Array, key: Uint8Array) => void {
  const { memory, expandKey, xorKeystream } = instantiateAes();
  const bytes = new Uint8Array(memory.buffer);
  return (data, key) => {
    assert(key.length === BLOCK, 'AES-128 key of 16 bytes');
    bytes.set(key, KEY);
    expandKey();
    for (let offset = 0; offset < data.length; offset += CHUNK_SIZE) {
      const size = Math.min(CHUNK_SIZE, data.length - offset);
      const part = size === data.length ? data : data.subarray(offset, offset + size);
      bytes.set(part, DATA);
      xorKeystream(offset / BLOCK, Math.ceil(size / PAIR));
      part.set(bytes.subarray(DATA, DATA + size));
    }
    // Round keys, key, and the longest that lay behind them.
    bytes.fill(0, 0, DATA + Math.min(CHUNK_SIZE, data.length + PAIR));
  };
}

function instantiateAes(): AesModule {
  const exports = instantiateWasm([
    {
      name: 'expandKey',
      parameters: 0,
      locals: { i32: 1, v128: 1 + TABLE_COUNT + LANE_LOCALS },
      code: expandKeyCode(),
    },
    {
      name: 'xorKeystream',
      parameters: 2,
      locals: { i32: 1, v128: TABLE_COUNT + 2 * LANE_LOCALS },
      code: xorKeystreamCode(),
    },
  ]);
  return exports as unknown as AesModule;
}

const tables = deriveAesTables();
/** What a local holds each: constants of a loop that the compiler keeps in registers. */
const TABLES = [
  tables.inverse,
  tables.scaledInverse,
  tables.boxUpper,
  tables.boxLower,
  tables.doubledUpper,
  tables.doubledLower,
  repeated(0x0f),
  rowsShifted(0),
  rowsShifted(1),
  rowsShifted(2),
  rowsShifted(3),
];
const TABLE_COUNT = TABLES.length;

/** Indices of the locals that hold the tables. */
function tableLocals(first: number) {
  return {
    inverse: first,
    scaledInverse: first + 1,
    boxUpper: first + 2,
    boxLower: first + 3,
    doubledUpper: first + 4,
    doubledLower: first + 5,
    lowNibbles: first + 6,
    rowsShifted: first + 7,
  };
}
type TableLocals = ReturnType<typeof tableLocals>;

const LANE_LOCALS = 6;
/** Locals of one block that is worked on: its state, nibbles and their sum, and intermediates. */
function laneLocals(first: number) {
  return {
    state: first,
    high: first + 1,
    low: first + 2,
    sum: first + 3,
    upper: first + 4,
    lower: first + 5,
  };
}
type Lane = ReturnType<typeof laneLocals>;

function setTables(code: Code, first: number): void {
  for (const [index, table] of TABLES.entries()) code.vectorBytes(table).set(first + index);
}

/** The nibbles of the state: `high` and `low`. */
function splitNibbles(code: Code, table: TableLocals, lane: Lane): void {
  code.get(lane.state).shifted(V_SHIFT_RIGHT_32, 4).get(table.lowNibbles).vector(V_AND);
  code.set(lane.high).get(lane.state).get(table.lowNibbles).vector(V_AND).set(lane.low);
}

/** A linear map of the state's bytes, by tables for the two nibbles; result on the stack. */
function mapNibbles(code: Code, lane: Lane, ofLow: readonly number[], ofHigh: readonly number[]) {
  code.vectorBytes(ofLow).get(lane.low).vector(V_SWIZZLE);
  return code.vectorBytes(ofHigh).get(lane.high).vector(V_SWIZZLE).vector(V_XOR);
}

/** From the nibble pairs i, k in the state to io in `upper` and jo in `lower`, for every lane. */
function invertNibblePairs(code: Code, table: TableLocals, lanes: readonly Lane[]): void {
  const lookUp = (from: number, index: number) => code.get(from).get(index).vector(V_SWIZZLE);
  for (const lane of lanes) {
    splitNibbles(code, table, lane);
    code.get(lane.high).get(lane.low).vector(V_XOR).set(lane.sum);
  }
  for (const lane of lanes) {
    lookUp(table.scaledInverse, lane.low).set(lane.low);
    lookUp(table.inverse, lane.high).get(lane.low).vector(V_XOR).set(lane.upper);
    lookUp(table.inverse, lane.sum).get(lane.low).vector(V_XOR).set(lane.lower);
  }
  for (const lane of lanes) {
    lookUp(table.inverse, lane.upper).get(lane.sum).vector(V_XOR).set(lane.upper);
    lookUp(table.inverse, lane.lower).get(lane.high).vector(V_XOR).set(lane.lower);
  }
}

/** The S-box's linear part of what `invertNibblePairs` left, on the stack. */
function boxOf(code: Code, lane: Lane, ofUpper: number, ofLower: number): Code {
  code.get(ofUpper).get(lane.upper).vector(V_SWIZZLE);
  return code.get(ofLower).get(lane.lower).vector(V_SWIZZLE).vector(V_XOR);
}

/** FIPS 197 section 5.2, four words at a time. What is stored has the S-box's constant in it. */
function expandKeyCode(): Code {
  const pointer = 0;
  const key = 1;
  const table = tableLocals(key + 1);
  const lane = laneLocals(key + 1 + TABLE_COUNT);
  const code = new Code();
  setTables(code, key + 1);
  code.vectorLoad(pointer, KEY).set(lane.state);
  splitNibbles(code, table, lane);
  mapNibbles(code, lane, tables.pairOfLow, tables.pairOfHigh).set(key);
  code.get(pointer).get(key).vectorStore(0);
  let roundConstant = 1;
  for (let round = 1; round <= ROUNDS; round++) {
    const turned = [13, 14, 15, 12];
    code.get(key).get(key).shuffle([turned, turned, turned, turned].flat()).set(lane.state);
    invertNibblePairs(code, table, [lane]);
    boxOf(code, lane, table.boxUpper, table.boxLower);
    const constants = [roundConstant ^ 0x63, 0x63, 0x63, 0x63].map(tables.pairOf);
    code.vectorBytes([constants, constants, constants, constants].flat()).vector(V_XOR);
    // Each word gets all words before it: by one place, then by two.
    for (const order of [
      [4, 0, 1, 2],
      [4, 4, 0, 1],
    ]) {
      code.get(key).get(key).vectorWords([0, 0, 0, 0]).shuffleWords(order);
      code.vector(V_XOR).set(key);
    }
    code.get(key).vector(V_XOR).set(key);
    code
      .get(pointer)
      .get(key)
      .vectorBytes(repeated(tables.pairOf(0x63)))
      .vector(V_XOR);
    code.vectorStore(round * BLOCK);
    roundConstant = (roundConstant << 1) ^ (roundConstant & 0x80 ? 0x11b : 0);
  }
  return code;
}

/** Two blocks side by side, so that one's lookups fill the other's waiting. */
function xorKeystreamCode(): Code {
  const counter = 0;
  const pairs = 1;
  const pointer = 2;
  const table = tableLocals(3);
  const lanes = [laneLocals(3 + TABLE_COUNT), laneLocals(3 + TABLE_COUNT + LANE_LOCALS)];
  const code = new Code();
  setTables(code, 3);
  return code.countedLoop(pairs, () => {
    for (const lane of lanes) {
      // The counter is big-endian in the last four bytes: 64 GiB, which nothing here reaches.
      code.vectorWords([0, 0, 0, 0]).get(counter).replaceWord(3).set(lane.state);
      const turned = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12];
      code.get(lane.state).get(lane.state).shuffle(turned).set(lane.state);
      code.get(counter).constant(1).op(ADD).set(counter);
      splitNibbles(code, table, lane);
      mapNibbles(code, lane, tables.pairOfLow, tables.pairOfHigh);
      addRoundKey(code, 0).set(lane.state);
    }
    for (let round = 1; round <= ROUNDS; round++) {
      invertNibblePairs(code, table, lanes);
      for (const lane of lanes) finishRound(code, table, lane, round);
    }
    for (const [index, lane] of lanes.entries()) {
      splitNibbles(code, table, lane);
      code.get(pointer).vectorLoad(pointer, DATA + index * BLOCK);
      mapNibbles(code, lane, tables.byteOfLow, tables.byteOfHigh);
      code.vector(V_XOR).vectorStore(DATA + index * BLOCK);
    }
    code.get(pointer).constant(PAIR).op(ADD).set(pointer);
  });
}

/** ShiftRows, MixColumns but for the last round, and the round's key. */
function finishRound(code: Code, table: TableLocals, lane: Lane, round: number): void {
  const shuffled = (local: number, by: number) =>
    code
      .get(local)
      .get(table.rowsShifted + by)
      .vector(V_SWIZZLE);
  boxOf(code, lane, table.boxUpper, table.boxLower).set(lane.state);
  if (round === ROUNDS) {
    shuffled(lane.state, 0);
  } else {
    // 2·A + 3·A by one row + A by two + A by three.
    boxOf(code, lane, table.doubledUpper, table.doubledLower).set(lane.high);
    shuffled(lane.high, 0);
    code.get(lane.high).get(lane.state).vector(V_XOR).set(lane.high);
    shuffled(lane.high, 1).vector(V_XOR);
    shuffled(lane.state, 2).vector(V_XOR);
    shuffled(lane.state, 3).vector(V_XOR);
  }
  addRoundKey(code, round).set(lane.state);
}

function addRoundKey(code: Code, round: number): Code {
  return code
    .constant(0)
    .vectorLoadAt(round * BLOCK)
    .vector(V_XOR);
}

/** ShiftRows (FIPS 197 section 5.1.2), then every column turned up by `by` rows. */
function rowsShifted(by: number): number[] {
  return Array.from({ length: BLOCK }, (_, index) => {
    const row = (index + by) & 3;
    return row + 4 * (((index >> 2) + row) & 3);
  });
}

function repeated(byte: number): number[] {
  return Array.from({ length: BLOCK }, () => byte);
}
