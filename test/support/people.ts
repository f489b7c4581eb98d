// People for the tests of sessions: identity, mailbox and codes of a network that is not there.
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { MailboxAddress } from '../../shared/network/address.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import {
  type ContactCode,
  type ContactCodeKind,
  type ContactCodeReader,
  createContactCode,
} from '../../shared/session/contact-code.ts';
import {
  type AgreementKeyPair,
  createAgreementKeyPair,
  createIdentity,
  type Identity,
} from '../../shared/session/identity.ts';
import { seededRandom } from './random.ts';

export const NETWORK_HASH: Uint8Array = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
export const NETWORK_NAME = 'test';
/** 2026-11-23, about when these tests were written; nothing hangs on it. */
export const NOW_UNIX_MS = 1_795_400_000_000;
export const DAY_MS = 86_400_000;

export type Person = {
  readonly name: string;
  readonly identity: Identity;
  readonly address: MailboxAddress;
  readonly random: RandomSource;
};

export function createPerson(engine: CryptoEngine, seed: number | string): Person {
  const random = seededRandom(seed);
  const identity = createIdentity(engine, random);
  const address = {
    networkHash: NETWORK_HASH,
    providerKey: drawBytes(random, 32),
    mailbox: drawBytes(random, 16),
    token: drawBytes(random, 16),
    mailboxKey: createAgreementKeyPair(engine, random).publicKey,
  };
  return { name: `person ${seed}`, identity, address, random };
}

/** A code of the person's with the prekey that belongs to it. */
export function createCode(
  engine: CryptoEngine,
  person: Person,
  kind: ContactCodeKind = 'invite',
): { readonly code: ContactCode; readonly prekey: AgreementKeyPair } {
  const prekey = createAgreementKeyPair(engine, person.random);
  const code = createContactCode(engine, person.identity, {
    kind,
    networkName: NETWORK_NAME,
    address: { ...person.address, token: drawBytes(person.random, 16) },
    prekey: prekey.publicKey,
    expiresUnixMs: NOW_UNIX_MS + DAY_MS,
  });
  return { code, prekey };
}

/** The program of `person`, on the day of the tests, having used no code. */
export function readerOf(person: Person): ContactCodeReader {
  return {
    signingKey: person.identity.signingKey,
    networkHash: NETWORK_HASH,
    nowUnixMs: NOW_UNIX_MS,
    isUsed: () => false,
  };
}
