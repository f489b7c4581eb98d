// A client's process is killed at every write of its store and starts again from the file as it
// was: each message arrives once, and no state that was told goes back.
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientStore } from '../../../../main/mixnet/client/store.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import type { MailboxAddress } from '../../../../shared/network/address.ts';
import { nodePeer } from '../../../../shared/network/topology.ts';
import { drawBytes } from '../../../../shared/random.ts';
import { ClientRun, killedAt } from '../../../support/client-run.ts';
import { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { seededRandom } from '../../../support/random.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const RANKS = ['queued', 'in_mix', 'not_confirmed', 'at_provider'];
/** Writes of a client that settles, sends a message of two fragments and hears that it arrived. */
const SENDER_WRITES = 15;
/** Writes of a client that settles, receives it and takes it. */
const RECIPIENT_WRITES = 10;

function addressOf(run: ClientRun): MailboxAddress {
  const address = run.role.address();
  if (address === null) throw new Error('the client has no mailbox yet');
  return address;
}

const providerOf = (run: ClientRun) => nodePeer(addressOf(run).providerKey);

const worldIn = (folder: string) =>
  new ClientWorld({ engine, codec: 'plain', seed: 'restart', folder, traffic: 'demo' });

type Kill = { readonly who: 'sender' | 'recipient'; readonly write: number };

/** Sends one message with a kill on the way; gives both ends and the message. */
function live(kill: Kill) {
  const folder = memoryFolder();
  const world = worldIn(folder);
  const planted = (who: Kill['who']) => {
    let isKilled = kill.who !== who;
    return (store: Parameters<typeof killedAt>[0]) => {
      if (isKilled) return store;
      isKilled = true;
      return killedAt(store, kill.write);
    };
  };
  const sender = new ClientRun(world, { name: 's', folder, wrapStore: planted('sender') });
  const recipient = new ClientRun(world, { name: 'r', folder, wrapStore: planted('recipient') });
  world.run(4_000);
  const bytes = drawBytes(seededRandom('message'), 2_000);
  sender.send(addressOf(recipient), bytes);
  world.run(200);
  // Where the process ended before the message was queued, nobody was told that it was.
  if (sender.role.messages().length === 0) {
    expect(sender.idOf(1)).toBeNull();
    sender.send(addressOf(recipient), bytes);
  }
  const isOver = () =>
    sender.role.messages()[0]?.state === 'at_provider' &&
    recipient.received.length > 0 &&
    recipient.role.counters().inbox.waiting === 0;
  for (let step = 0; step < 60 && !isOver(); step++) world.run(500);
  // Anything that would come twice has come by then.
  world.run(2_000);
  return { sender, recipient, bytes };
}

function check({ sender, recipient, bytes }: ReturnType<typeof live>): void {
  const [message, ...more] = sender.role.messages();
  expect(more).toEqual([]);
  expect(message?.state).toBe('at_provider');
  const ranks = sender.states(message?.id ?? 0).map((state) => RANKS.indexOf(state));
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  // Told once more at most, where the process ended before the program had taken it.
  const ids = new Set(recipient.received.map(({ id }) => id));
  expect(ids.size).toBe(1);
  expect(recipient.received.every((one) => Buffer.compare(one.bytes, bytes) === 0)).toBe(true);
  expect(recipient.received.length).toBeLessThanOrEqual(recipient.starts);
  expect(recipient.role.counters().inbox.waiting).toBe(0);
}

describe('a process that is killed', () => {
  it.each(Array.from({ length: SENDER_WRITES }, (_, index) => index + 1))(
    'before its write %i sends its message once',
    (write) => {
      const run = live({ who: 'sender', write });
      expect(run.sender.starts).toBe(2);
      check(run);
    },
  );

  it.each(Array.from({ length: RECIPIENT_WRITES }, (_, index) => index + 1))(
    'before its write %i receives a message once',
    (write) => {
      const run = live({ who: 'recipient', write });
      expect(run.recipient.starts).toBe(2);
      check(run);
    },
  );

  it('would be seen to receive twice, had it forgotten what it received', () => {
    const folder = memoryFolder();
    const world = worldIn(folder);
    const forgetful = (store: ClientStore): ClientStore => ({
      ...store,
      isSeen: () => false,
      setSequences: () => undefined,
    });
    const sender = new ClientRun(world, { name: 's', folder });
    const recipient = new ClientRun(world, { name: 'r', folder, wrapStore: forgetful });
    world.run(4_000);
    // The first try's acknowledgement does not come back, so that there is a second one.
    const own = [...world.providers.values()].find(({ peer }) => peer === providerOf(sender));
    if (own === undefined) throw new Error('the sender has a provider');
    world.losesAcknowledgements.add(own.peer);
    sender.send(addressOf(recipient), drawBytes(seededRandom('message'), 500));
    world.run(20_000);
    world.losesAcknowledgements.clear();
    world.run(20_000);
    expect(recipient.received.length).toBeGreaterThan(1);
  });
});
