// What an engine must answer before it is used: at least one known answer for every primitive, and
// a wrong input where a primitive must say no. Inputs are counted bytes (0, 1, 2, …); the answers
// are the SHA-256 of what the reference engine gives, which the standards' own vectors prove in the
// tests.
import { assert } from '../../shared/assert.ts';
import { concatBytes, equalBytes, fromHex, toHex } from '../../shared/bytes.ts';
import type { AeadOpen, AeadSeal, CryptoEngine } from '../../shared/crypto.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';

export type Primitive = Exclude<keyof CryptoEngine, 'name'>;

/** Primitives that answered wrongly or threw; empty for a good engine. */
export async function failedPrimitives(engine: CryptoEngine): Promise<readonly Primitive[]> {
  const failed: Primitive[] = [];
  for (const primitive of primitives) {
    try {
      if (!(await checks[primitive](engine))) failed.push(primitive);
    } catch {
      failed.push(primitive);
    }
  }
  return failed;
}

const checks: Record<Primitive, (engine: CryptoEngine) => boolean | Promise<boolean>> = {
  x25519: (engine) => {
    const out = new Uint8Array(32);
    const point = counted(32, 9);
    // A top bit that is set is ignored (RFC 7748 section 5).
    point[31] = 0x80;
    const isDone = engine.x25519(out, counted(32), point);
    const isRefused = !engine.x25519(new Uint8Array(32), counted(32), new Uint8Array(32));
    return isDone && isRefused && is(out, answers.x25519);
  },
  x25519Base: (engine) =>
    is(
      made(32, (out) => engine.x25519Base(out, counted(32))),
      answers.x25519Base,
    ),
  sha256: (engine) =>
    [0, 55, 64, 300, 5_000].every((size) =>
      is(
        made(32, (out) => engine.sha256(out, counted(size))),
        answers.sha256.get(size),
      ),
    ),
  sha512: (engine) =>
    is(
      made(64, (out) => engine.sha512(out, counted(300))),
      answers.sha512,
    ),
  hmacSha256: (engine) =>
    is(
      made(32, (out) => engine.hmacSha256(out, counted(16), counted(300))),
      answers.hmacSha256,
    ) &&
    is(
      made(32, (out) => engine.hmacSha256(out, counted(100), none)),
      answers.hmacSha256LongKey,
    ),
  hmacSha512: (engine) =>
    is(
      made(64, (out) => engine.hmacSha512(out, counted(16), counted(300))),
      answers.hmacSha512,
    ),
  hkdfSha256: (engine) =>
    is(
      made(288, (out) => engine.hkdfSha256(out, counted(32), none, counted(97))),
      answers.hkdfSha256,
    ),
  hkdfSha512: (engine) =>
    is(
      made(100, (out) => engine.hkdfSha512(out, counted(32), counted(9), counted(7))),
      answers.hkdfSha512,
    ),
  aes128CtrXor: (engine) =>
    is(
      changed(360, (data) => engine.aes128CtrXor(data, counted(16))),
      answers.aes128CtrXor,
    ),
  chacha20Xor: (engine) =>
    is(
      changed(2_033, (data) => engine.chacha20Xor(data, counted(32))),
      answers.chacha20Xor,
    ),
  blake2b: (engine) =>
    is(
      made(32, (out) => engine.blake2b(out, counted(64), counted(2_033))),
      answers.blake2b,
    ) &&
    is(
      made(8, (out) => engine.blake2b(out, none, counted(3))),
      answers.blake2bShort,
    ),
  chacha20Poly1305Seal: (engine) =>
    is(sealed(engine.chacha20Poly1305Seal, 12), answers.chacha20Poly1305),
  chacha20Poly1305Open: (engine) => opens(engine.chacha20Poly1305Open, sealedTwenty.chacha, 12),
  xchacha20Poly1305Seal: (engine) =>
    is(sealed(engine.xchacha20Poly1305Seal, 24), answers.xchacha20Poly1305),
  xchacha20Poly1305Open: (engine) => opens(engine.xchacha20Poly1305Open, sealedTwenty.xchacha, 24),
  ed25519KeyPair: (engine) => {
    const secretKey = new Uint8Array(64);
    const publicKey = made(32, (out) => engine.ed25519KeyPair(out, secretKey, counted(32)));
    return is(publicKey, answers.ed25519Key) && is(secretKey, answers.ed25519SecretKey);
  },
  ed25519Sign: (engine) => {
    const secretKey = concatBytes(counted(32), ed25519PublicKey);
    const signature = made(64, (out) => engine.ed25519Sign(out, counted(50), secretKey));
    return equalBytes(signature, ed25519Signature);
  },
  ed25519Verify: (engine) => {
    return (
      engine.ed25519Verify(ed25519Signature, counted(50), ed25519PublicKey) &&
      !engine.ed25519Verify(ed25519Signature, counted(51), ed25519PublicKey) &&
      // Small order: the neutral element with S = 0 satisfies the equation for every message.
      !engine.ed25519Verify(neutralSignature, counted(50), neutralSignature.subarray(0, 32))
    );
  },
  mlKem768KeyPair: (engine) => {
    const { publicKey, secretKey } = engine.mlKem768KeyPair(counted(64));
    return is(publicKey, answers.mlKemPublicKey) && is(secretKey, answers.mlKemSecretKey);
  },
  mlKem768Encapsulate: (engine) => {
    const { publicKey } = referenceMlKemKeys();
    const result = engine.mlKem768Encapsulate(publicKey, counted(32));
    const badKey = new Uint8Array(1_184).fill(0xff);
    return (
      result !== null &&
      is(result.ciphertext, answers.mlKemCiphertext) &&
      is(result.sharedSecret, answers.mlKemSharedSecret) &&
      engine.mlKem768Encapsulate(badKey, counted(32)) === null
    );
  },
  mlKem768Decapsulate: (engine) => {
    const { secretKey } = referenceMlKemKeys();
    // Not the ciphertext of anything: the implicit rejection answers.
    const secret = engine.mlKem768Decapsulate(counted(1_088), secretKey);
    return is(secret, answers.mlKemRejection);
  },
  argon2id: async (engine) => {
    const options = { password: counted(20), salt: counted(16), memoryKiB: 8, passes: 1, size: 32 };
    return is(await engine.argon2id(options), answers.argon2id);
  },
};

