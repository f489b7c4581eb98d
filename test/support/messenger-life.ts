// A life of two users of the messenger over a network that loses and repeats, from the invite to
// receipts both ways, with the process of one of them killed at a write; and what has to hold of
// it: nothing lost, nothing twice, no state that goes back, no key used for two messages.

import type { MessageDelivery } from '../../shared/api-chat.ts';
import { toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { ClientWorld } from './client-world.ts';
import { failpoint, Killed, MessengerRun, runWorld } from './messenger-run.ts';

export type LifeOptions = {
  readonly engine: CryptoEngine;
  /** A fresh folder. */
  readonly folder: string;
  readonly seed: string;
  /** Who is killed after which write; null for nobody. */
  readonly kill: { readonly who: 'ada' | 'bob'; readonly write: number } | null;
  /** Texts of each. */
  readonly texts: number;
  /** Probability that a node loses a packet. */
  readonly loss: number;
};

export type Life = {
  readonly violations: readonly string[];
  /** Writes of either, while the failpoint counted for him. */
  readonly writes: number;
  readonly wasKilled: boolean;
};

export const LIFE_MS_MAX = 300_000;

export async function liveOnce(options: LifeOptions): Promise<Life> {
  const { engine, folder, seed, kill } = options;
  const world = new ClientWorld({ engine, seed, folder, traffic: 'demo', epochs: 3 });
  const ada = new MessengerRun(world, { name: 'ada', folder });
  const bob = new MessengerRun(world, { name: 'bob', folder });
  await ada.call('profile.create', { name: 'Ada', avatar: null });
  await bob.call('profile.create', { name: 'Bob', avatar: null });
  const { layers } = world.topology;
  for (const { peer } of layers.flat()) world.loss.set(peer, options.loss);
  const victim = kill?.who === 'bob' ? bob : ada;
  failpoint.arm(victim.file, kill?.write ?? Infinity);
  try {
    await meet(world, ada, bob);
    await chat(world, options.texts, ada, bob);
    const writes = failpoint.count;
    const violations = [...(await check(options.texts, ada, bob)), ...reused(ada), ...reused(bob)];
    return { violations, writes, wasKilled: victim.starts > 1 };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { violations: [text], writes: failpoint.count, wasKilled: victim.starts > 1 };
  } finally {
    failpoint.clear();
    ada.end();
    bob.end();
  }
}

/** Does what is not done yet, as a user would who starts his program again. */
async function insist(isDone: () => Promise<boolean>, act: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    try {
      if (await isDone()) return;
      await act();
      return;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
  throw new Error('nobody is killed so often');
}

/** Asks again where the process ended over the question. */
async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return await question();
  }
}

/** Waits for what has to come about. */
async function wait(world: ClientWorld, what: string, isDone: () => boolean): Promise<void> {
  await runWorld(world, LIFE_MS_MAX, isDone);
  if (!isDone()) throw new Error(`never came about: ${what}`);
}

type First = { readonly id: number; readonly state: string };
/** What is stored: events may have ended with a process. */
const firstOf = (run: MessengerRun) =>
  (run.db.prepare('SELECT id, state FROM contact').get() as First | undefined) ?? null;

async function meet(world: ClientWorld, ada: MessengerRun, bob: MessengerRun): Promise<void> {
  await insist(
    async () => (await ada.call('code.list', {})).length > 0,
    () => ada.call('code.create', { kind: 'invite', lifetimeMs: 3_600_000 }),
  );
  const [code] = await ask(() => ada.call('code.list', {}));
  if (code === undefined) throw new Error('the code that was made is gone');
  await insist(
    async () => firstOf(bob) !== null,
    () => bob.call('code.use', { text: code.text }),
  );
  const requests = () => ada.messenger.handlers['request.list']({}) as { id: number }[];
  await wait(world, 'a request', () => requests().length > 0);
  await insist(
    async () => firstOf(ada)?.state === 'accepted',
    () => ada.call('request.accept', { id: requests()[0]?.id ?? 0 }),
  );
  await wait(world, 'the acceptance', () => firstOf(bob)?.state === 'accepted');
}

async function linesOf(run: MessengerRun) {
  const contact = firstOf(run)?.id ?? 0;
  const { messages } = await ask(() => run.call('chat.page', { contact, limit: 100 }));
  return messages;
}

async function chat(
  world: ClientWorld,
  texts: number,
  ada: MessengerRun,
  bob: MessengerRun,
): Promise<void> {
  for (let number = 0; number < texts; number++) {
    for (const run of [ada, bob]) {
      const text = `${run.name} ${number}`;
      await insist(
        async () => (await linesOf(run)).some((line) => line.text === text),
        () => run.call('chat.send', { contact: firstOf(run)?.id ?? 0, text }),
      );
    }
    await runWorld(world, 700);
  }
  for (let tries = 0; tries < 40; tries++) {
    const own = [...(await linesOf(ada)), ...(await linesOf(bob))].filter(({ isOwn }) => isOwn);
    const waits = own.filter((line) => line.note === null && line.delivery?.state !== 'delivered');
    if (waits.length === 0) return;
    for (const run of [ada, bob]) await sendAgain(run);
    await runWorld(world, 4_000);
  }
  throw new Error('never came about: receipts for everything');
}

/** What five tries could not confirm is sent once more by its user. */
async function sendAgain(run: MessengerRun): Promise<void> {
  const lost = (await linesOf(run)).filter(({ delivery }) => delivery?.state === 'not_confirmed');
  for (const { id } of lost) {
    const isOver = async () =>
      (await linesOf(run)).find((line) => line.id === id)?.delivery?.state !== 'not_confirmed';
    await insist(isOver, () => run.call('chat.again', { id }));
  }
}

const order = ['queued', 'waiting', 'in_the_mix', 'retrying', 'not_confirmed', 'at_provider'];
const rank = (state: MessageDelivery['state']) =>
  [...order, 'delivered', 'read'].indexOf(state === 'waiting' ? 'queued' : state);

async function check(texts: number, ada: MessengerRun, bob: MessengerRun): Promise<string[]> {
  const found: string[] = [];
  for (const [from, to] of [[ada, bob] as const, [bob, ada] as const]) {
    const theirs = (await linesOf(to)).filter(({ isOwn, note }) => !isOwn && note === null);
    const wanted = Array.from({ length: texts }, (_, number) => `${from.name} ${number}`);
    const came = theirs.map(({ text }) => text).toSorted();
    if (came.join() !== wanted.toSorted().join()) found.push(`${to.name} has ${came.join()}`);
    const states = new Map<number, MessageDelivery['state']>();
    for (const { id, delivery } of from.heard('chat.message')) {
      if (delivery === null) continue;
      const before = states.get(id);
      const isAgain = before === 'not_confirmed' && delivery.state === 'queued';
      if (before !== undefined && !isAgain && rank(delivery.state) < rank(before)) {
        found.push(`${from.name}: ${before} to ${delivery.state}`);
      }
      states.set(id, delivery.state);
    }
  }
  return found;
}

/**
 * Messages whose key sealed another one too: the nonce of a message's header comes from its key
 * (docs/protocol.md, section 11).
 */
export function reused(run: MessengerRun): string[] {
  const byKey = new Map<string, string>();
  const found: string[] = [];
  for (const bytes of run.cameIn) {
    if (bytes[0] !== 3) continue;
    const key = toHex(bytes.subarray(1, 13));
    const whole = toHex(bytes);
    if ((byKey.get(key) ?? whole) !== whole) found.push(`${run.name}: a key sealed two messages`);
    byKey.set(key, whole);
  }
  return found;
}
