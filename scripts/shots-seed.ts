// The people and chats of the pictures, written into a profile through the engine's own stores:
// what a user would have after a while, with every state of a message that lasts.
import { chooseCryptoEngine } from '../main/crypto/choose.ts';
import { openVault } from '../main/engine/vault.ts';
import { createConversationStore } from '../main/store/conversation-store.ts';
import { type OpenDb, transaction } from '../main/store/handle.ts';
import {
  createMessageStore,
  type MessageStore,
  type StoredDelivery,
} from '../main/store/message-store.ts';
import { createPeopleStore, type PeopleStore } from '../main/store/people-store.ts';
import { systemRandom } from '../main/system.ts';
import type { ChatNote } from '../shared/api-chat.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Line = {
  /** Before now. */
  readonly agoMs: number;
  readonly own?: boolean;
  readonly text?: string;
  readonly note?: ChatNote;
  readonly state?: StoredDelivery['state'];
  readonly reason?: StoredDelivery['reason'];
  /** On the way, of a message that came in. */
  readonly lateMs?: number;
};

type Person = {
  readonly name: string;
  readonly key: number;
  readonly lines: readonly Line[];
  readonly state?: 'requested' | 'accepted' | 'blocked';
  readonly isVerified?: boolean;
  readonly unread?: number;
  readonly draft?: string;
  readonly flags?: { isPinned?: boolean; isMuted?: boolean; isArchived?: boolean };
};

const talk: readonly string[] = [
  'The varnish is dry, both coats.',
  'Then we can turn her over on Saturday.',
  'Who has the big trestles?',
  'Jonas, I think. I’ll ask him.',
  'He says they are behind the shed, under the tarp.',
  'Good. Bring gloves, the keel is rough.',
  'And somebody should look at the mast step before it rains.',
];

/** Some months of words, so that there is something to scroll and to find. */
const history: readonly Line[] = Array.from({ length: 420 }, (_, index) => ({
  agoMs: 2 * DAY_MS + (420 - index) * 5 * HOUR_MS,
  own: index % 3 === 1,
  text: `${talk[index % talk.length]}${index % 5 === 0 ? ' More when I am back on land.' : ''}`,
  state: 'read',
}));

