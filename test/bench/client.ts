// One client: what its process uses at standard traffic, as the engine runs it in a network of
// processes; its memory after an hour, in the simulator; and how much longer a message takes than
// what was drawn for it, at test traffic on real sockets.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { monotonicMs } from '../../main/system.ts';
import { measureLateness } from '../long/socket-lateness.ts';
import { type EngineProcess, startEngine, startLocalnet } from '../support/localnet.ts';
import { type Benchmark, medianOf, rounded } from './measure.ts';

const SAMPLES = 5;
/** Until the client is online and the code is compiled. */
const WARM_MS = 10_000;
/** Of the clock that /proc counts processor time in. */
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const MESSAGES_PER_SECOND = 20;
/** Beside the one: a client is less than what a network's hour makes uncertain. */
const MORE_CLIENTS = 6;

export const benchmark: Benchmark = async function* ({ seconds }) {
  yield await atStandardTraffic(seconds);
  const [alone, withClient] = [memoryAfterAnHour(0), memoryAfterAnHour(1)];
  const withMore = memoryAfterAnHour(1 + MORE_CLIENTS);
  yield {
    arm: 'an hour of virtual time',
    rssBytes: withClient.rssBytes,
    /** The same process with the network alone. */
    rssBytesWithoutClient: alone.rssBytes,
    /**
     * Of the heap and beside it, after a collection, while all of it runs: what each further client
     * adds, its part of the providers and of the simulator included.
     */
    usedBytesOfClient: Math.round((withMore.usedBytes - withClient.usedBytes) / MORE_CLIENTS),
    samples: MORE_CLIENTS,
  };
  yield await addedLatency(seconds);
};

/** Processor time and wakes of the engine's process, as the system counts them. */
async function atStandardTraffic(seconds: number) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-bench-client-'));
  const network = await startLocalnet(path.join(folder, 'network'), 'standard');
  const engine = startEngine(path.join(folder, 'user'), network.networkFile, () => {});
  try {
    await untilOnline(engine);
    await later(WARM_MS);
    const shares: number[] = [];
    const wakeUps: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      const [before, startedMs] = [readUse(engine.pid), monotonicMs()];
      await later((1_000 * seconds) / SAMPLES);
      const [after, tookS] = [readUse(engine.pid), (monotonicMs() - startedMs) / 1_000];
      shares.push((after.cpuSeconds - before.cpuSeconds) / tookS);
      wakeUps.push((after.wakeUps - before.wakeUps) / tookS);
    }
    return {
      arm: 'standard traffic',
      cpuShare: rounded(medianOf(shares)),
      wakeUpsPerSecond: rounded(medianOf(wakeUps)),
      rssBytesOfEngine: readUse(engine.pid).rssBytes,
      samples: SAMPLES,
    };
  } finally {
    await engine.end();
    await network.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function untilOnline(engine: EngineProcess): Promise<void> {
  for (;;) {
    const { state } = (await engine.call('network.status')) as { state: string };
    if (state === 'online') return;
    await later(100);
  }
}

/** Of the process in all; wakes are the times its main thread went to sleep of its own. */
function readUse(pid: number): { cpuSeconds: number; wakeUps: number; rssBytes: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/task/${pid}/status`, 'utf8');
  const fieldOf = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    wakeUps: fieldOf('voluntary_ctxt_switches'),
    rssBytes: 1_024 * fieldOf('VmRSS'),
  };
}

function memoryAfterAnHour(clients: number): { rssBytes: number; usedBytes: number } {
  const script = path.join(import.meta.dirname, 'client-hour.ts');
  const told = execFileSync(process.execPath, [script, `${clients}`], { encoding: 'utf8' });
  return JSON.parse(told) as { rssBytes: number; usedBytes: number };
}

async function addedLatency(seconds: number) {
  const { addedLatencyMs } = await measureLateness({
    engine: 'native',
    traffic: 'test',
    shape: [],
    sound: 1,
    leaking: 0,
    leakMs: 0,
    perArm: MESSAGES_PER_SECOND * seconds,
    root: os.tmpdir(),
  });
  const sorted = Float64Array.from(addedLatencyMs).sort();
  const at = (share: number) => rounded(sorted[Math.floor(sorted.length * share)] ?? 0);
  return {
    arm: 'test traffic',
    addedLatencyMsP50: at(0.5),
    addedLatencyMsP99: at(0.99),
    samples: sorted.length,
  };
}
