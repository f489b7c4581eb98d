// A second implementation of docs/protocol.md sections 8 and 10 to 12, written from the page and
// sharing nothing with shared/session: what it makes of the vectors' secrets has to be the same
// bytes. It checks nothing and keeps no limits; it is there to find what the page leaves out.
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';

type Bytes = Uint8Array;
const ascii = (text: string): Bytes => new TextEncoder().encode(text);
const join = (...parts: readonly Bytes[]): Bytes =>
  Uint8Array.from(parts.flatMap((one) => [...one]));
const H = (...parts: readonly Bytes[]): Bytes => sha512(join(...parts));
const KDF = (size: number, input: Bytes, salt: Bytes, info: Bytes): Bytes =>
  hkdf(sha512, input, salt, info, size);
const X = (secret: Bytes, point: Bytes): Bytes => x25519.scalarMult(secret, point);
const AEAD = (key: Bytes, associated: Bytes, plaintext: Bytes, nonce = new Uint8Array(12)): Bytes =>
  chacha20poly1305(key, nonce, associated).encrypt(plaintext);
const big = (value: number, size: number): Bytes => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes.slice(8 - size);
};
const field = (text: string, size: number): Bytes => {
  const bytes = new Uint8Array(1 + size);
  bytes.set([ascii(text).length, ...ascii(text)]);
  return bytes;
};

/** Seeds and secrets; public keys are computed. */
export type Secrets = { readonly signingSeed: Bytes; readonly agreementSecret: Bytes };
export type Address = {
  readonly networkHash: Bytes;
  readonly providerKey: Bytes;
  readonly mailbox: Bytes;
  readonly token: Bytes;
  readonly mailboxKey: Bytes;
};
const id = (who: Secrets): Bytes => ed25519.getPublicKey(who.signingSeed);
const ik = (who: Secrets): Bytes => x25519.getPublicKey(who.agreementSecret);
const addressBytes = (of: Address): Bytes =>
  join(of.networkHash, of.providerKey, of.mailbox, of.token, of.mailboxKey);

/** Section 8.1. */
export function contactCode(options: {
  readonly owner: Secrets;
  readonly kind: number;
  readonly networkName: string;
  readonly address: Address;
  readonly prekeySecret: Bytes;
  readonly expiresUnixMs: number;
}): Bytes {
  const { owner, kind, networkName, address, prekeySecret, expiresUnixMs } = options;
  const signed = join(
    Uint8Array.of(1, kind, ascii(networkName).length),
    ascii(networkName),
    addressBytes(address),
    id(owner),
    ik(owner),
    x25519.getPublicKey(prekeySecret),
    big(expiresUnixMs / 60_000, 4),
  );
  const signature = ed25519.sign(join(ascii('eddy contact code v1'), signed), owner.signingSeed);
  const content = join(signed, signature);
  return join(content, sha256(content).slice(0, 4));
}

/** Section 8.2: the digits of one person. */
export function safetyDigits(who: Secrets): {
  readonly fingerprint: Bytes;
  readonly digits: string;
} {
  const keys = join(id(who), ik(who));
  let hash = H(Uint8Array.of(0, 1), ascii('eddy safety number v1'), keys, keys);
  for (let round = 1; round < 5_200; round++) hash = H(hash, keys);
  const groups = [0, 5, 10, 15, 20, 25].map((at) =>
    hash.slice(at, at + 5).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n),
  );
  const digits = groups.map((group) => String(group % 100_000n).padStart(5, '0')).join(' ');
  return { fingerprint: hash.slice(0, 32), digits };
}

export type Handshake = {
  readonly a: Secrets;
  readonly b: Secrets;
  readonly th0: Bytes;
  readonly types: readonly [number, number];
  /** The prekey's secret; B's own in a reset. */
  readonly spk: Bytes;
  readonly addressA: Address;
  readonly addressB: Address;
  readonly generation: number;
  readonly drawsA: Bytes;
  readonly drawsB: Bytes;
};

