// A recipient whose provider no document lists any more, or never did: a message to him ends as not
// confirmed and can be sent again, and those of others go on. While the client itself does not know
// who is there, nothing ends.
import { beforeAll, describe, expect, it } from 'vitest';
import { ABSENCE_LOOK_MS } from '../../../../main/mixnet/client/absence.ts';
import { absentMsMax } from '../../../../main/mixnet/client/outbox-message.ts';
import type { ClientStore } from '../../../../main/mixnet/client/store.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import type { MailboxAddress } from '../../../../shared/network/address.ts';
import { trafficSets } from '../../../../shared/network/traffic.ts';
import { addressOf, ClientRun } from '../../../support/client-run.ts';
import { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const EPOCH_MS = 20_000;
const ABSENT_MS = absentMsMax(trafficSets.test);
const LATEST_MS = ABSENT_MS + 3 * ABSENCE_LOOK_MS;
const bytes = new Uint8Array(300).fill(1);

/**
 * Somebody in a network of two providers, whose document of epoch 0 leaves out the other one; with
 * a correspondent there, who came before that.
 */
function alone(hasBob = false) {
  const folder = memoryFolder();
  const shape = { codec: 'plain', seed: 'absence', traffic: 'test', epochs: 1 } as const;
  const world = new ClientWorld({ engine, folder, ...shape });
  const [own, theirs] = world.topology.providers;
  if (own === undefined || theirs === undefined) throw new Error('there are two providers');
  const leave = (epoch: number) => world.addDocument(epoch, 'test', theirs.peer);
  const at = (name: string, { identityKey: providerKey }: typeof own) =>
    new ClientRun(world, { name, folder, change: () => ({ providerKey }) });
  const bob = hasBob ? at('bob', theirs) : null;
  if (hasBob) world.run(1_000);
  leave(0);
  const alice = at('alice', own);
  world.run(3_000);
  const send = (to: MailboxAddress) => {
    const ref = alice.send(to, bytes);
    world.run(100);
    return alice.idOf(ref) ?? 0;
  };
  const away = { ...addressOf(alice), providerKey: theirs.identityKey };
  const state = (id: number) => alice.role.progress(id)?.state;
  const incomplete = () => alice.role.counters().streams.payload.forfeited.not_complete;
  return { world, own, alice, bob, away, send, leave, state, incomplete };
}

describe("a message whose recipient's provider is in no document", () => {
  it('ends as not confirmed after the time that is named, has no forecast, can be resent', () => {
    const { world, alice, away, send, state, incomplete } = alone();
    const before = incomplete();
    const id = send(away);
    expect(alice.role.forecast(id)).toBeNull();
    expect(alice.role.page(0, 9)).toMatchObject([{ id, forecast: null }]);
    world.run(ABSENT_MS - ABSENCE_LOOK_MS);
    expect(state(id)).toBe('queued');
    world.run(LATEST_MS - ABSENT_MS + ABSENCE_LOOK_MS);
    expect(alice.states(id)).toEqual(['not_confirmed']);
    alice.command({ kind: 'resend', ref: 70, id });
    world.run(100);
    expect(state(alice.idOf(70) ?? 0)).toBe('queued');
    expect(incomplete()).toBe(before);
  });

  it('goes where the provider is back before that', () => {
    const { world, bob, send, state } = alone(true);
    if (bob === null) throw new Error('he is there');
    world.addDocument(1, 'test');
    world.run(EPOCH_MS - 4_000 - world.now.monotonicMs);
    const id = send(addressOf(bob));
    expect(state(id)).toBe('queued');
    world.run(7_000);
    expect(state(id)).toBe('at_provider');
    expect(bob.received).toHaveLength(1);
  });

  it('waits on while this client has no link, or no document of this epoch', () => {
    const { world, own, away, send, leave, state } = alone();
    const id = send(away);
    world.setUp(own.peer, false);
    world.run(LATEST_MS);
    expect(state(id)).toBe('queued');
    // Epoch 1 has begun, and nobody has its document.
    world.setUp(own.peer, true);
    world.run(LATEST_MS - ABSENCE_LOOK_MS);
    expect(state(id)).toBe('queued');
    leave(1);
    leave(2);
    world.run(5_000 + LATEST_MS);
    expect(state(id)).toBe('not_confirmed');
  });
});

describe('a message for which no packet can be made', () => {
  it('to a mix in place of a provider ends likewise, and others go on', () => {
    const { world, alice, send, state, incomplete } = alone();
    const mix = world.made.nodes.find(({ kind }) => kind === 'mix');
    if (mix === undefined) throw new Error('there are mixes');
    const before = incomplete();
    const id = send({ ...addressOf(alice), providerKey: mix.identity.publicKey });
    send(addressOf(alice));
    world.run(2_000);
    expect(alice.received).toHaveLength(1);
    expect(state(id)).toBe('queued');
    world.run(LATEST_MS - 2_000);
    expect(state(id)).toBe('not_confirmed');
    expect(incomplete()).toBe(before);
  });

  it('whose key nobody can agree with leaves its slot to a drop, and ends', () => {
    const folder = memoryFolder();
    const world = new ClientWorld({ engine, folder, seed: 'unbuildable', traffic: 'test' });
    // What is on the disk is not what was put there.
    const wrapStore = (store: ClientStore): ClientStore => ({
      ...store,
      load: () => {
        const stored = store.load();
        const messages = stored.messages.map((one) => ({
          ...one,
          recipient: { ...one.recipient, mailboxKey: new Uint8Array(32) },
        }));
        return { ...stored, messages };
      },
    });
    const alice = new ClientRun(world, { name: 'alice', folder, wrapStore });
    world.run(3_000);
    alice.command({ kind: 'hold', isHeld: true });
    const ref = alice.send(addressOf(alice), bytes);
    world.run(200);
    const id = alice.idOf(ref) ?? 0;
    alice.kill();
    alice.send(addressOf(alice), bytes);
    world.run(5_000);
    expect(alice.role.progress(id)?.state).toBe('not_confirmed');
    expect(alice.received).toHaveLength(1);
    const { events, streams } = alice.role.counters();
    expect(events.packet_unbuildable).toBeGreaterThan(0);
    expect(streams.payload.sent).toBeGreaterThan(50);
    expect(streams.payload.forfeited.not_complete).toBeLessThan(3);
  });
});
