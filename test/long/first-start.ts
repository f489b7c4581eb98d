// `long -- first-start`: how long a new user waits. Five first starts, each in an empty data
// folder, from the start of the engine's host over the demo network, the mailbox and the
// correspondent's hello to the answer to a first message; and what the demo network costs while
// nobody writes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../../scripts/build.ts';
import { networkStatusSchema } from '../../shared/api-network.ts';
import { Eddy } from '../support/demo-user.ts';
import type { LongForm } from './long.ts';

const RUNS = 5;
/** The bound, and the aim of a quiet machine. */
const ANSWER_MS_MAX = 60_000;
const IDLE_MS = 20_000;

type Times = {
  readonly readyMs: number;
  readonly registeredMs: number;
  readonly helloMs: number;
  readonly answerMs: number;
};

async function firstStart(dataDir: string): Promise<{ times: Times; eddy: Eddy }> {
  const startedMs = performance.now();
  const since = () => Math.round(performance.now() - startedMs);
  const eddy = new Eddy(dataDir, 'first');
  const told = { readyMs: 0, registeredMs: 0 };
  void eddy.ready().then(() => {
    told.readyMs = since();
  });
  eddy.engine.listen(({ event, value }) => {
    if (event !== 'network' || told.registeredMs > 0) return;
    if (networkStatusSchema.parse(value).state === 'online') told.registeredMs = since();
  });
  await eddy.running();
  const { helloAtMs } = await eddy.meet('Lena');
  const helloMs = Math.round(helloAtMs - startedMs);
  return { times: { ...told, helloMs, answerMs: since() }, eddy };
}

/** Processor time and memory of the demo network's process while a user is connected and idle. */
async function idle(dataDir: string): Promise<{ idleCpuShare: number; rssMb: number } | null> {
  if (process.platform !== 'linux') return null;
  const file = readFileSync(path.join(dataDir, 'demo/running.json'), 'utf8');
  const { pid } = JSON.parse(file) as { pid: number };
  const ticks = () => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  const before = ticks();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const seconds = (ticks() - before) / 100;
  const rssKb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    idleCpuShare: Math.round((seconds / (IDLE_MS / 1_000)) * 1_000) / 1_000,
    rssMb: Math.round(Number(rssKb) / 1_024),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

export const longForm: LongForm = {
  run: async ({ say }) => {
    await ensureBuilt(say);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-first-'));
    const all: Times[] = [];
    let cost: Awaited<ReturnType<typeof idle>> = null;
    try {
      for (let run = 0; run < RUNS; run++) {
        const dataDir = path.join(folder, `${run}`);
        const { times, eddy } = await firstStart(dataDir);
        say(JSON.stringify(times));
        all.push(times);
        if (run === RUNS - 1) cost = await idle(dataDir);
        await eddy.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const of = (name: keyof Times) => median(all.map((times) => times[name]));
    const answers = all.map(({ answerMs }) => answerMs);
    return {
      passed: answers.every((ms) => ms < ANSWER_MS_MAX),
      samples: RUNS,
      cores: os.availableParallelism(),
      loadAverage: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
      readyMs: of('readyMs'),
      registeredMs: of('registeredMs'),
      helloMs: of('helloMs'),
      answerMs: of('answerMs'),
      answerMsMax: Math.max(...answers),
      ...cost,
    };
  },
};