const people: readonly Person[] = [
  {
    name: 'Mara Lindqvist',
    key: 5,
    isVerified: true,
    flags: { isPinned: true },
    lines: [
      ...history,
      { agoMs: 20 * HOUR_MS, own: true, text: 'How long would it keep?', state: 'read' },
      {
        agoMs: 20 * HOUR_MS - 7 * MINUTE_MS,
        text: 'One more season if we’re gentle. I’ll send you his page.',
      },
      { agoMs: 30 * MINUTE_MS, note: { kind: 'gap', count: 1, isLost: false } },
      {
        agoMs: 22 * MINUTE_MS,
        text: 'Sorry for the silence, I was on the ferry. Here’s his page.',
        lateMs: 7 * MINUTE_MS,
      },
      {
        agoMs: 12 * MINUTE_MS,
        own: true,
        text: 'One season is all we need. I’ll bring the oak on Thursday.',
        state: 'delivered',
      },
      { agoMs: 11 * MINUTE_MS, own: true, text: 'And the long clamps.', state: 'at_provider' },
      {
        agoMs: 10 * MINUTE_MS,
        own: true,
        text: 'Shall I ask Tomás for his van?',
        state: 'at_provider',
      },
    ],
  },
  {
    name: 'Tomás Rivera',
    key: 1,
    unread: 2,
    lines: [
      { agoMs: 3 * HOUR_MS, own: true, text: 'Can we have the van this week?', state: 'read' },
      { agoMs: 50 * MINUTE_MS, text: 'Thursday works, after four.' },
      { agoMs: 49 * MINUTE_MS, text: 'It needs petrol, though.' },
    ],
  },
  {
    name: 'Amina Haddad',
    key: 4,
    draft: 'About the flat, I wanted to',
    lines: [
      { agoMs: 9 * DAY_MS, note: { kind: 'accepted' } },
      { agoMs: 9 * DAY_MS - HOUR_MS, note: { kind: 'verified', isVerified: true } },
      { agoMs: 8 * DAY_MS, text: 'The keys are with the neighbour on the second floor.' },
      { agoMs: 5 * DAY_MS, note: { kind: 'session_reset', isOwn: false, reason: 'restored' } },
      { agoMs: 4 * DAY_MS, note: { kind: 'keys_changed' } },
      { agoMs: 3 * DAY_MS, note: { kind: 'gap', count: 2, isLost: true } },
      { agoMs: 2 * HOUR_MS, text: 'Did you get my two letters?' },
    ],
  },
  {
    name: 'Jonas Weber',
    key: 0,
    lines: [
      { agoMs: 26 * HOUR_MS, text: 'The trestles are yours, come by any time.' },
      { agoMs: 4 * HOUR_MS, own: true, text: 'On my way.', state: 'expired' },
      {
        agoMs: 3 * HOUR_MS,
        own: true,
        text: 'Is the side door open?',
        state: 'not_confirmed',
      },
      {
        agoMs: 3 * HOUR_MS - MINUTE_MS,
        own: true,
        text: 'I have the plan of the whole boat as one text, wait.',
        state: 'failed',
        reason: 'too_large',
      },
    ],
  },
  {
    name: 'אבי כהן',
    key: 3,
    flags: { isMuted: true },
    unread: 12,
    lines: Array.from({ length: 12 }, (_, index) => ({
      agoMs: DAY_MS + (12 - index) * MINUTE_MS,
      text: index % 2 === 0 ? 'נפגשים בתחנה בשבע?' : 'או קצת אחרי.',
    })),
  },
  {
    name: 'Priya Okonkwo',
    key: 2,
    lines: [{ agoMs: 2 * DAY_MS, text: 'I’ll be in the workshop until six.' }],
  },
  { name: 'Noor van den Bergh', key: 10, state: 'requested', lines: [] },
  {
    name: 'Somebody from the fair',
    key: 9,
    state: 'blocked',
    lines: [{ agoMs: 6 * DAY_MS, text: 'Buy now.' }],
  },
  ...['Old harbour club', 'Lene', 'Marek', 'The other shed'].map(
    (name, index): Person => ({
      name,
      key: 20 + index,
      flags: { isArchived: true },
      lines: [{ agoMs: (40 + index) * DAY_MS, text: 'See you next season.' }],
    }),
  ),
];

const strangers = [
  { name: 'Lena from the boatyard', agoMs: HOUR_MS },
  { name: 'דוד', agoMs: DAY_MS },
] as const;

/** Writes people, chats and requests into a profile that no engine has open. */
export async function seedProfile(profileDir: string, nowUnixMs: number): Promise<void> {
  await withProfile(profileDir, (db) => write(db, nowUnixMs));
}

/** Opens the database of a profile that no engine has open. Throws `StoreError`. */
export async function withProfile(profileDir: string, work: (db: OpenDb) => void): Promise<void> {
  const { engine } = await chooseCryptoEngine();
  const options = { profileDir, crypto: engine, random: systemRandom, keychain: () => null };
  const vault = openVault(options);
  try {
    if (!vault.takePlain()) throw new Error(`${profileDir}: expected no passphrase`);
    const db = vault.open();
    try {
      work(db);
    } finally {
      db.close();
    }
  } finally {
    vault.forget();
    vault.release();
  }
}

