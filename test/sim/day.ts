// A day of many people in one run, or the same told faster where the run is shorter: an evening, a
// night in which most computers sleep or are off while a few go on writing to them, a morning with
// what the night has left, a provider that is down, nodes and programs that crash, links that lose.
import { drawBelow, drawUnit, type RandomSource } from '../../shared/random.ts';
import type { SimNetwork } from './network.ts';
import { CALM, type LinkFaults } from './parts.ts';
import type { Scenario } from './scenarios.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
/** One in so many computers is never off. */
const ALWAYS_ON_EVERY = 10;
/** Everybody is there in the end for so long at least: what waits for them is picked up. */
const END_MS_MIN = 10 * MINUTE_MS;
/** A message of each client that is there, on average; at night of those who are. */
const DAY_INTERVAL_MS_MEAN = 5 * MINUTE_MS;
const NIGHT_INTERVAL_MS_MEAN = MINUTE_MS;
/** Parts of the run. */
const NIGHT = { from: 0.12, to: 0.5 };
const CRASH_EVERY_MS = 15 * MINUTE_MS;
const CRASHES_MIN = 6;
const CRASH_MS_MAX = 30_000;

const ROUGH: LinkFaults = { ...CALM, jitterMsMean: 30, loss: 0.01, repeat: 0.01, reorder: 0.02 };

const isAlwaysOn = (index: number) => index % ALWAYS_ON_EVERY === 0;
const between = (random: RandomSource, from: number, to: number) =>
  from + (to - from) * drawUnit(random);

export const day: Scenario = {
  exempt: () => [],
  messageIntervalMsMean: (share) =>
    share > NIGHT.from && share < NIGHT.to ? NIGHT_INTERVAL_MS_MEAN : DAY_INTERVAL_MS_MEAN,
  apply: (world, network, untilMs, clients) => {
    for (const name of [...network.nodeNames, ...clients]) world.setFaults(name, ROUGH);
    for (const [index, name] of clients.entries()) {
      if (!isAlwaysOn(index)) applyAbsences(world, name, untilMs);
    }
    const alwaysOn = clients.filter((_, index) => isAlwaysOn(index));
    applyCrashes(world, [...network.mixes.keys(), ...alwaysOn], untilMs);
    applyOutage(world, network, untilMs);
  },
};

/** Away over night and over most of the day; asleep with the program running, or with it ended. */
function applyAbsences(world: World, name: string, untilMs: number): void {
  const { random } = world;
  const backAtMs = untilMs - Math.max(END_MS_MIN, between(random, 0.05, 0.07) * untilMs);
  const leavesMs = between(random, 0.03, NIGHT.from) * untilMs;
  const risesMs = between(random, NIGHT.to - 0.05, NIGHT.to + 0.05) * untilMs;
  const leavesAgainMs = risesMs + between(random, 0.03, 0.1) * untilMs;
  absent(world, name, leavesMs, risesMs);
  if (leavesAgainMs < backAtMs) absent(world, name, leavesAgainMs, backAtMs);
}

function absent(world: World, name: string, fromMs: number, toMs: number): void {
  if (drawUnit(world.random) < 0.5) {
    world.at(fromMs, () => world.sleep(name, toMs - fromMs));
    return;
  }
  world.at(fromMs, () => world.crash(name));
  world.at(toMs, () => world.restart(name));
}

function applyCrashes(world: World, names: readonly string[], untilMs: number): void {
  const { random } = world;
  const crashes = Math.max(CRASHES_MIN, untilMs / CRASH_EVERY_MS);
  for (let crash = 0; crash < crashes; crash++) {
    const name = names[drawBelow(random, names.length)] ?? '';
    const atMs = between(random, 0.02, 0.94) * untilMs;
    world.at(atMs, () => world.crash(name));
    world.at(atMs + CRASH_MS_MAX * drawUnit(random), () => world.restart(name));
  }
}

/** In the afternoon the first provider is down for an hour, or for a quarter of a short run. */
function applyOutage(world: World, network: SimNetwork, untilMs: number): void {
  const name = [...network.providers.keys()][0] ?? '';
  const fromMs = 0.55 * untilMs;
  world.at(fromMs, () => world.crash(name));
  world.at(fromMs + Math.min(60 * MINUTE_MS, untilMs / 4), () => world.restart(name));
}
