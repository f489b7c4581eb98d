// What benchmarks measure with. Works that are compared take turns in short blocks, so that
// whatever else the machine does meanwhile meets all of them; the median of their blocks is what
// counts.
import v8 from 'node:v8';
import vm from 'node:vm';
import { monotonicMs } from '../../main/system.ts';

export type BenchmarkOptions = {
  /** How long one that runs for a time does so. */
  readonly seconds: number;
  /** Worker threads; 0 for none. */
  readonly threads: number;
};

/** Gives one line per arm; each has `samples`, the blocks behind every median. */
export type Benchmark = (
  options: BenchmarkOptions,
) => AsyncIterable<Readonly<Record<string, unknown>> & { readonly samples: number }>;

/** Shorter than a turn of the scheduler, so that most blocks are not interrupted. */
const BLOCK_MS = 1;
const WARM_UP_MS = 300;

/**
 * Median time of one call of each work in µs, over `samples` rounds in which all of them take
 * turns.
 */
export function medianMicroseconds<Name extends string>(
  works: Readonly<Record<Name, () => void>>,
  samples: number,
): Record<Name, number> {
  const names = Object.keys(works) as Name[];
  const arms = names.map((name) => {
    const work = works[name];
    return { name, work, count: warmUp(work), times: [] as number[] };
  });
  for (let sample = 0; sample < samples; sample++) {
    for (const { work, count, times } of arms) times.push(timeOf(work, count));
  }
  const medians = arms.map(({ name, times }) => [name, medianOf(times)]);
  return Object.fromEntries(medians) as Record<Name, number>;
}

/** Runs until the machine has compiled it; gives how many calls fill a block. */
function warmUp(work: () => void): number {
  const startedAt = monotonicMs();
  let count = 0;
  do {
    work();
    count += 1;
  } while (monotonicMs() - startedAt < WARM_UP_MS);
  return Math.max(1, Math.round((count * BLOCK_MS) / (monotonicMs() - startedAt)));
}

function timeOf(work: () => void, count: number): number {
  const startedAt = monotonicMs();
  for (let call = 0; call < count; call++) work();
  return ((monotonicMs() - startedAt) * 1_000) / count;
}

export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}

/** Well under the young generation's first size, so that nothing is collected in a round. */
const ALLOCATION_ROUND_BYTES = 0x40000;
const ALLOCATION_CALLS_MAX = 64;

/**
 * Bytes that one call leaves to the garbage collector, on the heap and outside: the median of
 * `samples` rounds, each after a collection and too short for another, or a single call.
 */
export function bytesAllocated(work: () => void, samples: number): number {
  v8.setFlagsFromString('--expose_gc');
  const collect = vm.runInNewContext('gc') as () => void;
  const measure = (calls: number): number => {
    const rounds = Array.from({ length: samples }, () => {
      collect();
      const before = memory();
      for (let call = 0; call < calls; call++) work();
      return (memory() - before) / calls;
    });
    return medianOf(rounds);
  };
  const calls = Math.floor(ALLOCATION_ROUND_BYTES / Math.max(1, measure(1)));
  return measure(Math.max(1, Math.min(ALLOCATION_CALLS_MAX, calls)));
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Three significant digits: more is noise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