function write(db: OpenDb, nowUnixMs: number): void {
  const store = createPeopleStore(db);
  const messages = createMessageStore(db);
  const conversations = createConversationStore(db);
  transaction(db, () => {
    for (const person of people) {
      const contact = addContact(store, person, nowUnixMs);
      messages.begin(contact, nowUnixMs - 3 * DAY_MS);
      const uids = uidsOf(contact);
      const ids = person.lines.map((line) => addLine(messages, contact, line, nowUnixMs, uids()));
      const lastRead = ids.at(-1 - (person.unread ?? 0));
      if (lastRead !== undefined) messages.markRead(contact, lastRead, ids.length);
      conversations.set(contact, person.flags ?? {});
      if (person.draft !== undefined) conversations.setDraft(contact, person.draft);
    }
    const blocked = { signingKey: bytes(32, 250), name: 'Win a prize' };
    store.blockKey(blocked, nowUnixMs - 12 * DAY_MS);
    for (const [index, { name, agoMs }] of strangers.entries()) {
      const code = bytes(16, 220 + index);
      store.addCode({
        id: code,
        kind: index === 0 ? 'invite' : 'address',
        bytes: bytes(32, 1),
        prekeySecret: null,
        token: bytes(16, 230 + index),
        createdUnixMs: nowUnixMs - 3 * DAY_MS,
        expiresUnixMs: nowUnixMs + DAY_MS,
      });
      store.setCode(code, 'used', null);
      store.addRequest({
        requestId: bytes(16, 200 + index),
        code,
        bytes: bytes(32, 1),
        signingKey: bytes(32, 240 + index),
        generation: 0,
        name,
        arrivedUnixMs: nowUnixMs - agoMs,
      });
    }
  });
}

function addContact(store: PeopleStore, person: Person, nowUnixMs: number): number {
  const id = store.addContact({
    signingKey: bytes(32, person.key),
    agreementKey: bytes(32, person.key),
    theirName: person.name,
    pair: person.key % 6,
    state: person.state ?? 'accepted',
    knownSinceUnixMs: nowUnixMs - 100 * DAY_MS,
    via: 'own_invite',
    address: null,
    returnToken: null,
  });
  const verifiedUnixMs = nowUnixMs - 23 * DAY_MS;
  if (person.isVerified === true) store.setContact(id, { verifiedUnixMs });
  if (person.lines.some(({ note }) => note?.kind === 'keys_changed')) {
    const keysChangedUnixMs = nowUnixMs - 4 * DAY_MS;
    store.setContact(id, { keysChangedUnixMs, verifiedBeforeUnixMs: verifiedUnixMs });
  }
  return id;
}

function addLine(
  messages: MessageStore,
  contact: number,
  line: Line,
  nowUnixMs: number,
  uid: Uint8Array,
): number | undefined {
  const sentUnixMs = nowUnixMs - line.agoMs;
  const text = line.text ?? '';
  if (line.note !== undefined) return messages.addNote(contact, line.note, sentUnixMs);
  if (line.own === true) {
    const state = line.state ?? 'delivered';
    const isConfirmed = state === 'delivered' || state === 'read' || state === 'at_provider';
    const counts = { tryCount: 1, confirmed: isConfirmed ? 1 : 0, all: 1 };
    const atUnixMs = sentUnixMs + 2 * MINUTE_MS;
    const delivery = { state, atUnixMs, ...counts, reason: line.reason ?? null };
    return messages.addOwn({ contact, uid, text, sentUnixMs, delivery });
  }
  const arrivedUnixMs = sentUnixMs + (line.lateMs ?? 2_000);
  const receivedUnixMs = arrivedUnixMs;
  return (
    messages.addReceived({ contact, uid, text, sentUnixMs, arrivedUnixMs, receivedUnixMs }) ??
    undefined
  );
}

function uidsOf(contact: number): () => Uint8Array {
  let next = 0;
  return () => {
    const uid = new Uint8Array(16);
    new DataView(uid.buffer).setUint32(0, contact);
    new DataView(uid.buffer).setUint32(4, next++);
    return uid;
  };
}

function bytes(size: number, value: number): Uint8Array {
  return new Uint8Array(size).fill(value);
}
