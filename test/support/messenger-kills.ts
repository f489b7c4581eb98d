// Two engines on a network that loses, each killed again and again, half of the time amid a
// transaction, exchange messages: everything arrives once, in states that were never untrue. Real
// processes, real sockets, real SQLite, real SIGKILLs.
import path from 'node:path';
import type { ChatMessage, MessageDelivery } from '../../shared/api-chat.ts';
import { drawBelow, drawUnit, type RandomSource } from '../../shared/random.ts';
import { startLocalnet } from './localnet.ts';
import { isEnded, MessengerUser } from './messenger-user.ts';

export type KillsOptions = {
  /** A fresh folder. */
  readonly folder: string;
  readonly random: RandomSource;
  readonly traffic: 'demo' | 'test';
  /** Messages of both together. */
  readonly messages: number;
  /** SIGKILLs of each engine. */
  readonly kills: number;
  /** Share of packets that are lost on their way, end to end. */
  readonly loss: number;
  readonly pauseMs: number;
  readonly untilMs: number;
  readonly nowMs: () => number;
  readonly say: (text: string) => void;
};

export type KillsResult = {
  readonly sent: number;
  readonly arrivedOnce: number;
  readonly missing: number;
  readonly twice: number;
  readonly delivered: number;
  readonly kills: number;
  readonly killsInside: number;
  readonly statesThatWentBack: number;
  /** Told to be delivered and not there. */
  readonly untrue: number;
  readonly sentAgain: number;
};

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const order = ['queued', 'in_the_mix', 'retrying', 'not_confirmed', 'at_provider', 'delivered'];
const rank = (state: MessageDelivery['state']) =>
  order.indexOf(state === 'waiting' ? 'queued' : state);

/** Writes after which an engine that is to end amid a transaction does, and more with messages. */
const KILL_WRITES = { least: 10, most: 250 };
const DRAFTS_A_TURN = 10;

export async function runKills(options: KillsOptions): Promise<KillsResult> {
  const { folder, random, messages, kills, nowMs, say } = options;
  const net = await startLocalnet(path.join(folder, 'net'), options.traffic);
  const ada = new MessengerUser('ada', path.join(folder, 'ada'), net.networkFile);
  const bob = new MessengerUser('bob', path.join(folder, 'bob'), net.networkFile);
  const users = [ada, bob] as const;
  let sentAgain = 0;
  try {
    await meet(ada, bob);
    say('met');
    const drop = 1 - (1 - options.loss) ** (1 / 3);
    for (const node of net.nodeNames) if (node.startsWith('mix')) net.fault({ node, drop });
    const work = users.map(async (user) => {
      const inside = Math.ceil(kills / 2);
      const outside = kills - inside;
      const interval = Math.ceil(messages / 2 / (outside + 1));
      armInside(user, { random, times: inside, messages });
      // Armed from this start on.
      await user.restart('end');
      for (let number = 0; number < messages / 2; number++) {
        await send(user, `${user.name} ${number}`);
        await pause(options.pauseMs * 2 * drawUnit(random));
        const isTime = number % interval === interval - 1;
        if (isTime && user.killedOutside < outside) await user.killOutside();
      }
    });
    await Promise.all(work);
    say('all sent');
    for (let last = ''; nowMs() < options.untilMs; ) {
      const all = (await Promise.all(users.map(linesOf))).flat().filter(isOwnText);
      const open = all.filter(({ delivery }) => delivery?.state !== 'delivered');
      const isKilled = users.every((user) => user.killedInside + user.killedOutside >= kills);
      if (open.length === 0 && isKilled) break;
      // All is delivered and a kill is still to fall due, since an engine counts from its start.
      if (open.length === 0) for (const user of users) await keepWriting(user);
      const told = `${open.length} without a receipt`;
      if (told !== last) say(told);
      last = told;
      for (const user of users) sentAgain += await sendAgain(user);
      await pause(1_000);
    }
    return { ...(await result(options, ada, bob)), sentAgain };
  } finally {
    await Promise.all(users.map((user) => user.end()));
    await net.end();
  }
}

/** From now on it ends amid a transaction, until it has done so often enough. */
function armInside(
  user: MessengerUser,
  options: { readonly random: RandomSource; readonly times: number; readonly messages: number },
): void {
  const { random, times, messages } = options;
  const { least, most } = KILL_WRITES;
  // A message is some ten writes on either side, so a few of them are enough.
  const draw = () => least + drawBelow(random, Math.min(most - least, messages));
  user.killWrite(draw());
  user.onKilledInside = () => user.killWrite(user.killedInside < times ? draw() : 0);
}

