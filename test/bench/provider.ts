// The provider: packets of layer 3 become durable mail, pulls are answered. The whole role on the
// native engine and a real file with its flushes; only the sockets are left out. A packet counts
// once the role says that it is stored; what comes meanwhile waits, as it would in a socket.
import { statSync } from 'node:fs';
import { engineLoaders, loadCryptoEngine } from '../../main/crypto/choose.ts';
import type { Provider } from '../../main/mixnet/provider.ts';
import { createMailboxStore } from '../../main/store/mailbox-store.ts';
import { monotonicMs } from '../../main/system.ts';
import type { Now } from '../../shared/time.ts';
import { makeNetwork } from '../support/network.ts';
import { openProviderFile, openProviderRole, sinceStart } from '../support/provider-role.ts';
import { seededRandom } from '../support/random.ts';
import { type Benchmark, medianOf, rounded } from './measure.ts';
import {
  acknowledgementFrames,
  linkPullers,
  mailFrames,
  type Puller,
  registerMailboxes,
} from './provider-clients.ts';

const MAILBOXES = 10_000;
const SAMPLES = 7;
const PACKETS = 4_000;
/** Pulls at half of what was found: how long one of them waits. */
const PACED_MS = 2_000;

export const benchmark: Benchmark = async function* () {
  const engine = await loadCryptoEngine(engineLoaders[0]?.name ?? 'native');
  const made = makeNetwork({ seed: 'bench provider', engine });
  const random = seededRandom('bench provider');
  const { file, db, remove } = openProviderFile();
  const store = createMailboxStore(db);
  const mailboxes = registerMailboxes(db, made, random, MAILBOXES);
  const startedAt = monotonicMs();
  const now = () => sinceStart(monotonicMs() - startedAt);
  const open = () => openProviderRole(made, store, random, now());

  const opened = open();
  const mails = mailFrames(made, opened, random, mailboxes, PACKETS);
  const acknowledgements = acknowledgementFrames(made, opened, random, mailboxes, PACKETS);
  const rounds: Round[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    // A role that has just started has seen none of the packets.
    const { role, node, layer3 } = open();
    const give = (frame: Uint8Array) => role.receive({ kind: 'frame', peer: layer3, frame }, now());
    db.checkpoint();
    const bytesBefore = statSync(file).size;
    const stored = timeOf(() => pass(role, mails, give, now, (counts) => counts.mailsStored));
    db.checkpoint();
    const bytesPerStoredPacket = (statSync(file).size - bytesBefore) / PACKETS;
    const returned = timeOf(() =>
      pass(role, acknowledgements, give, now, (counts) => counts.acknowledgementsStored),
    );
    const { publicKey } = node.identity;
    const pullers = linkPullers(made, role, publicKey, random, mailboxes, now());
    // The first pull of a link has its proof verified.
    for (const puller of pullers) pullAndWake(role, puller, now);
    const pulled = timeOf(() => {
      for (const puller of pullers) pullAndWake(role, puller, now);
    });
    const pullMsP99 = pacedPulls(role, pullers, now, pulled.ms / MAILBOXES);
    rounds.push({ stored, returned, pulled, pullMsP99, bytesPerStoredPacket });
  }
  remove();
  yield summary(rounds);
};

type Timed = { readonly ms: number; readonly cpuMs: number };
type Round = {
  readonly stored: Timed;
  readonly returned: Timed;
  readonly pulled: Timed;
  readonly pullMsP99: number;
  readonly bytesPerStoredPacket: number;
};

function summary(rounds: readonly Round[]) {
  const median = (of: (round: Round) => number) => medianOf(rounds.map(of));
  const perSecond = (count: number, ms: number) => Math.round((1_000 * count) / ms);
  return {
    mailboxes: MAILBOXES,
    storedPerSecond: perSecond(
      PACKETS,
      median(({ stored }) => stored.ms),
    ),
    storedPerCpuSecond: perSecond(
      PACKETS,
      median(({ stored }) => stored.cpuMs),
    ),
    acknowledgementsPerSecond: perSecond(
      PACKETS,
      median(({ returned }) => returned.ms),
    ),
    acknowledgementsPerCpuSecond: perSecond(
      PACKETS,
      median(({ returned }) => returned.cpuMs),
    ),
    pullsPerSecond: perSecond(
      MAILBOXES,
      median(({ pulled }) => pulled.ms),
    ),
    pullsPerCpuSecond: perSecond(
      MAILBOXES,
      median(({ pulled }) => pulled.cpuMs),
    ),
    pullMsP99: rounded(median(({ pullMsP99 }) => pullMsP99)),
    // The first round fills fresh pages; later ones also fill those that pulls left free.
    bytesPerStoredPacket: Math.round(
      Math.max(...rounds.map((round) => round.bytesPerStoredPacket)),
    ),
    samples: rounds.length,
  };
}

/** Gives all frames, waking the role when it asks, until everything is durable. */
function pass(
  role: Provider,
  frames: readonly Uint8Array[],
  give: (frame: Uint8Array) => void,
  now: () => Now,
  count: (counts: ReturnType<Provider['counters']>['mail']) => number,
): void {
  const before = count(role.counters().mail);
  for (const frame of frames) {
    give(frame);
    wakeIfDue(role, now());
  }
  while (role.counters().mail.batchSize > 0) wakeIfDue(role, now());
  const done = count(role.counters().mail) - before;
  if (done !== frames.length) throw new Error(`expected ${frames.length} stored, got ${done}`);
}

function wakeIfDue(role: Provider, now: Now): void {
  const at = role.nextWakeAt();
  if (at !== null && at <= now.monotonicMs) role.wake(now);
}

function pullAndWake(role: Provider, puller: Puller, now: () => Now): void {
  puller.pull(now());
  wakeIfDue(role, now());
}

/** The 99th percentile of the time from a pull's instant to its answer, at half of saturation. */
function pacedPulls(
  role: Provider,
  pullers: readonly Puller[],
  now: () => Now,
  saturatedMs: number,
): number {
  const intervalMs = 2 * saturatedMs;
  const startedAt = monotonicMs();
  const times: number[] = [];
  for (let index = 0; index * intervalMs < PACED_MS; index++) {
    const dueAt = startedAt + index * intervalMs;
    while (monotonicMs() < dueAt) wakeIfDue(role, now());
    pullers[index % pullers.length]?.pull(now());
    times.push(monotonicMs() - dueAt);
    wakeIfDue(role, now());
  }
  return Float64Array.from(times).sort()[Math.floor(times.length * 0.99)] ?? 0;
}

function timeOf(work: () => void): Timed {
  const startedAt = monotonicMs();
  const cpuBefore = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ms: monotonicMs() - startedAt, cpuMs: (user + system) / 1_000 };
}
