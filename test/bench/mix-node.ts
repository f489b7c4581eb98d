// The measured process of the mix benchmark: FOLDER THREADS. One mix as production runs it, on real
// links, with its keys and tags on disk; the only addition is a clock around unwrap, where that is
// done in this thread. Answers each message with what it has used and counted.
import path from 'node:path';
import { loadCryptoEngine } from '../../main/crypto/choose.ts';
import { createMix } from '../../main/mixnet/mix.ts';
import type { UnwrappedInput } from '../../main/mixnet/unwrap-step.ts';
import { Driver } from '../../main/net/drive.ts';
import { Links } from '../../main/net/links.ts';
import { UnwrapPool } from '../../main/net/unwrap-pool.ts';
import { openEpochKeyFiles } from '../../main/store/epoch-key-store.ts';
import { monotonicMs, systemRandom, unixMs } from '../../main/system.ts';
import { createSphinx, type Sphinx } from '../../shared/sphinx/packet.ts';
import { memoryDocumentStore } from '../support/mix.ts';
import { medianOf } from './measure.ts';
import {
  benchDocument,
  benchNetwork,
  frameSizes,
  linkKeyAt,
  loadSetup,
  nodeAt,
  PLACES,
  traffic,
} from './mix-setup.ts';
import { createTurns, type Turns } from './turns.ts';

const setup = loadSetup(process.argv[2] ?? '.');
const engine = await loadCryptoEngine('native');
const made = benchNetwork(setup, engine);
const node = nodeAt(made, PLACES.mix);
const key = linkKeyAt(setup, PLACES.mix);
const now = () => ({ monotonicMs: monotonicMs(), unixMs: unixMs() });

// The keys that the packets were built for, as a run before this one would have left them.
const threads = Number(process.argv[3]);
const keyFolder = path.join(setup.folder, `keys-${threads}`);
const earlier = openEpochKeyFiles(keyFolder, null);
for (const [epoch, { secretKey }] of node.sphinxKeys.entries()) earlier.create(epoch, secretKey);
earlier.close();
const keyStore = openEpochKeyFiles(keyFolder, null);
const pool =
  threads === 0
    ? null
    : await UnwrapPool.start({
        threads,
        workerUrl: new URL('../../main/cli/unwrap-worker.ts', import.meta.url),
        onUnwrapped: (input) => driver.input(input),
        onPressure: (isHigh) => heldLinks?.holdBack(isHigh),
      });
let heldLinks: Links | null = null;

const plain = createSphinx(engine);
/** The last so many: their median is not moved by turns that others had meanwhile. */
const unwrapMs = new Float64Array(8_192);
let unwraps = 0;
const sphinx: Sphinx = {
  ...plain,
  unwrap: (...parameters) => {
    const startedMs = monotonicMs();
    const unwrapped = plain.unwrap(...parameters);
    unwrapMs[unwraps++ % unwrapMs.length] = monotonicMs() - startedMs;
    return unwrapped;
  },
};
const role = createMix(
  {
    engine,
    sphinx,
    random: systemRandom,
    loopInstants: systemRandom,
    network: made.network,
    identity: node.identity,
    linkKeyHash: key.hash,
    operator: node.descriptor.operator,
    addresses: node.descriptor.addresses,
    traffic: traffic.name,
    keyStore: pool?.keyStore(keyStore) ?? keyStore,
    ...(pool === null ? {} : { desk: pool }),
    documentStore: memoryDocumentStore([benchDocument(made)]),
  },
  now(),
);
const driver: Driver<UnwrappedInput, never> = new Driver<UnwrappedInput, never>({
  role,
  now,
  links: (onInput) => {
    const links = new Links({
      frameSizes,
      key,
      listen: { host: '127.0.0.1', port: setup.ports[PLACES.mix] ?? 0, acceptsAnonymous: false },
      random: systemRandom,
      nowMs: monotonicMs,
      onInput,
    });
    heldLinks = links;
    void links.listen().then(() => process.send?.({ ready: true }));
    return links;
  },
  carryOut: () => undefined,
});

const turns = createTurns();

export type MixUse = {
  readonly cpuMs: number;
  readonly memory: NodeJS.MemoryUsage;
  /** Since the last answer. */
  readonly turns: Turns;
  /** Null where workers do it. */
  readonly unwrapMsMedian: number | null;
  /** In the pool, and at the desk. */
  readonly held: number;
  readonly forwarded: number;
  readonly received: number;
  readonly refused: number;
};
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const { forwarded, received, refusals, poolSize, unwrapping } = role.counters();
  const refused = Object.values(refusals).reduce((sum, count) => sum + count, 0);
  const use: MixUse = {
    cpuMs: (user + system) / 1_000,
    unwrapMsMedian: unwraps === 0 ? null : medianOf([...unwrapMs.subarray(0, unwraps)]),
    memory: process.memoryUsage(),
    turns: turns.take(),
    held: poolSize + unwrapping,
    forwarded,
    received,
    refused,
  };
  process.send?.(use);
});
process.on('disconnect', () => {
  driver.end();
  void heldLinks?.end();
  void pool?.end();
});
