// The neighbours of the measured mix, in one process so that one clock times both ways: FOLDER.
// Layer 1 sends what lies in the packet file, layer 3 receives. A message {seconds, perSecond}
// starts a run, as fast as the link takes them where `perSecond` is null; the answer says what came
// and how late. It allocates next to nothing for a packet: its own garbage collections would count
// as delays of the mix.
import { openSync, readSync } from 'node:fs';
import { setTimeout as later, setImmediate as soon } from 'node:timers/promises';
import { loadCryptoEngine } from '../../main/crypto/choose.ts';
import type { LinkInput } from '../../main/mixnet/role.ts';
import { SEND_QUEUE_FRAMES_MAX } from '../../main/net/link.ts';
import { Links } from '../../main/net/links.ts';
import { monotonicMs, systemRandom } from '../../main/system.ts';
import { frameKindOf, frameSize } from '../../shared/network/frame-sizes.ts';
import { encodeFrame } from '../../shared/network/frames.ts';
import { nodePeer } from '../../shared/network/topology.ts';
import { PACKET_SIZE } from '../../shared/sphinx/geometry.ts';
import {
  benchNetwork,
  DELAY_MS_MEAN,
  frameSizes,
  linkKeyAt,
  loadSetup,
  nodeAt,
  PLACES,
  packetFile,
  RECORD_SIZE,
  traffic,
} from './mix-setup.ts';
import { createTurns } from './turns.ts';

const setup = loadSetup(process.argv[2] ?? '.');
const made = benchNetwork(setup, await loadCryptoEngine('native'));
const mix = nodeAt(made, PLACES.mix);
const peer = nodePeer(mix.identity.publicKey);
const file = openSync(packetFile(setup), 'r');
const K = traffic.pullMailCount;
const FRAME_SIZE = frameSize('sphinx', K);
/** Kind, version and parity stand before the packet. */
const PACKET_OFFSET = FRAME_SIZE - PACKET_SIZE;
/** A frame waits in the queue of its link while this many others are written. */
const FRAMES = 2 * SEND_QUEUE_FRAMES_MAX;
const RECORDS_READ = 64;
/** Six bytes fit into a double and tell every packet of a benchmark from the others. */
const NAME_SIZE = 6;

/** When a packet is due to leave the mix, by what it will begin with. */
const dueMs = new Map<number, number>();
let lateness = new Float64Array(0);
let arrived = 0;
let lastMs = 0;
const turns = createTurns();

function open(place: number, addresses: readonly string[], onInput: (input: LinkInput) => void) {
  const links = new Links({
    frameSizes,
    key: linkKeyAt(setup, place),
    listen: { host: '127.0.0.1', port: setup.ports[place] ?? 0, acceptsAnonymous: false },
    random: systemRandom,
    nowMs: monotonicMs,
    onInput,
  });
  links.setNeighbours([{ peer, addresses, linkKeyHash: mix.descriptor.linkKeyHash }]);
  return links;
}

const after = open(PLACES.after, [], (input) => {
  if (input.kind !== 'frame' || frameKindOf(input.frame[0] ?? 0) !== 'sphinx') return;
  const name = nameIn(input.frame, PACKET_OFFSET);
  const due = dueMs.get(name);
  if (due === undefined) return;
  dueMs.delete(name);
  lastMs = monotonicMs();
  lateness[arrived++] = lastMs - due;
});
await after.listen();
const before = open(PLACES.before, mix.descriptor.addresses, () => undefined);
await before.listen();

function nameIn(bytes: Uint8Array, offset: number): number {
  let name = 0;
  for (let index = 0; index < NAME_SIZE; index++) name = 256 * name + (bytes[offset + index] ?? 0);
  return name;
}

const empty = encodeFrame({ kind: 'sphinx', parity: 0, packet: new Uint8Array(PACKET_SIZE) }, K);
const frames = Array.from({ length: FRAMES }, () => empty.slice());
let frameAt = 0;
const records = new Uint8Array(RECORDS_READ * RECORD_SIZE);
const recordView = new DataView(records.buffer);
let recordsEnd = 0;
let recordAt = 0;

/** False where the link has no room, or the file no more packets. */
function sendNext(): boolean {
  if (recordAt === recordsEnd) {
    recordsEnd = Math.floor(readSync(file, records) / RECORD_SIZE) * RECORD_SIZE;
    recordAt = 0;
    if (recordsEnd === 0) return false;
  }
  const frame = frames[frameAt] ?? empty;
  frame.set(records.subarray(recordAt, recordAt + PACKET_SIZE), PACKET_OFFSET);
  if (before.send(peer, frame) !== 'sent') return false;
  const delayMs = Number(recordView.getBigUint64(recordAt + PACKET_SIZE)) / 1e6;
  dueMs.set(nameIn(records, recordAt + PACKET_SIZE + 8), monotonicMs() + delayMs);
  recordAt += RECORD_SIZE;
  frameAt = (frameAt + 1) % FRAMES;
  return true;
}
const hasEnded = () => recordAt === recordsEnd;

type Run = { readonly count: number; readonly perSecond: number | null };
async function run({ count, perSecond }: Run) {
  lateness = new Float64Array(count);
  arrived = 0;
  turns.take();
  const startedMs = monotonicMs();
  let sent = 0;
  while (sent < count) {
    const due = perSecond === null ? count : ((monotonicMs() - startedMs) * perSecond) / 1_000;
    const goal = Math.min(count, due);
    let isRoom = true;
    while (sent < goal && isRoom) {
      isRoom = sendNext();
      if (isRoom) sent += 1;
    }
    if (!isRoom && hasEnded()) break;
    // At a given rate it sleeps: a loop that spins takes the core that the mix's threads run on.
    await (isRoom && perSecond === null ? soon() : later(1));
  }
  // What was sent last is still held.
  await later(DRAIN_MS);
  const sorted = lateness.slice(0, arrived).sort();
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? null;
  const seconds = (lastMs - startedMs) / 1_000;
  return { sent, arrived, seconds, p50: at(0.5), p99: at(0.99), turns: turns.take() };
}
/** Twenty-five mean delays. */
const DRAIN_MS = 25 * DELAY_MS_MEAN;
export type FeedResult = Awaited<ReturnType<typeof run>>;

process.on('message', (message) => {
  void run(message as Run).then((result) => process.send?.(result));
});
process.on('disconnect', () => void Promise.all([before.end(), after.end()]));
while (!before.isUp(peer) || !after.isUp(peer)) await later(20);
process.send?.({ ready: true });
