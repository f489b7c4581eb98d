// The vectors against a second implementation, written from docs/protocol.md alone: the page is
// enough to write a program that talks to this one.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../shared/bytes.ts';
import {
  type Address,
  contactCode,
  handshake,
  openingOfCode,
  openingOfReset,
  ReferenceSession,
  type Secrets,
  safetyDigits,
} from '../../support/protocol-reference.ts';

type Json = { readonly [name: string]: Json | string };
type Step = Readonly<
  Record<'seals' | 'opens' | 'plaintext' | 'message' | 'draws', string | undefined>
>;

const file = new URL('../../vectors/session.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Json & {
  readonly conversation: readonly Step[];
  readonly safetyNumber: { readonly groups: readonly string[] };
};

/** The text or object at `path`. */
function at(...path: readonly string[]): Json | string {
  let value: Json | string = vectors;
  for (const name of path) {
    const inner: Json | string | undefined = typeof value === 'string' ? undefined : value[name];
    if (inner === undefined) throw new Error(`the vectors have ${path.join('.')}`);
    value = inner;
  }
  return value;
}
function text(...path: readonly string[]): string {
  const value = at(...path);
  if (typeof value !== 'string') throw new Error(`${path.join('.')} is text`);
  return value;
}
function bytes(hex: string | undefined): Uint8Array {
  const read = fromHex(hex ?? 'none');
  if (read === null) throw new Error('hex');
  return read;
}
const bytesAt = (...path: readonly string[]): Uint8Array => bytes(text(...path));
const secretsOf = (name: string): Secrets => ({
  signingSeed: bytesAt('people', name, 'signingSeed'),
  agreementSecret: bytesAt('people', name, 'agreementSecret'),
});
const addressAt = (...path: readonly string[]): Address => ({
  networkHash: bytesAt(...path, 'networkHash'),
  providerKey: bytesAt(...path, 'providerKey'),
  mailbox: bytesAt(...path, 'mailbox'),
  token: bytesAt(...path, 'token'),
  mailboxKey: bytesAt(...path, 'mailboxKey'),
});

const [ada, bob] = [secretsOf('ada'), secretsOf('bob')];
const code = contactCode({
  owner: bob,
  kind: 1,
  networkName: text('contactCode', 'networkName'),
  address: addressAt('contactCode', 'address'),
  prekeySecret: bytesAt('contactCode', 'prekeySecret'),
  expiresUnixMs: Number(at('contactCode', 'expiresUnixMs')),
});
const shake = (name: 'handshake' | 'reset') =>
  handshake({
    a: ada,
    b: bob,
    th0:
      name === 'handshake'
        ? openingOfCode(code)
        : openingOfReset(bytesAt('people', 'bob', 'address', 'networkHash'), bob),
    types: name === 'handshake' ? [1, 2] : [4, 5],
    spk: name === 'handshake' ? bytesAt('contactCode', 'prekeySecret') : bob.agreementSecret,
    addressA: addressAt('people', 'ada', 'address'),
    addressB: addressAt('people', 'bob', 'address'),
    generation: Number(at(name, 'generation')),
    drawsA: bytesAt(name, 'adaDrawsToStart'),
    drawsB: bytesAt(name, 'bobDrawsToAccept'),
  });

describe('the page is enough to make', () => {
  it('the contact code', () => {
    expect(toHex(code)).toBe(text('contactCode', 'bytes'));
  });

  it('the safety number', () => {
    const halves = [ada, bob].map(safetyDigits);
    halves.sort((a, b) => Buffer.compare(a.fingerprint, b.fingerprint));
    const groups = vectors.safetyNumber.groups.join(' ');
    expect(halves.map(({ digits }) => digits).join(' ')).toBe(groups);
  });

  it.each(['handshake', 'reset'] as const)('the two messages of a %s', (name) => {
    const made = shake(name);
    expect(toHex(made.request)).toBe(text(name, 'request'));
    expect(toHex(made.acceptance)).toBe(text(name, 'acceptance'));
    expect(toHex(made.requestId)).toBe(text(name, 'id'));
    expect(toHex(made.tagToB)).toBe(text(name, 'secretsAfterRequest', 'tagToBob'));
    expect(toHex(made.tagToA)).toBe(text(name, 'secretsAfterRequest', 'tagToAda'));
  });

  it('and to read every message of the conversation', () => {
    const { start } = shake('handshake');
    const draws = bytesAt('handshake', 'adaDrawsToFinish');
    const sessions: Readonly<Record<string, ReferenceSession>> = {
      ada: new ReferenceSession(start, 'a', draws),
      bob: new ReferenceSession(start, 'b', draws),
    };
    const messages = new Map<string, Uint8Array>();
    for (const step of vectors.conversation) {
      const session = sessions[step.seals ?? step.opens ?? ''];
      if (session === undefined || step.plaintext === undefined) throw new Error('a step has both');
      if (step.seals === undefined) {
        const message = messages.get(step.plaintext) ?? new Uint8Array(0);
        expect(toHex(session.open(message, bytes(step.draws)))).toBe(step.plaintext);
        continue;
      }
      const message = session.seal(bytes(step.plaintext));
      expect(toHex(message)).toBe(step.message);
      messages.set(step.plaintext, message);
    }
    expect(messages.size).toBe(6);
  });
});
