// A profile as it is after years: an encrypted file with a million messages in two thousand
// conversations, of words that are about as frequent as words are. Made in bulk, by the rules of
// the store.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../main/store/database.ts';
import { type OpenDb, transaction } from '../../main/store/handle.ts';
import { profileMigrations } from '../../main/store/migrations.ts';
import { drawBelow, type RandomSource } from '../../shared/random.ts';
import { seededRandom } from '../support/random.ts';
import { addContacts, uidOf } from '../support/stored-chats.ts';

const WORDS = 20_000;
const WORDS_OF_MESSAGE_MAX = 15;
/** Rows of one transaction: what its log takes stays below the cache. */
const ROWS_PER_STEP = 20_000;
const BUILD_CACHE_BYTES = 512 * 1_048_576;
/** What the index gathers before it writes: in bulk more than its default. */
const BUILD_INDEX_BYTES = 64 * 1_048_576;
const INDEX_BYTES = 1_048_576;
/** The last message is of this moment, the first of five years before. */
const END_UNIX_MS = 1_800_000_000_000;
const SPAN_MS = 5 * 365 * 86_400_000;

/** Words that are sought: each of the common ones is in hundreds of thousands of messages. */
const COMMON_RANKS = 24;
const RARE_WORDS = 24;
/** Messages that a rare word is in, spread over all years. */
export const RARE_HITS = 20;

const onsets = 'b c d f g h l m n p r s t v w th st br ch pr'.split(' ');
const rimes = 'a e i o u an en in on er ar al el is at ing ion ent'.split(' ');

export type StoredProfile = {
  readonly open: () => OpenDb;
  readonly remove: () => void;
  readonly file: string;
  /** In many more messages than a page of hits shows. */
  readonly commonWords: readonly string[];
  /** Of sequences of letters that are common, each in `RARE_HITS` messages. */
  readonly rareWords: readonly string[];
};

/** Makes the file in a new folder and closes it. */
export function buildProfile(messages: number, conversations: number): StoredProfile {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-bench-'));
  const file = path.join(folder, 'profile.db');
  const key = new Uint8Array(32).fill(7);
  const at = { file, key, migrations: profileMigrations };
  const db = openDatabase({ ...at, cacheBytesMax: BUILD_CACHE_BYTES, logPages: 100_000 });
  addContacts(db, 1, conversations);
  const random = seededRandom('bench store');
  const words = vocabulary(random);
  const rareWords = unheard(random, words);
  fill(db, random, { messages, conversations, words, rareWords });
  db.close();
  return {
    file,
    commonWords: words.slice(0, COMMON_RANKS).filter((word) => word.length > 2),
    rareWords,
    open: () => openDatabase(at),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

type Filling = {
  readonly messages: number;
  readonly conversations: number;
  readonly words: readonly string[];
  readonly rareWords: readonly string[];
};

function fill(db: OpenDb, random: RandomSource, filling: Filling): void {
  const { messages, conversations, words, rareWords } = filling;
  const rareEvery = Math.floor(messages / (rareWords.length * RARE_HITS));
  setIndexMemory(db, BUILD_INDEX_BYTES);
  for (let first = 0; first < messages; first += ROWS_PER_STEP) {
    transaction(db, (write) => {
      const add = write.prepare(`INSERT INTO message (contact, is_own, uid, text, sent_unix_ms,
        arrived_unix_ms, place, is_read, state, state_unix_ms, try_count, packets_confirmed,
        packets) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`);
      for (let row = first; row < Math.min(messages, first + ROWS_PER_STEP); row++) {
        const unixMs = END_UNIX_MS - Math.floor(SPAN_MS * (1 - (row + 1) / messages));
        const text = textOf(random, words);
        const turn = row / rareEvery;
        if (Number.isInteger(turn) && turn < rareWords.length * RARE_HITS) {
          text.push(rareWords[turn % rareWords.length] ?? '');
        }
        const contact = 1 + drawBelow(random, conversations);
        const own = ['delivered', unixMs + 9_000, 1, 1, 1] as const;
        const his = [null, null, null, null, null] as const;
        const isOwn = row % 2;
        const arrived = isOwn === 1 ? null : unixMs + 4_000;
        const state = isOwn === 1 ? own : his;
        add.run(contact, isOwn, uidOf(row), text.join(' '), unixMs, arrived, unixMs, ...state);
      }
    });
  }
  setIndexMemory(db, INDEX_BYTES);
  transaction(db, (write) =>
    write.exec(`UPDATE conversation SET newest_sent_unix_ms = ${END_UNIX_MS},
      lines = (SELECT count(*) FROM message m WHERE m.contact = conversation.contact),
      last = (SELECT id FROM message m WHERE m.contact = conversation.contact
        ORDER BY place DESC, id DESC LIMIT 1)`),
  );
}

function setIndexMemory(db: OpenDb, bytes: number): void {
  const text = `INSERT INTO message_words (message_words, rank) VALUES ('hashsize', ${bytes})`;
  transaction(db, (write) => write.exec(text));
}

/** Made of syllables, so that sequences of letters are shared among words as in a language. */
function vocabulary(random: RandomSource): string[] {
  return Array.from({ length: WORDS }, () => wordOf(random, 1 + drawBelow(random, 4)));
}

function wordOf(random: RandomSource, syllables: number): string {
  const syllable = () =>
    `${onsets[drawBelow(random, onsets.length)]}${rimes[drawBelow(random, rimes.length)]}`;
  return Array.from({ length: syllables }, syllable).join('');
}

/** Words of the same syllables that are no part of any other. */
function unheard(random: RandomSource, words: readonly string[]): string[] {
  const found: string[] = [];
  while (found.length < RARE_WORDS) {
    const word = wordOf(random, 4);
    if (![...words, ...found].some((other) => other.includes(word))) found.push(word);
  }
  return found;
}

/** 1 to 15 words, 8 in the mean, the k-th of the vocabulary about 1/k as often as the first. */
function textOf(random: RandomSource, words: readonly string[]): string[] {
  const count = 1 + drawBelow(random, WORDS_OF_MESSAGE_MAX);
  return Array.from({ length: count }, () => {
    const rank = Math.floor(words.length ** (drawBelow(random, 0x10000) / 0x10000)) - 1;
    return words[Math.max(0, rank)] ?? '';
  });
}
