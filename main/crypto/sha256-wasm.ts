// SHA-256's compression function (FIPS 180-4 section 6.2.2) as a WebAssembly module. Why at all: a
// packet costs some seventy compressions of 0.15 µs, while one call of node:crypto's HMAC costs 3
// to 5 µs and of its HKDF 14. All 64 rounds are unrolled and the state's letters renamed instead of
// moved; no table, no branch on data. The message schedule is computed four words at a time in
// vectors, beside the rounds; where the machine has no vectors, word by word.
import {
  ADD,
  AND,
  Code,
  instantiateWasm,
  SHIFT_RIGHT,
  V_ADD_32,
  V_OR,
  V_SHIFT_LEFT_32,
  V_SHIFT_RIGHT_32,
  V_SHIFT_RIGHT_64,
  V_XOR,
  type WasmFunction,
  XOR,
} from './wasm-code.ts';

export type Sha256Module = {
  readonly memory: { readonly buffer: ArrayBuffer };
  /**
   * Compresses `blocks` (≥ 1) blocks of 64 bytes at `data` into the chaining value read at `from`
   * and writes the new one to `to`. Chaining values are 8 words in the machine's order. With
   * vectors it leaves a schedule at `SHA256_SCHEDULE`, which is as secret as the data.
   */
  readonly compress: (to: number, from: number, data: number, blocks: number) => void;
  /** Writes the chaining value at `from` as the 32 bytes of a digest (big-endian) to `to`. */
  readonly digest: (to: number, from: number) => void;
};

/** How the message schedule is computed; `vectors` is the faster by a fifth. */
export type Sha256Schedule = 'vectors' | 'words';

/** Where in the module's memory `compress` keeps the words of the rounds, with their constants. */
export const SHA256_SCHEDULE = 0;
export const SHA256_SCHEDULE_SIZE = 256;

/** Makes a module with memory of its own. Throws for vectors on a machine that lacks them. */
export function instantiateSha256(schedule: Sha256Schedule): Sha256Module {
  const functions: WasmFunction[] = [
    schedule === 'vectors' ? compressByVectors() : compressByWords(),
    { name: 'digest', parameters: 2, locals: { i32: 1, v128: 0 }, code: digestCode() },
  ];
  return instantiateWasm(functions) as unknown as Sha256Module;
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

// Locals of `compress`: four parameters, the state a to h, two for a ^ b of this round and of the
// one before in turns, one for a moment; then the last 16 words of the schedule, as words or as
// vectors of four with one more for a moment.
const TO = 0;
const FROM = 1;
const DATA = 2;
const BLOCKS = 3;
const STATE = 4;
const PAIR = 12;
const SCRATCH = 14;
const WORDS = 15;
const LOCAL_COUNT = 8 + 2 + 1;
const VECTOR_SCRATCH = WORDS + 4;

function compressByWords(): WasmFunction {
  const code = compressCode(
    (each) => {
      for (let word = 0; word < 16; word++) {
        each
          .load(DATA, 4 * word)
          .swapBytes(SCRATCH)
          .set(WORDS + word);
      }
    },
    (each, round) => {
      if (round >= 16) extendByWord(each, round);
      each
        .get(WORDS + (round & 15))
        .constant(ROUND_CONSTANTS[round] ?? 0)
        .op(ADD);
    },
  );
  return { name: 'compress', parameters: 4, locals: { i32: LOCAL_COUNT + 16, v128: 0 }, code };
}

/** W_t = σ1(W_{t−2}) + W_{t−7} + σ0(W_{t−15}) + W_{t−16}, in place of W_{t−16}. */
function extendByWord(code: Code, round: number): void {
  const at = (back: number) => WORDS + ((round - back) & 15);
  code.get(at(16)).get(at(7)).op(ADD);
  code.rotatedRight(at(15), 7).rotatedRight(at(15), 18).op(XOR);
  code.get(at(15)).constant(3).op(SHIFT_RIGHT, XOR, ADD);
  code.rotatedRight(at(2), 17).rotatedRight(at(2), 19).op(XOR);
  code.get(at(2)).constant(10).op(SHIFT_RIGHT, XOR, ADD).set(at(16));
}

function compressByVectors(): WasmFunction {
  const code = compressCode(
    (each) => {
      const swapped = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];
      for (let four = 0; four < 4; four++) {
        each
          .vectorLoad(DATA, 16 * four)
          .vectorWords([0, 0, 0, 0])
          .shuffle(swapped);
        each.set(WORDS + four);
        storeFour(each, four);
      }
    },
    (each, round) => {
      // Sixteen rounds ahead, so that the vectors are worked on while rounds wait for each other.
      if (round % 4 === 0 && round < 48) {
        extendByFour(each, round / 4 + 4);
        storeFour(each, round / 4 + 4);
      }
      each.constant(SHA256_SCHEDULE).loadAt(4 * round);
    },
  );
  return { name: 'compress', parameters: 4, locals: { i32: LOCAL_COUNT, v128: 5 }, code };
}

