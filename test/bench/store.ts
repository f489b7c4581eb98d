// The store of a user who has written for years: a million messages in two thousand conversations,
// in a real encrypted file. What a window waits for is measured through the same handlers as in the
// program, one after another, each round on a file that was just opened.
import { statSync } from 'node:fs';
import { engineLoaders, loadCryptoEngine } from '../../main/crypto/choose.ts';
import { PASSPHRASE_MEMORY_KIB, PASSPHRASE_PASSES } from '../../main/store/key-file.ts';
import { monotonicMs } from '../../main/system.ts';
import { drawBelow } from '../../shared/random.ts';
import { seededRandom } from '../support/random.ts';
import { chatsOver, uidOf } from '../support/stored-chats.ts';
import { type Benchmark, medianOf, rounded } from './measure.ts';
import { inboundSeconds } from './store-inbound.ts';
import { buildProfile, RARE_HITS, type StoredProfile } from './store-profile.ts';

const MESSAGES = 1_000_000;
const CONVERSATIONS = 2_000;
const SAMPLES = 7;
const INBOUND_SAMPLES = 5;
/** What a try of a passphrase costs. */
const passphraseCost = {
  password: new TextEncoder().encode('seven slow herons'),
  salt: new Uint8Array(16).fill(3),
  memoryKiB: PASSPHRASE_MEMORY_KIB,
  passes: PASSPHRASE_PASSES,
  size: 32,
};
const PAGES = 300;
const PAGE_LIMIT = 50;
const INSERTS = 150;
const TEXT = 'About as long as what people write to each other most of the time.';
const NOW_UNIX_MS = 1_800_000_100_000;

export const benchmark: Benchmark = async function* () {
  const engine = await loadCryptoEngine(engineLoaders[0]?.name ?? 'native');
  const builtAt = monotonicMs();
  const profile = buildProfile(MESSAGES, CONVERSATIONS);
  const buildSeconds = rounded((monotonicMs() - builtAt) / 1_000);
  try {
    const rounds: Round[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) rounds.push(await roundOf(profile, sample));
    const inbound: number[] = [];
    const argon2: number[] = [];
    for (let sample = 0; sample < INBOUND_SAMPLES; sample++) {
      const db = profile.open();
      inbound.push(await inboundSeconds(db, engine, sample));
      db.close();
      argon2.push(await timed(() => engine.argon2id(passphraseCost)));
    }
    yield {
      ...summary(rounds),
      inbound5000Seconds: rounded(medianOf(inbound)),
      argon2Ms: rounded(medianOf(argon2)),
      inboundSamples: inbound.length,
      buildSeconds,
      fileBytes: statSync(profile.file).size,
    };
  } finally {
    profile.remove();
  }
};

type Round = {
  readonly openMs: number;
  readonly listMs: number;
  readonly pagesMs: readonly number[];
  readonly commonMs: readonly number[];
  readonly rareMs: readonly number[];
  readonly insertsMs: readonly number[];
};

async function roundOf(profile: StoredProfile, sample: number): Promise<Round> {
  const random = seededRandom(`bench store ${sample}`);
  const openedAt = monotonicMs();
  const db = profile.open();
  const { chats, step } = chatsOver(db);
  const openMs = monotonicMs() - openedAt;
  const { handlers } = chats;
  const listMs = await timed(() => handlers['conversation.list']({}));

  const pagesMs: number[] = [];
  for (let page = 0; page < PAGES; page++) {
    const contact = 1 + drawBelow(random, CONVERSATIONS);
    // Half of them the newest, half somewhere in the years before.
    const place = { order: NOW_UNIX_MS - drawBelow(random, 2 ** 31) * 70, id: 1 };
    const args = { contact, limit: PAGE_LIMIT, ...(page % 2 === 0 ? {} : { before: place }) };
    pagesMs.push(await timed(() => handlers['chat.page'](args)));
  }
  const searched = async (words: readonly string[], hits: number) => {
    const times: number[] = [];
    for (const text of words) {
      times.push(
        await timed(async () => {
          const found = await handlers.search({ text, limit: PAGE_LIMIT });
          if (found.hits.length !== hits) throw new Error(`${text}: ${found.hits.length} hits`);
        }),
      );
    }
    return times;
  };
  const commonMs = await searched(profile.commonWords, PAGE_LIMIT);
  const rareMs = await searched(profile.rareWords, RARE_HITS);

  const insertsMs: number[] = [];
  for (let insert = 0; insert < INSERTS; insert++) {
    const contact = 1 + drawBelow(random, CONVERSATIONS);
    const uid = uidOf(MESSAGES + sample * INSERTS + insert);
    const text = { uid, text: TEXT, sentUnixMs: NOW_UNIX_MS, packetCount: 1 };
    insertsMs.push(await timed(() => step((work) => chats.addOwn(work, contact, text))));
  }
  chats.close();
  db.close();
  return { openMs, listMs, pagesMs, commonMs, rareMs, insertsMs };
}

async function timed(work: () => unknown): Promise<number> {
  const startedAt = monotonicMs();
  await work();
  return monotonicMs() - startedAt;
}

function summary(rounds: readonly Round[]) {
  const median = (of: (round: Round) => number) => rounded(medianOf(rounds.map(of)));
  return {
    messages: MESSAGES,
    conversations: CONVERSATIONS,
    openMs: median(({ openMs }) => openMs),
    listMs: median(({ listMs }) => listMs),
    pageMsP99: median(({ pagesMs }) => percentile99(pagesMs)),
    // The worse of the two.
    searchMsP99: median(({ commonMs, rareMs }) =>
      Math.max(percentile99(commonMs), percentile99(rareMs)),
    ),
    searchCommonMsP99: median(({ commonMs }) => percentile99(commonMs)),
    searchRareMsP99: median(({ rareMs }) => percentile99(rareMs)),
    insertMsP50: median(({ insertsMs }) => medianOf(insertsMs)),
    samples: rounds.length,
  };
}

function percentile99(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
}
