// The measured process of the mix benchmark: FOLDER. One mix as production runs it, on real links,
// with its keys and tags on disk; the only addition is a clock around unwrap. Answers each message
// with what it has used and counted.
import path from 'node:path';
import { loadCryptoEngine } from '../../main/crypto/choose.ts';
import { createMix } from '../../main/mixnet/mix.ts';
import { Driver } from '../../main/net/drive.ts';
import { Links } from '../../main/net/links.ts';
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

const setup = loadSetup(process.argv[2] ?? '.');
const engine = await loadCryptoEngine('native');
const made = benchNetwork(setup, engine);
const node = nodeAt(made, PLACES.mix);
const key = linkKeyAt(setup, PLACES.mix);
const now = () => ({ monotonicMs: monotonicMs(), unixMs: unixMs() });

// The keys that the packets were built for, as a run before this one would have left them.
const keyFolder = path.join(setup.folder, 'keys');
const earlier = openEpochKeyFiles(keyFolder, null);
for (const [epoch, { secretKey }] of node.sphinxKeys.entries()) earlier.create(epoch, secretKey);
earlier.close();
const keyStore = openEpochKeyFiles(keyFolder, null);

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
    keyStore,
    documentStore: memoryDocumentStore([benchDocument(made)]),
  },
  now(),
);
let ended: (() => Promise<void>) | null = null;
const driver = new Driver({
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
    ended = () => links.end();
    void links.listen().then(() => process.send?.({ ready: true }));
    return {
      send: (peer, frame) => links.send(peer, frame),
      setNeighbours: (neighbours) => links.setNeighbours(neighbours),
      close: (peer) => links.close(peer),
    };
  },
  carryOut: () => undefined,
});

export type MixUse = {
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly unwrapMsMedian: number;
  readonly poolSize: number;
  readonly forwarded: number;
  readonly received: number;
  readonly refused: number;
};
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const { forwarded, received, refusals, poolSize } = role.counters();
  const refused = Object.values(refusals).reduce((sum, count) => sum + count, 0);
  const rssBytes = process.memoryUsage.rss();
  const use: MixUse = {
    cpuMs: (user + system) / 1_000,
    unwrapMsMedian: medianOf([...unwrapMs.subarray(0, unwraps)]),
    rssBytes,
    poolSize,
    forwarded,
    received,
    refused,
  };
  process.send?.(use);
});
process.on('disconnect', () => {
  driver.end();
  void ended?.();
});