/** Keeps four words of the schedule with their round constants added. */
function storeFour(code: Code, four: number): void {
  code.constant(SHA256_SCHEDULE).get(WORDS + (four & 3));
  code.vectorWords(ROUND_CONSTANTS.slice(4 * four, 4 * four + 4)).vector(V_ADD_32);
  code.vectorStore(16 * four);
}

/** Words 4 · `four` and on, in place of the oldest four. */
function extendByFour(code: Code, four: number): void {
  const at = (index: number) => WORDS + ((four + index) & 3);
  const oneOn = [1, 2, 3, 4];
  const shifted = (opcode: number, by: number) => code.get(VECTOR_SCRATCH).shifted(opcode, by);
  const rotated = (by: number) => {
    shifted(V_SHIFT_RIGHT_32, by);
    shifted(V_SHIFT_LEFT_32, 32 - by).vector(V_OR);
  };
  // σ0 of the words from t − 15 on, to those from t − 16 on.
  code.get(at(0)).get(at(1)).shuffleWords(oneOn).set(VECTOR_SCRATCH);
  rotated(7);
  rotated(18);
  code.vector(V_XOR);
  shifted(V_SHIFT_RIGHT_32, 3).vector(V_XOR).get(at(0)).vector(V_ADD_32);
  code.get(at(2)).get(at(3)).shuffleWords(oneOn).vector(V_ADD_32).set(at(0));
  // σ1 of two words at a time, since the upper two need the lower. A word beside itself is rotated
  // by a shift of both.
  const addSigma1 = (from: number, doubled: number[], placed: number[]) => {
    code.get(from).get(from).shuffleWords(doubled).set(VECTOR_SCRATCH);
    shifted(V_SHIFT_RIGHT_64, 17);
    shifted(V_SHIFT_RIGHT_64, 19).vector(V_XOR);
    shifted(V_SHIFT_RIGHT_32, 10).vector(V_XOR);
    code.vectorWords([0, 0, 0, 0]).shuffleWords(placed).get(at(0)).vector(V_ADD_32).set(at(0));
  };
  addSigma1(at(3), [2, 2, 3, 3], [0, 2, 4, 4]);
  addSigma1(at(0), [0, 0, 1, 1], [4, 4, 0, 2]);
}

/** `pushWord` leaves the round's word and constant on the stack, added. */
function compressCode(
  loadBlock: (code: Code) => void,
  pushWord: (code: Code, round: number) => void,
): Code {
  const code = new Code();
  return code.countedLoop(BLOCKS, () => {
    loadBlock(code);
    for (let word = 0; word < 8; word++) code.load(FROM, 4 * word).set(STATE + word);
    code
      .get(STATE + 1)
      .get(STATE + 2)
      .op(XOR)
      .set(PAIR + 1);
    for (let round = 0; round < 64; round++) {
      pushWord(code, round);
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
  });
}

/**
 * One round, with its word on the stack. Instead of moving a to h along, each round reads them one
 * place further back.
 */
function compressRound(code: Code, round: number): void {
  const letter = (index: number) => STATE + ((index - round) & 7);
  const [a, b, d] = [letter(0), letter(1), letter(3)];
  const [e, f, g, h] = [letter(4), letter(5), letter(6), letter(7)];
  // T1 = h + W + K + Ch(e, f, g) + Σ1(e), what is known longest first: Σ1 of e, the newest word,
  // comes last.
  code.get(h).op(ADD);
  code.get(f).get(g).op(XOR).get(e).op(AND).get(g).op(XOR, ADD);
  rotatedThrice(code, e, 6, 11, 25).op(ADD).tee(SCRATCH);
  code.get(d).op(ADD).set(d);
  // h = T1 + (Σ0(a) + Maj(a, b, c)), where Maj = b ^ ((a ^ b) & (b ^ c)) and b ^ c is the round
  // before's a ^ b.
  rotatedThrice(code, a, 2, 13, 22);
  const [current, previous] = round % 2 === 0 ? [PAIR, PAIR + 1] : [PAIR + 1, PAIR];
  code.get(a).get(b).op(XOR).tee(current).get(previous).op(AND).get(b).op(XOR, ADD);
  code.get(SCRATCH).op(ADD).set(h);
}

/** The XOR of three rotations, side by side: nested they take fewer moves, and wait longer. */
function rotatedThrice(code: Code, local: number, by1: number, by2: number, by3: number): Code {
  code.rotatedRight(local, by1).rotatedRight(local, by2).op(XOR);
  return code.rotatedRight(local, by3).op(XOR);
}

function digestCode(): Code {
  const scratch = 2;
  const code = new Code();
  for (let word = 0; word < 8; word++) {
    code
      .get(TO)
      .load(FROM, 4 * word)
      .swapBytes(scratch)
      .store(4 * word);
  }
  return code;
}
