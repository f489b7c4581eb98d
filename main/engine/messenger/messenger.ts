// The messenger of one profile: who one is, whom one knows, what was said. It hears from the client
// what came in and what became of what went out, and does everything in steps.
import type { EventName, EventValue } from '../../../shared/api.ts';
import type { Profile } from '../../../shared/api-profile.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import type { NetworkFile } from '../../../shared/network/network-file.ts';
import type { RandomSource } from '../../../shared/random.ts';
import type { Now } from '../../../shared/time.ts';
import type { Log } from '../../log.ts';
import { RETENTION_MS_DEFAULT } from '../../mixnet/mailbox-store.ts';
import { createCounter } from '../../mixnet/refusal.ts';
import type { OpenDb } from '../../store/handle.ts';
import { createOutgoingStore } from '../../store/outgoing-store.ts';
import { createPeopleStore } from '../../store/people-store.ts';
import { createSessionStore } from '../../store/session-store.ts';
import { CallFailure } from '../call-failure.ts';
import type { Handlers } from '../engine.ts';
import type { NetworkListener } from '../mixnet.ts';
import type { DemoNote } from '../program.ts';
import type { Steps } from '../steps.ts';
import { createArrivals } from './arrivals.ts';
import { noChanges, tell } from './changes.ts';
import { type Chats, createChats } from './chats.ts';
import { type Codes, createCodes } from './codes.ts';
import { type Contacts, contactView, createContacts } from './contacts.ts';
import { createContactsTokens } from './contacts-tokens.ts';
import { createContents } from './contents.ts';
import { createCorrespondent } from './correspondent.ts';
import { createDeliveries } from './delivery.ts';
import { createDue } from './due.ts';
import { createHandshakes } from './handshakes.ts';
import { createOwn, type Own } from './own.ts';
import {
  type Changes,
  type ChatHooks,
  type Later,
  MESSENGER_EVENTS,
  type Network,
  type Parts,
  type Work,
} from './parts.ts';
import { createPosting } from './posting.ts';
import { createReceipts } from './receipts.ts';
import { createReceiving } from './receiving.ts';
import { createRepair } from './repair.ts';
import { createRequests, type Requests } from './requests.ts';
import { createSending, type Sending } from './sending.ts';

export type MessengerOptions = {
  readonly db: OpenDb;
  readonly crypto: CryptoEngine;
  readonly random: RandomSource;
  readonly now: () => Now;
  readonly steps: Steps;
  readonly takesRaw: boolean;
  readonly log: Log;
  readonly emit: <N extends EventName>(event: N, value: EventValue<N>) => void;
  /** Null while no network is joined. */
  readonly mixnet: () => Network | null;
  readonly demo: () => DemoNote;
  /** Joins a network; throws where the profile belongs to another. */
  readonly join: (network: NetworkFile) => void;
  /** The system's timer where absent. */
  readonly later?: Later;
};

export type MessengerHandlers = Own['handlers'] &
  Contacts['handlers'] &
  Codes['handlers'] &
  Requests['handlers'] &
  Sending['handlers'] &
  Chats['handlers'];

export type Messenger = NetworkListener & {
  readonly handlers: Pick<Handlers, keyof MessengerHandlers>;
  readonly profile: () => Profile;
  /** A network is there now. */
  readonly joined: () => void;
  readonly noteDemo: () => void;
  readonly close: () => void;
};

const NOTHING_WAITS = { isOnline: false, leavesInMs: null };

