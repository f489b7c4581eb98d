// Tries of a fragment: five at most, each unlike the others, none of them given twice.
import { beforeAll, describe, expect, it } from 'vitest';
import { TRIES_MAX } from '../../../../main/mixnet/client/outbox-message.ts';
import { equalBytes } from '../../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import type { MailboxAddress } from '../../../../shared/network/address.ts';
import { decodePayload, type Payload } from '../../../../shared/network/payload.ts';
import { nodePeer } from '../../../../shared/network/topology.ts';
import { unpadPayload } from '../../../../shared/sphinx/payload.ts';
import { addressOf, ClientRun } from '../../../support/client-run.ts';
import { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

/** Every payload that ended in a mailbox. */
function mailFor(world: ClientWorld, mailbox: Uint8Array): Payload[] {
  return world.finals.flatMap(({ payload }) => {
    const plaintext = unpadPayload(payload);
    const decoded = plaintext === null ? null : decodePayload(plaintext);
    return decoded?.ok === true && equalBytes(decoded.payload.mailbox, mailbox)
      ? [decoded.payload]
      : [];
  });
}

/** Whether two byte strings have 16 bytes in a row in common. */
function shareBytes(a: Uint8Array, b: Uint8Array): boolean {
  const windows = new Set<string>();
  const at = (bytes: Uint8Array, from: number) =>
    Buffer.from(bytes.subarray(from, from + 16)).toString('latin1');
  for (let from = 0; from + 16 <= a.length; from++) windows.add(at(a, from));
  for (let from = 0; from + 16 <= b.length; from++) if (windows.has(at(b, from))) return true;
  return false;
}

/** Mails of one mailbox share its name and token and nothing else. */
function expectUnlike(mails: readonly Payload[], address: MailboxAddress): void {
  const [first] = mails;
  if (first === undefined) throw new Error('mail has arrived');
  for (const [index, one] of mails.entries()) {
    expect(equalBytes(one.token, address.token)).toBe(true);
    for (const other of mails.slice(index + 1, index + 6)) {
      expect(shareBytes(one.content, other.content)).toBe(false);
      expect(shareBytes(one.acknowledgement.header, other.acknowledgement.header)).toBe(false);
      expect(one.acknowledgement.delayNs).not.toBe(other.acknowledgement.delayNs);
    }
  }
  // The check finds a shared run of bytes where there is one.
  const planted = first.content.slice();
  planted.set(mails.at(-1)?.content.subarray(100, 116) ?? [], 700);
  expect(shareBytes(planted, mails.at(-1)?.content ?? planted)).toBe(true);
}

describe('a fragment whose acknowledgement does not come back', () => {
  function unanswered() {
    const folder = memoryFolder();
    const world = new ClientWorld({ engine, seed: 'tries', folder, traffic: 'demo' });
    const sender = new ClientRun(world, { name: 'sender', folder });
    const recipient = new ClientRun(world, { name: 'recipient', folder });
    world.run(4_000);
    world.finals.length = 0;
    world.losesAcknowledgements.add(nodePeer(addressOf(sender).providerKey));
    const address = addressOf(recipient);
    const ref = sender.send(address, new Uint8Array(1_000).fill(5));
    const id = () => sender.idOf(ref) ?? 0;
    const isOver = () => sender.role.progress(id())?.state === 'not_confirmed';
    for (let step = 0; step < 60 && !isOver(); step++) world.run(5_000);
    return { world, sender, recipient, address, id: id() };
  }

  it('is tried five times, no try like another; ends as not confirmed and is received once', () => {
    const { world, sender, recipient, address, id } = unanswered();
    // Each lost try is told, with the number of the one that follows.
    const told = sender.told.flatMap((effect) =>
      effect.kind === 'progress' && effect.progress.id === id
        ? [`${effect.progress.state} ${effect.progress.tryCount}`]
        : [],
    );
    const retrying = [1, 2, 3, 4, 5].map((count) => `in_mix ${count}`);
    expect(told).toEqual([...retrying, 'not_confirmed 5']);
    expect(recipient.received.length).toBe(1);
    expect(recipient.role.counters().inbox.refused.message_again).toBe(TRIES_MAX - 1);
    expect(sender.role.counters().outbox).toMatchObject({
      retransmissions: TRIES_MAX - 1,
      notConfirmed: 1,
      fragmentsQueued: 0,
      fragmentsInFlight: 0,
    });
    world.losesAcknowledgements.clear();
    // A resend that is taken back leaves it as it was: not confirmed, since it may have arrived.
    sender.command({ kind: 'hold', isHeld: true });
    sender.command({ kind: 'resend', ref: 75, id });
    world.run(100);
    const ended = sender.idOf(75) ?? 0;
    sender.command({ kind: 'cancel', ref: 76, id: ended });
    world.run(100);
    expect(sender.told).toContainEqual({ kind: 'cancelled', ref: 76, id: ended });
    expect(sender.states(ended)).toEqual(['not_confirmed']);
    expect(sender.role.progress(ended)?.state).toBe('not_confirmed');
    sender.command({ kind: 'hold', isHeld: false });
    sender.command({ kind: 'resend', ref: 77, id: ended });
    world.run(20_000);
    const renewed = sender.idOf(77) ?? 0;
    expect(sender.states(renewed).at(-1)).toBe('at_provider');
    expect(recipient.received.length).toBe(1);
    expectUnlike(mailFor(world, address.mailbox), address);
  });
});