/** Every primitive of the interface, in its order. */
export const primitives = Object.keys(checks) as readonly Primitive[];

const answers = {
  x25519: '15509f2024a5989c25276922c764053241fb79d1d7330163a6a587c27b411773',
  x25519Base: 'eedd883da0a9451593dc0a38e583fb770fa27dbbed209c20404e075e68c4f0c9',
  sha256: new Map([
    [0, '5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456'],
    [55, '052cefe97a999adf7be59c3a2cb9f47e4839ab6c58b47fdde2e669821a6bae44'],
    [64, '01c9f464780a1b6af4eb400fe2f2896cfb2169f5a65701439e4c2c4e213903ef'],
    [300, 'c64a6b4a66a4555eb7b54544ab8b14336ad1150486f5d14054476754e2b98b86'],
    [5000, 'fd6f74e6f935901052f8086683de207749e5f7cab74368e4d210a6fb6f4278cb'],
  ]),
  sha512: '3014ecdd2f184e58f609bf0f71a6e337081c65c6bf455601c72c286903f6d1ce',
  hmacSha256: '846bcc7c6590131ffcf9c08499c321996eac1c60355a0452673b27707c083989',
  hmacSha256LongKey: '90ced108a1e9f58316d53080398bacef158d60aa52bee7df18e88f7b8fc5d00c',
  hmacSha512: '89d985d365ca4f53f78216a789e436378dd77baa71ca7ed0dfda8cd728f44b37',
  hkdfSha256: '28622c708e4825f468209d8f6e7fff37e73dabe3c06ff8370c8e49b54c1c1cc2',
  hkdfSha512: '87c38c21617026e07a5684536569bf38f5076b70482e69f0f7b48f7a8a1ee1f2',
  aes128CtrXor: '6c59b70014410148bd11cde5f79784ea621a48863f9f08c54c97f8ccf7abb356',
  chacha20Xor: '040e8fbb4614826a5455c30e629ed75393a35df5e94d1798d370cfbce422d9bc',
  blake2b: '418b03eeaad9a328f2002a587538474a7b4ab099d98d6dc14e72ac56fc0219de',
  blake2bShort: '1ff1d0676735b089f8e1972166b9766ab3948b6d73c66718d67bc15edc4947d5',
  chacha20Poly1305: 'ec00f017ac6d6713b21e8894399be3dcb66cb4c0287e377b6f73c45a7ba9ab20',
  xchacha20Poly1305: '91bf788c883617d676240edfd97552a48580571e86a97ae94e898cd831d63e8c',
  ed25519Key: '56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c',
  ed25519SecretKey: '92b1ce62d5311a5cd3ab10bf7598fcc2c1ff7400b7e0b87b7184f376129e0c39',
  mlKemPublicKey: '0b7934c83125c788995e2ba6bd761e33046b3e40571be53e023309a29f398cc9',
  mlKemSecretKey: 'dac268bde6a8dd238e9887117d6b664e7a7a9350ad6b7c08a948e504809572a5',
  mlKemCiphertext: '39826fe40dc54a3fef68b7c228ed8fb22931012b6fa3bd3e7f204d54db0ac1e1',
  mlKemSharedSecret: '0118707cb4fee1ea9004263262448f62d25696336983f298091637c25f1a12dd',
  mlKemRejection: '95bf11181995e723a54818ed0d7fe9cb5a72c1ee30a33dd714ed98bf2e6ce64c',
  argon2id: '28f54d0a12afbd14cc5342dcb7753af3ff76d827d941849bfdf23e1eabd925db',
};

