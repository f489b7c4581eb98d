// A provider's process for the proof that kills it: the whole role on a real file, mail given to it
// and pulled from it, and a line on stdout for everything that leaves it. Started with one argument
// of JSON. It dies by SIGKILL, by its own hand inside a transaction where it is told to.
import { closeSync, openSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { createNativeEngine } from '../../main/crypto/native.ts';
import type { MailboxStore } from '../../main/mixnet/mailbox-store.ts';
import type { LinkEffect, PeerId } from '../../main/mixnet/role.ts';
import { openDatabase } from '../../main/store/database.ts';
import { createMailboxStore, providerDatabase } from '../../main/store/mailbox-store.ts';
import { mailboxOf } from '../../shared/network/address.ts';
import { decodeFrame, encodeFrame } from '../../shared/network/frames.ts';
import { pullProofMessage } from '../../shared/network/mailbox-frames.ts';
import { networkHash } from '../../shared/network/network-file.ts';
import {
  encodePayload,
  FORWARD_DESTINATION,
  FORWARD_IDENTIFIER,
} from '../../shared/network/payload.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import { drawBelow, drawBytes } from '../../shared/random.ts';
import { type KeyPair, makeNetwork, signingKey } from './network.ts';
import { finalFrame, openProviderRole, sinceStart, TRAFFIC } from './provider-role.ts';
import { seededRandom } from './random.ts';

export const KILL_MAILBOXES = 3;
/** Mails that one life is given at once, at most. */
const MAILS_AT_ONCE_MAX = 8;
/** Longer than the role gathers a batch. */
const STEP_MS = 5;

export type ProviderPlant = 'none' | 'early' | 'twice';
export type LifeOptions = {
  readonly file: string;
  /** Holds `1` while a transaction is open. */
  readonly marker: string;
  readonly seed: string;
  readonly life: number;
  /** What the client of each mailbox has seen. */
  readonly progress: readonly number[];
  /** Where the process kills itself; null where somebody else does, or nobody. */
  readonly dieAt: { readonly transaction: number; readonly statement: number } | null;
  /** Gives no mail, pulls everything and ends. */
  readonly isLast: boolean;
  /** `early`: acknowledged before the commit. `twice`: a commit that is done again. */
  readonly plant: ProviderPlant;
};

const K = trafficSets[TRAFFIC].pullMailCount;
const say = (line: string): void => void writeSync(1, `${line}\n`);

if (import.meta.main) await live(JSON.parse(process.argv[2] ?? '') as LifeOptions);

async function live(options: LifeOptions): Promise<void> {
  const life = await begin(options);
  const { random, boxes, role } = life;
  const pullers = boxes.map((box, index) => linkClient(life, box, index, options.progress[index]));
  watchTransactions(options);
  say('ready');
  if (options.isLast) {
    for (const pull of pullers) while (pull() > 0) life.clock.ms += 3_000;
    life.close();
    return;
  }
  const wake = () => {
    life.clock.ms += STEP_MS;
    tell(role.wake(life.now()));
  };
  for (let number = options.life * 1_000_000 + 1; ; ) {
    const until = number + 1 + drawBelow(random, MAILS_AT_ONCE_MAX);
    for (; number < until; number++) giveMail(life, number);
    pullers[drawBelow(random, boxes.length)]?.();
    wake();
    wake();
  }
}

/** Opens the file as every start does, and what the test network says of the provider. */
async function begin(options: LifeOptions) {
  const { seed, file } = options;
  const engine = await createNativeEngine();
  const made = makeNetwork({ seed: `kill ${seed}`, engine });
  const identities = seededRandom(`kill mailboxes ${seed}`);
  const random = seededRandom(`kill ${seed} ${options.life}`);
  const clock = { ms: options.life * 1_000 };
  const now = () => sinceStart(clock.ms);
  const boxes = Array.from({ length: KILL_MAILBOXES }, (): Box => {
    const keys = signingKey(identities, engine);
    const token = drawBytes(identities, 16);
    return { keys, token, mailbox: mailboxOf(engine, keys.publicKey) };
  });
  const db = openDatabase({ file, key: new Uint8Array(32).fill(7), ...providerDatabase });
  const store = createMailboxStore(db);
  if (options.life === 0) for (const box of boxes) settle(store, box);
  const opened = openProviderRole(made, planted(store, options.plant), random, now());
  return { ...opened, made, random, boxes, clock, now, close: () => db.close() };
}

type Life = Awaited<ReturnType<typeof begin>>;

/** Links a mailbox's client; each call pulls once, says what came, and gives the backlog. */
function linkClient(life: Life, { keys, mailbox }: Box, index: number, progress = 0): () => number {
  const { made, role, node, now } = life;
  const peer: PeerId = `client:${index}`;
  const [hello] = role.receive({ kind: 'link-up', peer }, now());
  const greeting = hello?.kind === 'send' ? decodeFrame(hello.frame, K) : null;
  if (greeting?.ok !== true || greeting.frame.kind !== 'hello') throw new Error('no hello');
  const { challenge } = greeting.frame;
  const hash = networkHash(made.engine, made.network);
  const context = { networkHash: hash, providerKey: node.identity.publicKey, challenge };
  const proof = new Uint8Array(64);
  made.engine.ed25519Sign(proof, pullProofMessage(context, mailbox), keys.secretKey);
  const instance = new Uint8Array(8).fill(1);
  let mailSequence = progress;
  let serial = 0;
  return () => {
    serial += 1;
    const request = { mailbox, proof, instance, serial, mailSequence, acknowledgementSequence: 0 };
    const frame = encodeFrame({ kind: 'pull-request', command: null, ...request }, K);
    const [effect] = role.receive({ kind: 'frame', peer, frame }, now());
    const answer = effect?.kind === 'send' ? decodeFrame(effect.frame, K) : null;
    if (answer?.ok !== true || answer.frame.kind !== 'pull-answer') return 0;
    const { mails, mailBacklog } = answer.frame;
    const items = mails.map(({ sequence, content }) => `${sequence}:${numberIn(content)}`);
    say(`pulled ${index} ${mailSequence} ${items.join(' ')}`.trimEnd());
    mailSequence = mails.at(-1)?.sequence ?? mailSequence;
    return mailBacklog;
  };
}

/** A packet out of layer 3 whose content and acknowledgement header begin with `number`. */
function giveMail(
  { made, role, node, layer3, layer1Key, random, boxes, now }: Life,
  number: number,
) {
  const box = boxes[drawBelow(random, boxes.length)];
  if (box === undefined) throw new Error('must hold: there are mailboxes');
  const header = drawBytes(random, 348);
  const content = drawBytes(random, 1_627);
  for (const bytes of [header, content]) new DataView(bytes.buffer).setFloat64(0, number);
  const acknowledgement = { delayNs: 0n, firstHop: layer1Key, header };
  const { mailbox, token } = box;
  const frame = finalFrame(made, node, random, {
    destination: FORWARD_DESTINATION,
    identifier: FORWARD_IDENTIFIER,
    plaintext: encodePayload({ kind: 'mail', mailbox, token, content, acknowledgement }),
  });
  role.receive({ kind: 'frame', peer: layer3, frame }, now());
}

/** Says each acknowledgement that left; a loop's header does not begin with a whole number. */
function tell(effects: readonly LinkEffect[]): void {
  for (const effect of effects) {
    if (effect.kind !== 'send') continue;
    const decoded = decodeFrame(effect.frame, K);
    if (!decoded.ok || decoded.frame.kind !== 'sphinx') continue;
    const number = numberIn(decoded.frame.packet);
    if (Number.isSafeInteger(number) && number > 0) say(`acknowledged ${number}`);
  }
}

type Box = {
  readonly keys: KeyPair;
  readonly token: Uint8Array;
  readonly mailbox: Uint8Array;
};

/** Registers the mailbox and its token, as the first start's client did before any kill. */
function settle(store: MailboxStore, { keys, token, mailbox }: Box): void {
  const now = sinceStart(0);
  store.register({ mailbox, authKey: keys.publicKey, invite: null }, now);
  const limits = { quota: null, expiresUnixMs: null };
  const command = { kind: 'put', number: 1, token, tokenKind: 'contacts', ...limits } as const;
  store.commit(
    { mails: [], acknowledgements: [], progress: [], tokens: [{ mailbox, command }] },
    now,
  );
}

/** A store with a defect that the proof has to find. */
function planted(store: MailboxStore, plant: ProviderPlant): MailboxStore {
  let waiting: (() => void) | null = null;
  if (plant === 'none') return store;
  return {
    ...store,
    commit: (batch, now) => {
      if (plant === 'twice') {
        store.commit(batch, now);
        return store.commit({ ...batch, tokens: [], progress: [] }, now);
      }
      waiting?.();
      waiting = () => void store.commit(batch, now);
      return {
        mails: batch.mails.map(() => 'stored'),
        acknowledgementsStored: batch.acknowledgements.length,
        acknowledgementsWithoutMailbox: 0,
        acknowledgementsGone: 0,
        tokensRefused: 0,
      };
    },
  };
}

/**
 * Keeps the marker true from BEGIN to the end of COMMIT, and kills the process at the statement it
 * is told. The store under test is untouched; it is the addon that is listened to.
 */
function watchTransactions({ marker, dieAt }: LifeOptions): void {
  const fd = openSync(marker, 'r+');
  process.on('exit', () => closeSync(fd));
  const mark = (isInside: boolean) => writeSync(fd, isInside ? '1' : '0', 0);
  let transactions = 0;
  let statements = 0;
  const dieIfTold = () => {
    if (transactions !== dieAt?.transaction || statements < dieAt.statement) return;
    process.kill(process.pid, 'SIGKILL');
  };
  const exec = Reflect.get(Database.prototype, 'exec') as (text: string) => Database.Database;
  Database.prototype.exec = function (this: Database.Database, text: string) {
    if (text === 'BEGIN IMMEDIATE') {
      mark(true);
      transactions += 1;
      statements = 0;
    } else if (text === 'COMMIT' && transactions === dieAt?.transaction) {
      process.kill(process.pid, 'SIGKILL');
    }
    const result = Reflect.apply(exec, this, [text]);
    if (text === 'COMMIT') mark(false);
    return result;
  };
  const probe = new Database(':memory:');
  const prototype = Object.getPrototypeOf(probe.prepare('SELECT 1')) as Database.Statement;
  probe.close();
  const run = Reflect.get(prototype, 'run') as (...parameters: unknown[]) => Database.RunResult;
  prototype.run = function (this: Database.Statement, ...parameters: unknown[]) {
    statements += 1;
    dieIfTold();
    return Reflect.apply(run, this, parameters);
  };
}

function numberIn(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
}
