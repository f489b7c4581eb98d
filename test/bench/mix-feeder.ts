// The neighbours of the measured mix, in one process so that one clock times both ways: FOLDER.
// Layer 1 sends what lies in the packet file, layer 3 receives. A message {seconds, perSecond}
// starts a run, as fast as the link takes them where `perSecond` is null; the answer says what came
// and how late.
import { openSync, readSync } from 'node:fs';
import { setTimeout as later, setImmediate as soon } from 'node:timers/promises';
import { loadCryptoEngine } from '../../main/crypto/choose.ts';
import type { LinkInput } from '../../main/mixnet/role.ts';
import { Links } from '../../main/net/links.ts';
import { monotonicMs, systemRandom } from '../../main/system.ts';
import { toHex } from '../../shared/bytes.ts';
import { decodeFrame, encodeFrame } from '../../shared/network/frames.ts';
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
  PREFIX_SIZE,
  packetFile,
  RECORD_SIZE,
  traffic,
} from './mix-setup.ts';

const setup = loadSetup(process.argv[2] ?? '.');
const made = benchNetwork(setup, await loadCryptoEngine('native'));
const mix = nodeAt(made, PLACES.mix);
const peer = nodePeer(mix.identity.publicKey);
const file = openSync(packetFile(setup), 'r');
const K = traffic.pullMailCount;

/** When a packet is due to leave the mix, by what it will begin with. */
const dueMs = new Map<string, number>();
let lateness: number[] = [];
let lastMs = 0;

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
  if (input.kind !== 'frame') return;
  const decoded = decodeFrame(input.frame, K);
  if (!decoded.ok || decoded.frame.kind !== 'sphinx') return;
  const prefix = toHex(decoded.frame.packet.subarray(0, PREFIX_SIZE));
  const due = dueMs.get(prefix);
  if (due === undefined) return;
  dueMs.delete(prefix);
  lastMs = monotonicMs();
  lateness.push(lastMs - due);
});
await after.listen();
const before = open(PLACES.before, mix.descriptor.addresses, () => undefined);
await before.listen();

type Next = { readonly frame: Uint8Array; readonly delayMs: number; readonly prefix: string };
const record = new Uint8Array(RECORD_SIZE);
function readNext(): Next | null {
  if (readSync(file, record) < RECORD_SIZE) return null;
  const packet = record.slice(0, PACKET_SIZE);
  const delayNs = new DataView(record.buffer).getBigUint64(PACKET_SIZE);
  const frame = encodeFrame({ kind: 'sphinx', parity: 0, packet }, K);
  return { frame, delayMs: Number(delayNs) / 1e6, prefix: toHex(record.subarray(PACKET_SIZE + 8)) };
}

let next: Next | null = null;
/** False where the link has no room, or the file no more packets. */
function sendNext(): boolean {
  next ??= readNext();
  if (next === null || before.send(peer, next.frame) !== 'sent') return false;
  dueMs.set(next.prefix, monotonicMs() + next.delayMs);
  next = null;
  return true;
}

type Run = { readonly count: number; readonly perSecond: number | null };
async function run({ count, perSecond }: Run) {
  lateness = [];
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
    if (!isRoom && next === null) break;
    // At a given rate it sleeps: a loop that spins takes the core that the mix's threads run on.
    await (isRoom && perSecond === null ? soon() : later(1));
  }
  // What was sent last is still held.
  await later(DRAIN_MS);
  const sorted = Float64Array.from(lateness).sort();
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? null;
  const seconds = (lastMs - startedMs) / 1_000;
  return { sent, arrived: sorted.length, seconds, p50: at(0.5), p99: at(0.99) };
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