const ed25519PublicKey = hexBytes(
  '03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8',
);
const ed25519Signature = hexBytes(
  'a7df4b3991aea65ed68a139df31e68f7ac52aaeab902952b3a10e5c75dc485f5f39b0bcf0dc298af807cc464f3aa3bf165ab47f9c3537b45c78ea5d963892a02',
);
const sealedTwenty = {
  chacha: '89fa0a032d12a347bf8a35f89410006cd961a0f49bc7d1dfefd808e977830c8e0b0a8949',
  xchacha: '9ec30d7c94d78ba93b4d2cc5c75fa6e75b563ab60dfc3966a01b33538f3d5569156a7f7b',
};

const none = new Uint8Array(0);
const neutralSignature = new Uint8Array(64);
neutralSignature[0] = 1;
/** Both halves' keys, made once: generation is the slow part. */
let mlKemKeys: ReturnType<CryptoEngine['mlKem768KeyPair']> | null = null;
function referenceMlKemKeys(): ReturnType<CryptoEngine['mlKem768KeyPair']> {
  mlKemKeys ??= nobleEngine.mlKem768KeyPair(counted(64));
  return mlKemKeys;
}

function hexBytes(text: string): Uint8Array {
  const bytes = fromHex(text);
  assert(bytes !== null, 'a known answer is hex');
  return bytes;
}

/** `size` bytes that count up from `first`. */
function counted(size: number, first = 0): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (first + index) & 0xff);
}

function made(size: number, fill: (out: Uint8Array) => void): Uint8Array {
  const out = new Uint8Array(size);
  fill(out);
  return out;
}

function changed(size: number, change: (data: Uint8Array) => void): Uint8Array {
  const data = counted(size);
  change(data);
  return data;
}

function sealed(seal: AeadSeal, nonceSize: number): Uint8Array {
  return made(316, (out) => seal(out, counted(32), counted(nonceSize), counted(5), counted(300)));
}

function opens(open: AeadOpen, textHex: string, nonceSize: number): boolean {
  const text = hexBytes(textHex);
  const out = new Uint8Array(20);
  const isOpen = open(out, counted(32), counted(nonceSize), counted(5), text);
  const plaintext = out.slice();
  text[35] = (text[35] ?? 0) ^ 0x80;
  const isForgeryRefused = !open(out, counted(32), counted(nonceSize), counted(5), text);
  return (
    isOpen &&
    isForgeryRefused &&
    equalBytes(plaintext, counted(20)) &&
    equalBytes(out, new Uint8Array(20))
  );
}

/** Compares SHA-256 digests by the reference engine, so that every answer is one short line. */
function is(bytes: Uint8Array, answer: string | undefined): boolean {
  return toHex(made(32, (out) => nobleEngine.sha256(out, bytes))) === answer;
}
