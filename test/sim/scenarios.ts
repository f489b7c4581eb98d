// Short stories that a run goes through: what breaks, when, and for how long. Every draw comes from
// the world's seed, so that a story is told the same way again.
import { drawBelow, drawUnit } from '../../shared/random.ts';
import type { AcknowledgementMisuse } from './acknowledgements.ts';
import { day } from './day.ts';
import { type HostileName, hostile } from './hostile.ts';
import type { SimNetwork } from './network.ts';
import { CALM } from './parts.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
/** Of every link in the scenario `loss`. */
export const FRAME_LOSS = 0.05;

export type Scenario = {
  /** Hosts that the invariants do not bind. */
  readonly exempt: (network: SimNetwork) => readonly string[];
  /** `clients` names the hosts that are no nodes. */
  readonly apply: (
    world: World,
    network: SimNetwork,
    untilMs: number,
    clients: readonly string[],
  ) => void;
  /** Between two messages of a client that is there, at this part (0 to 1) of the run. */
  readonly messageIntervalMsMean?: (share: number) => number;
};

/** Shorter than a replay comes later. */
const REPLAYED_CRASH_MS = 3_000;

const nobody = () => [];

/** Bad links everywhere, nodes and clients that crash, networks that part. */
function applyFaults(
  world: World,
  network: SimNetwork,
  untilMs: number,
  clients: readonly string[],
): void {
  const names = [...network.nodeNames, ...clients];
  const rough = { ...CALM, jitterMsMean: 50, loss: 0.02, repeat: 0.02, reorder: 0.05 };
  for (const name of names) world.setFaults(name, rough);
  const pick = () => names[drawBelow(world.random, names.length)] ?? '';
  for (
    let atMs = 2 * MINUTE_MS;
    atMs < untilMs;
    atMs += (2 + 4 * drawUnit(world.random)) * MINUTE_MS
  ) {
    const name = pick();
    world.at(atMs, () => world.crash(name));
    world.at(atMs + 20_000 * drawUnit(world.random), () => world.restart(name));
  }
  for (let atMs = 5 * MINUTE_MS; atMs < untilMs; atMs += 15 * MINUTE_MS) {
    const name = pick();
    const others = names.filter((other) => other !== name);
    world.at(atMs, () => {
      const heal = world.part([name], others);
      world.at(atMs + MINUTE_MS, heal);
    });
  }
}

/**
 * One mix acts as `name` does. It spares loops of nodes by an oracle: real ones cannot tell them.
 * Where it replays, the others crash in turn: what it repeats meets them again.
 */
function withHostile(name: HostileName): Scenario {
  const villain = (network: SimNetwork) => [...network.mixes.keys()][0] ?? '';
  return {
    // It may send a packet twice; what it counts is still true.
    exempt: (network) => [villain(network)],
    apply: (world, network, untilMs) => {
      if (name === 'spare') network.loops.open();
      world.setHostile(villain(network), hostile(name, world.random, network.loops.isNodeLoop));
      if (name !== 'replay') return;
      const others = network.nodeNames.filter((other) => other !== villain(network));
      for (const [index, other] of others.entries()) {
        const atMs = (untilMs * (index + 1)) / (others.length + 1);
        world.at(atMs, () => world.crash(other));
        world.at(atMs + REPLAYED_CRASH_MS, () => world.restart(other));
      }
    },
  };
}

/** The first provider does as `name` says with the acknowledgements of mail and drops. */
function withMisuse(name: AcknowledgementMisuse): Scenario {
  const villain = (network: SimNetwork) => [...network.desks.keys()][0] ?? '';
  return {
    exempt: (network) => [villain(network)],
    apply: (world, network) => {
      const desk = network.desks.get(villain(network));
      if (desk !== undefined) world.setHostile(villain(network), desk.misuse(name, world.random));
    },
  };
}

/** One frame in twenty is lost on every link, and each comes as late as it happens. */
function applyLoss(world: World, network: SimNetwork): void {
  const lossy = { ...CALM, jitterMsMean: 100, loss: FRAME_LOSS };
  for (const name of network.nodeNames) world.setFaults(name, lossy);
}

/** The outage of one provider for an hour, or for a third of a shorter run. */
function applyOutage(world: World, network: SimNetwork, untilMs: number): void {
  const name = [...network.providers.keys()][0] ?? '';
  const lengthMs = Math.min(60 * MINUTE_MS, untilMs / 3);
  world.at(untilMs / 3, () => world.crash(name));
  world.at(untilMs / 3 + lengthMs, () => world.restart(name));
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  calm: { exempt: nobody, apply: () => {} },
  faults: { exempt: nobody, apply: applyFaults },
  day,
  outage: { exempt: nobody, apply: applyOutage },
  loss: { exempt: nobody, apply: applyLoss },
  'hostile-lose': withHostile('lose'),
  'hostile-delay': withHostile('delay'),
  'hostile-replay': withHostile('replay'),
  'hostile-tag': withHostile('tag'),
  'hostile-flood': withHostile('flood'),
  'hostile-spare': withHostile('spare'),
  'acknowledgements-withhold': withMisuse('withhold'),
  'acknowledgements-repeat': withMisuse('repeat'),
  'acknowledgements-hurry': withMisuse('hurry'),
  'acknowledgements-exchange': withMisuse('exchange'),
};