/** Section 10.1. */
export const openingOfCode = (code: Bytes): Bytes => H(ascii('eddy contact handshake v1'), code);
export const openingOfReset = (networkHash: Bytes, b: Secrets): Bytes =>
  H(ascii('eddy reset handshake v1'), networkHash, id(b), ik(b));

/** Sections 10.2 and 10.3: both messages, and what the session starts from. */
export function handshake(of: Handshake) {
  const { a, b, drawsA, drawsB } = of;
  const [eka, ekb] = [drawsA.slice(0, 32), drawsB.slice(0, 32)];
  const [EKa, EKb] = [x25519.getPublicKey(eka), x25519.getPublicKey(ekb)];
  const [spk, kemSeed] = [x25519.getPublicKey(of.spk), drawsA.slice(32, 96)];
  const kem = ml_kem768.keygen(kemSeed);
  const requestHead = join(Uint8Array.of(of.types[0]), EKa);
  const th1 = H(of.th0, requestHead);
  const first = KDF(80, join(X(eka, ik(b)), X(eka, spk)), th1, ascii('eddy request v1'));
  const fields = join(
    id(a),
    ik(a),
    kem.publicKey,
    addressBytes(of.addressA).slice(8),
    big(of.generation, 8),
    field('Ada', 64),
    new Uint8Array(25),
  );
  const signA = ed25519.sign(
    join(ascii('eddy request signature v1'), H(th1, fields)),
    a.signingSeed,
  );
  const sealedA = AEAD(first.slice(0, 32), th1, join(fields, signA));
  const th2 = H(th1, sealedA);
  const { cipherText, sharedSecret } = ml_kem768.encapsulate(kem.publicKey, drawsB.slice(32, 64));
  const acceptanceHead = join(Uint8Array.of(of.types[1]), EKb, cipherText);
  const th3 = H(th2, acceptanceHead);
  const agreed = join(
    first.slice(32, 64),
    X(a.agreementSecret, spk),
    X(eka, EKb),
    X(a.agreementSecret, EKb),
    sharedSecret,
  );
  const second = KDF(64, agreed, th3, ascii('eddy acceptance v1'));
  const answer = join(addressBytes(of.addressB).slice(8), field('Bob', 64));
  const signB = ed25519.sign(
    join(ascii('eddy acceptance signature v1'), H(th3, answer)),
    b.signingSeed,
  );
  const sealedB = AEAD(second.slice(0, 32), th3, join(answer, signB));
  const th4 = H(th3, sealedB);
  const info = join(ascii('eddy session v1'), id(a), ik(a), id(b), ik(b));
  const last = KDF(128, second.slice(32), th4, info);
  return {
    request: join(requestHead, sealedA),
    acceptance: join(acceptanceHead, sealedB),
    requestId: th2.slice(0, 16),
    tagToB: first.slice(64, 72),
    tagToA: first.slice(72, 80),
    start: {
      root: last.slice(0, 32),
      headerToA: last.slice(32, 64),
      headerToB: last.slice(64, 96),
      associated: last.slice(96),
      eka,
      ekb,
    },
  };
}

type Start = ReturnType<typeof handshake>['start'];
type Chain = { key: Bytes; header: Bytes; count: number };

/** Section 11, as simple as it can be written. */
export class ReferenceSession {
  #root: Bytes;
  #own: Bytes;
  #peer: Bytes;
  #send: Chain;
  #receive: Chain | null = null;
  #nextSendHeader: Bytes;
  #nextReceiveHeader: Bytes;
  #previous = 0;
  readonly #associated: Bytes;
  readonly #skipped: { header: Bytes; index: number; key: Bytes }[] = [];

  constructor(start: Start, side: 'a' | 'b', drawsToFinish: Bytes) {
    this.#associated = start.associated;
    this.#root = start.root;
    const isA = side === 'a';
    this.#own = isA ? start.eka : start.ekb;
    this.#peer = x25519.getPublicKey(isA ? start.ekb : start.eka);
    const step = this.#step();
    if (isA) {
      this.#receive = { key: step.chain, header: start.headerToA, count: 0 };
      this.#nextReceiveHeader = step.nextHeader;
      this.#own = drawsToFinish;
      const answer = this.#step();
      this.#send = { key: answer.chain, header: start.headerToB, count: 0 };
      this.#nextSendHeader = answer.nextHeader;
    } else {
      this.#send = { key: step.chain, header: start.headerToA, count: 0 };
      this.#nextSendHeader = step.nextHeader;
      this.#nextReceiveHeader = start.headerToB;
    }
  }