export function createMessenger(options: MessengerOptions): Messenger {
  const state: State = { isClosed: false, onStep: () => {} };
  const parts = createParts(options, state);
  const all = assemble(options, parts);
  const { own, chats, codes, requests, contacts, tokens, sending, deliveries, receiving, due } =
    all;
  const arrivals = createArrivals(parts, receiving, deliveries, options.takesRaw);
  const correspondent = createCorrespondent(parts, own, codes, options.demo);
  state.onStep = (changed) => {
    const telling = { chats, code: codes.view, requests: requests.list, profile: own.profile };
    tell(parts, telling, changed);
    if (changed.goneContacts.size > 0) chats.erase();
    due.arm(changed.mayTell || changed.hasProfile || changed.contacts.size > 0);
  };

  const background = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      if (state.isClosed) return;
      const code = error instanceof CallFailure ? error.code : null;
      const name = error instanceof Error ? error.name : 'unknown';
      options.log('warn', 'messenger_work_failed', { error: name, code });
    });
  };
  /** What is said of a message that waits is no event of its own: it is told anew. */
  let outlook = '';
  const lookAhead = (): void => {
    const last = deliveries.queuedLast();
    const { isOnline, leavesInMs } = last === null ? NOTHING_WAITS : deliveries.outlook(last);
    const now = last === null ? '' : `${isOnline} ${leavesInMs !== null}`;
    if (last !== null && now !== outlook) background(parts.step(deliveries.outlookChanged));
    outlook = now;
  };
  const look = (): void => {
    lookAhead();
    own.look();
    due.arm(true);
    background(correspondent.look());
  };

  chats.erase();
  due.arm(true);
  return {
    handlers: {
      ...own.handlers,
      ...contacts.handlers,
      ...codes.handlers,
      ...requests.handlers,
      ...sending.handlers,
      ...chats.handlers,
    },
    profile: own.profile,
    received: arrivals.received,
    progress: arrivals.progress,
    tokenDone: () => {
      const ready = codes.ready();
      background(
        parts.step((work) => {
          for (const id of ready) work.changed.codes.add(id);
          tokens.done(work);
        }),
      );
    },
    statusChanged: look,
    joined: () => {
      const known = options.mixnet()?.client.messages() ?? [];
      background(
        parts.step((work) => {
          deliveries.reconcile(work, known);
          tokens.done(work);
          work.changed.hasProfile = own.hasProfile();
        }),
      );
      receiving.resume();
      look();
    },
    noteDemo: () => {
      joinDemo(options, own);
      look();
    },
    close: () => {
      state.isClosed = true;
      due.close();
      arrivals.close();
      chats.close();
    },
  };
}

type State = { isClosed: boolean; onStep: (changed: Changes) => void };

function createParts(options: MessengerOptions, state: State): Parts {
  const { db, crypto, steps, now } = options;
  const step: Parts['step'] = async (run, quietMs) => {
    const changed = noChanges();
    const after: Work['after'] = [];
    const value = await steps((hands) => {
      // The database of a profile that was locked meanwhile is not this one any more.
      if (state.isClosed) throw new CallFailure('locked', 'the profile is locked');
      const work: Work = { hands, now: now(), changed, atEnd: [], after };
      const given = run(work);
      for (const act of work.atEnd) act();
      return given;
    }, quietMs);
    if (state.isClosed) return value;
    state.onStep(changed);
    for (const act of after) act();
    return value;
  };
  const parts: Parts = {
    db,
    crypto,
    random: options.random,
    now,
    log: options.log,
    emit: options.emit,
    mixnet: options.mixnet,
    later: options.later ?? systemLater,
    people: createPeopleStore(db),
    sessions: createSessionStore(db, crypto),
    outgoing: createOutgoingStore(db),
    counts: createCounter(MESSENGER_EVENTS),
    contactView: (id) => contactView(parts, id),
    retentionMs: () => options.mixnet()?.client.status().terms?.retentionMs ?? RETENTION_MS_DEFAULT,
    step,
  };
  return parts;
}

function assemble(options: MessengerOptions, parts: Parts) {
  // The chats ask these, and these write to the chats.
  const hooks: ChatHooks = {
    read: (work, contact, uids) => {
      const row = parts.people.contact(contact);
      if (row === null || !contacts.tellsRead(row)) return;
      for (const uid of uids) receipts.owe(work, contact, 'read', uid);
    },
    deleted: (work, id) => sending.deleted(work, id),
    outlook: (message) => deliveries.outlook(message),
  };
  const chats = createChats(parts, hooks);
  const posting = createPosting(parts);
  const own: Own = createOwn(parts, {
    joinDemo: () => joinDemo(options, own),
  });
  const handshakes = createHandshakes(parts, own, chats, posting);
  const codes = createCodes(parts, own, handshakes);
  const requests = createRequests({ parts, own, chats, codes, handshakes });
  const tokens = createContactsTokens(parts, own, posting);
  const contacts = createContacts(parts, own, chats, handshakes, tokens);
  const deliveries = createDeliveries(parts, chats);
  const receipts = createReceipts(parts, posting);
  const repair = createRepair(parts, chats, posting, handshakes);
  const sending = createSending(parts, chats, posting);
  const contents = createContents({
    parts,
    chats,
    posting,
    tokens,
    deliveries,
    receipts,
    repair,
  });
  const receiving = createReceiving({ parts, own, handshakes, requests, contents, repair });
  const dealing = { codes, tokens, deliveries, receipts, repair, sending, handshakes };
  const due = createDue({ parts, ...dealing });
  return { own, chats, codes, requests, contacts, tokens, sending, deliveries, receiving, due };
}

const systemLater: Later = (run, delayMs) => {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};

/** A profile that has joined no network joins the demo network, once there are both. */
function joinDemo({ demo, mixnet, join }: MessengerOptions, own: Own): void {
  const { network } = demo();
  if (network !== null && mixnet() === null && own.hasProfile()) join(network);
}
