// Users of the messenger in one world, and how two of them become contacts.
import type { CryptoEngine } from '../../shared/crypto.ts';
import { type NodePeer, nodePeer } from '../../shared/network/topology.ts';
import { ClientWorld } from './client-world.ts';
import { MessengerRun, runWorld } from './messenger-run.ts';
import { memoryFolder } from './store-files.ts';

export async function createUsers<N extends string>(
  engine: CryptoEngine,
  folder: string,
  seed: string,
  names: readonly N[],
  codec: 'sphinx' | 'plain' = 'plain',
): Promise<{ world: ClientWorld; folder: string } & Record<N, MessengerRun>> {
  const world = new ClientWorld({ engine, codec, seed, folder, traffic: 'demo' });
  const runs: [N, MessengerRun][] = [];
  for (const name of names) {
    const run = new MessengerRun(world, { name, folder });
    await run.call('profile.create', { name, avatar: null });
    runs.push([name, run]);
  }
  return { world, folder, ...(Object.fromEntries(runs) as Record<N, MessengerRun>) };
}

/** Becomes contacts by an invite of `host`; gives what each calls the other: ids. */
export async function befriend(
  world: ClientWorld,
  host: MessengerRun,
  guest: MessengerRun,
): Promise<[guestOfHost: number, hostOfGuest: number]> {
  const { text } = await host.call('code.create', { kind: 'invite', lifetimeMs: 3_600_000 });
  await runWorld(world, 2_000);
  const asked = await guest.call('code.use', { text });
  const count = host.heard('requests').length;
  await runWorld(world, 60_000, () => host.heard('requests').length > count);
  const [request] = await host.call('request.list', {});
  const accepted = await host.call('request.accept', { id: request?.id ?? 0 });
  const isIn = () =>
    guest.heard('contact').some(({ id, state }) => id === asked.id && state === 'accepted');
  await runWorld(world, 60_000, isIn);
  // The contacts' token goes over, and is confirmed.
  await runWorld(world, 10_000);
  return [accepted.id, asked.id];
}

/** The texts of a chat, notes by their kind in brackets. */
export async function linesOf(run: MessengerRun, contact = 1): Promise<string[]> {
  const { messages } = await run.call('chat.page', { contact, limit: 100 });
  return messages.map(({ text, note }) => (note === null ? text : `(${note.kind})`));
}

/** Ada and Bob, contacts already, each the other's first. */
export async function createFriends(engine: CryptoEngine, seed: string) {
  const made = await createUsers(engine, memoryFolder(), seed, ['ada', 'bob']);
  await befriend(made.world, made.ada, made.bob);
  return made;
}

/** Sends a text to the first contact. */
export function say(run: MessengerRun, text: string) {
  return run.call('chat.send', { contact: 1, text });
}

/** The provider of a user who has a mailbox. */
export function providerOf(run: MessengerRun): NodePeer {
  return nodePeer(run.role.address()?.providerKey ?? new Uint8Array(32));
}