  seal(plaintext: Bytes): Bytes {
    const { header, count } = this.#send;
    const keys = expand(advance(this.#send));
    const own = x25519.getPublicKey(this.#own);
    const clear = join(own, big(this.#previous, 4), big(count, 4));
    const sealed = AEAD(header, this.#associated, clear, keys.headerNonce);
    const head = join(Uint8Array.of(3), keys.headerNonce, sealed);
    return join(head, AEAD(keys.key, join(this.#associated, head), plaintext, keys.nonce));
  }

  /** `draws` is the new ratchet key where the message begins a chain. */
  open(message: Bytes, draws: Bytes): Bytes {
    const headers = [...this.#skipped.map(({ header }) => header), this.#receive?.header];
    for (const header of headers) {
      const known = header === undefined ? null : this.#header(header, message);
      if (known === null || header === undefined) continue;
      const kept = this.#skipped.find(
        (one) => one.header.join() === header.join() && one.index === known.index,
      );
      if (kept !== undefined) return this.#body(message, kept.key);
      if (header.join() === this.#receive?.header.join()) return this.#ahead(message, known.index);
    }
    const next = this.#header(this.#nextReceiveHeader, message);
    if (next === null) throw new Error('no header key opens the message');
    if (this.#receive !== null) this.#skip(this.#receive, next.previous);
    this.#peer = next.key;
    const step = this.#step();
    this.#receive = { key: step.chain, header: this.#nextReceiveHeader, count: 0 };
    this.#nextReceiveHeader = step.nextHeader;
    this.#previous = this.#send.count;
    this.#own = draws;
    const answer = this.#step();
    this.#send = { key: answer.chain, header: this.#nextSendHeader, count: 0 };
    this.#nextSendHeader = answer.nextHeader;
    return this.#ahead(message, next.index);
  }

  #ahead(message: Bytes, index: number): Bytes {
    if (this.#receive === null) throw new Error('a chain is open');
    this.#skip(this.#receive, index);
    return this.#body(message, advance(this.#receive));
  }

  #skip(chain: Chain, index: number): void {
    while (chain.count < index) {
      const { header, count } = chain;
      this.#skipped.push({ header, index: count, key: advance(chain) });
    }
  }

  #header(key: Bytes, message: Bytes) {
    try {
      const clear = chacha20poly1305(key, message.slice(1, 13), this.#associated).decrypt(
        message.slice(13, 69),
      );
      const view = new DataView(clear.buffer, clear.byteOffset);
      return { key: clear.slice(0, 32), previous: view.getUint32(32), index: view.getUint32(36) };
    } catch {
      return null;
    }
  }

  #body(message: Bytes, messageKey: Bytes): Bytes {
    const { key, nonce } = expand(messageKey);
    const associated = join(this.#associated, message.slice(0, 69));
    return chacha20poly1305(key, nonce, associated).decrypt(message.slice(69));
  }

  #step() {
    const out = KDF(96, X(this.#own, this.#peer), this.#root, ascii('eddy ratchet v1'));
    this.#root = out.slice(0, 32);
    return { chain: out.slice(32, 64), nextHeader: out.slice(64) };
  }
}

/** The chain's message key; the chain goes on. */
function advance(chain: Chain): Bytes {
  const key = hmac(sha256, chain.key, Uint8Array.of(1));
  chain.key = hmac(sha256, chain.key, Uint8Array.of(2));
  chain.count++;
  return key;
}

function expand(messageKey: Bytes) {
  const out = hkdf(sha256, messageKey, new Uint8Array(0), ascii('eddy message v1'), 56);
  return { key: out.slice(0, 32), nonce: out.slice(32, 44), headerNonce: out.slice(44) };
}