async function meet(ada: MessengerUser, bob: MessengerUser): Promise<void> {
  await ada.call('profile.create', { name: 'Ada', avatar: null });
  await bob.call('profile.create', { name: 'Bob', avatar: null });
  const { text, id } = await ada.call('code.create', { kind: 'invite', lifetimeMs: 3_600_000 });
  await ada.hear('code', (code) => code.id === id && code.isReady);
  await bob.call('code.use', { text });
  const [request] = await ada.hear('requests', (list) => list.length > 0);
  await ada.call('request.accept', { id: request?.id ?? 0 });
  await bob.hear('contact', ({ state }) => state === 'accepted');
}

/** Sends once: where the answer was lost with the engine, its chat says whether it was taken. */
async function send(user: MessengerUser, text: string): Promise<void> {
  for (;;) {
    try {
      await user.call('chat.send', { contact: 1, text });
      return;
    } catch (error) {
      if (!isEnded(error)) throw error;
    }
    await pause(50);
    if ((await linesOf(user)).some((line) => line.text === text)) return;
  }
}

/** Drafts: each is kept at once, in a transaction of its own. */
async function keepWriting(user: MessengerUser): Promise<void> {
  for (let number = 0; number < DRAFTS_A_TURN; number++) {
    await user.ask('conversation.draft', { contact: 1, text: `${number}` });
  }
}

async function sendAgain(user: MessengerUser): Promise<number> {
  const lost = (await linesOf(user)).filter(
    (line) => isOwnText(line) && line.delivery?.state === 'not_confirmed',
  );
  for (const { id } of lost) {
    try {
      await user.call('chat.again', { id });
    } catch (error) {
      // Its acknowledgement may have come meanwhile.
      if (!(error instanceof Error)) throw error;
    }
  }
  return lost.length;
}

const isOwnText = ({ isOwn, note }: ChatMessage) => isOwn && note === null;

/** The whole chat, oldest first. */
async function linesOf(user: MessengerUser): Promise<ChatMessage[]> {
  const lines: ChatMessage[] = [];
  for (;;) {
    const first = lines[0];
    const before = first === undefined ? {} : { before: { order: first.order, id: first.id } };
    const page = await user.ask('chat.page', { contact: 1, limit: 100, ...before });
    lines.unshift(...page.messages);
    if (!page.hasBefore || page.messages.length === 0) return lines;
  }
}

async function result(
  { messages }: KillsOptions,
  ada: MessengerUser,
  bob: MessengerUser,
): Promise<Omit<KillsResult, 'sentAgain'>> {
  let [arrivedOnce, missing, twice, delivered, untrue, statesThatWentBack] = [0, 0, 0, 0, 0, 0];
  for (const [from, to] of [
    [ada, bob],
    [bob, ada],
  ] as const) {
    const came = (await linesOf(to)).filter(({ isOwn, note }) => !isOwn && note === null);
    const own = (await linesOf(from)).filter(isOwnText);
    for (const { text, delivery } of own) {
      const times = came.filter((line) => line.text === text).length;
      if (times === 1) arrivedOnce += 1;
      else if (times === 0) missing += 1;
      else twice += 1;
      if (delivery?.state === 'delivered') delivered += 1;
      if (delivery?.state === 'delivered' && times === 0) untrue += 1;
    }
    statesThatWentBack += wentBack(from);
  }
  return {
    sent: messages,
    arrivedOnce,
    missing,
    twice,
    delivered,
    kills: ada.killedInside + ada.killedOutside + bob.killedInside + bob.killedOutside,
    killsInside: ada.killedInside + bob.killedInside,
    statesThatWentBack,
    untrue,
  };
}

/** States that were told and are before one that was told earlier; sending again begins anew. */
function wentBack(user: MessengerUser): number {
  const states = new Map<number, MessageDelivery['state']>();
  let count = 0;
  for (const one of user.heard) {
    if (one.event !== 'chat.message' || one.value.delivery === null) continue;
    const { id, delivery } = one.value;
    const before = states.get(id);
    const isAgain = before === 'not_confirmed' && rank(delivery.state) === 0;
    if (before !== undefined && !isAgain && rank(delivery.state) < rank(before)) count += 1;
    states.set(id, delivery.state);
  }
  return count;
}
