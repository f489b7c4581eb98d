// Keys of low order, under which nobody can be agreed with, in the addresses that a handshake
// tells: whoever stored one could send its owner nothing.
import { describe, expect, it } from 'vitest';
import type { MailboxAddress } from '../../../shared/network/address.ts';
import {
  acceptHandshake,
  finishHandshake,
  openHandshake,
  startHandshake,
} from '../../../shared/session/handshake.ts';
import {
  codeTarget,
  contactTarget,
  type HandshakeTarget,
  type OwnTarget,
  ownCodeTarget,
  ownContactTarget,
} from '../../../shared/session/handshake-target.ts';
import { isLowOrder } from '../../../shared/session/key-schedule.ts';
import { fastestEngine } from '../../support/engines.ts';
import { hexBytes } from '../../support/hex.ts';
import { createCode, createPerson, NETWORK_HASH, NOW_UNIX_MS } from '../../support/people.ts';

const engine = await fastestEngine();
const ada = createPerson(engine, 'ada');
const bob = createPerson(engine, 'bob');
const { code, prekey } = createCode(engine, bob);
const nowUnixMs = NOW_UNIX_MS;

/** Of every order, with the unreduced forms; an address of zeros is refused as empty before. */
const weakKeys = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map(hexBytes);

const targets: readonly [string, HandshakeTarget, OwnTarget][] = [
  [
    'a request',
    codeTarget(engine, code),
    ownCodeTarget(engine, bob.identity, code, prekey.secretKey),
  ],
  [
    'a reset',
    contactTarget(engine, NETWORK_HASH, bob.identity),
    ownContactTarget(engine, NETWORK_HASH, bob.identity),
  ],
];

describe.each(targets)('%s and its acceptance', (_name, target, own) => {
  const start = (returnAddress: MailboxAddress) =>
    startHandshake(engine, ada.random, {
      identity: ada.identity,
      target,
      returnAddress,
      name: 'Ada',
      generation: nowUnixMs,
      nowUnixMs,
    });

  it.each(weakKeys)('are refused with an address of low order', (mailboxKey) => {
    expect(isLowOrder(engine, mailboxKey)).toBe(true);
    const asked = start({ ...ada.address, mailboxKey });
    expect(openHandshake(engine, own, asked.message)).toEqual({ ok: false, reason: 'low_order' });
    const { pending, message } = start(ada.address);
    const result = openHandshake(engine, own, message);
    if (!result.ok) throw new Error(result.reason);
    const answer = (returnAddress: MailboxAddress) => {
      const options = { identity: bob.identity, returnAddress, name: 'Bob', nowUnixMs };
      return finishHandshake(engine, ada.random, {
        identity: ada.identity,
        pending,
        message: acceptHandshake(engine, bob.random, { ...options, opened: result.opened }).message,
        nowUnixMs,
      });
    };
    expect(answer({ ...bob.address, mailboxKey })).toEqual({ ok: false, reason: 'low_order' });
    expect(answer(bob.address).ok).toBe(true);
  });
});
