// Health on a real network of processes whose one mix loses everything, until it does not: what an
// engine tells over its door, and after how long.
import path from 'node:path';
import { monotonicMs } from '../../main/system.ts';
import { type Health, healthSchema } from '../../shared/api-health.ts';
import { type EngineProcess, startEngine, startLocalnet } from './localnet.ts';

const ASK_MS = 500;

export type HealthRun = {
  /** Before the fault: good, or slow on a machine with much else to do. */
  readonly before: Health;
  readonly failingMs: number;
  readonly failing: Health;
  /** Nodes that were suspected first. */
  readonly suspected: readonly string[];
  readonly letGo: Health;
  readonly workingMs: number;
  readonly working: Health;
};

/** Throws where a state does not come within `waitMsMax`. */
export async function runHealth(options: {
  readonly folder: string;
  readonly waitMsMax: number;
}): Promise<HealthRun> {
  const { folder, waitMsMax } = options;
  const net = await startLocalnet(path.join(folder, 'net'), 'demo');
  const engine = startEngine(path.join(folder, 'user'), net.networkFile, () => {});
  const when = (holds: (health: Health) => boolean) => until(engine, holds, waitMsMax);
  try {
    const isDelivering = ({ state }: Health) => state === 'good' || state === 'slow';
    const before = await when(isDelivering);
    net.fault({ node: 'mix-1', drop: 1 });
    const failing = await when(({ isHolding }) => isHolding);
    const isSuspected = ({ state }: Health['nodes'][number]) => state === 'suspected';
    const found = await when(({ nodes }) => nodes.some(isSuspected));
    await engine.call('health.sendAnyway');
    const letGo = await when(({ isHolding }) => !isHolding);
    net.fault({ node: 'mix-1', drop: 0 });
    const working = await when(({ state }) => state !== 'failing');
    return {
      before: before.health,
      failingMs: failing.passedMs,
      failing: failing.health,
      suspected: found.health.nodes.filter(isSuspected).map(({ name }) => name),
      letGo: letGo.health,
      workingMs: working.passedMs,
      working: working.health,
    };
  } finally {
    await engine.end();
    await net.end();
  }
}

async function until(
  engine: EngineProcess,
  holds: (health: Health) => boolean,
  waitMsMax: number,
): Promise<{ readonly health: Health; readonly passedMs: number }> {
  const fromMs = monotonicMs();
  for (;;) {
    const health = healthSchema.parse(await engine.call('health.get'));
    const passedMs = Math.round(monotonicMs() - fromMs);
    if (holds(health)) return { health, passedMs };
    if (passedMs > waitMsMax) {
      throw new Error(`still ${health.state}, ${JSON.stringify(health.loops)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}
