// How Node runs a node: the same wherever it is started, and a bound on the young generation.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { NODE_FLAGS } from '../../main/cli/node-child.ts';
import { nodeScript } from '../../scripts/setup.mjs';

/** Bytes of the young generation after much was allocated and some of it was kept for a while. */
function youngBytes(flags: readonly string[]): number {
  const code = `
    import v8 from 'node:v8';
    const kept = [];
    for (let index = 0; index < 2_000_000; index++) kept[index % 20_000] = { index };
    const young = v8.getHeapSpaceStatistics().find((one) => one.space_name === 'new_space');
    console.log(young.space_size);`;
  const args = [...flags, '--input-type=module', '-e', code];
  return Number(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout);
}

it('is the same from the command line and in a local network', () => {
  expect(nodeScript.flags).toEqual(NODE_FLAGS);
});

it('keeps the young generation small, which it is not by itself', () => {
  const bounded = youngBytes(NODE_FLAGS);
  expect(bounded).toBeGreaterThan(0);
  expect(bounded).toBeLessThanOrEqual(3 * 2 ** 21);
  expect(youngBytes([])).toBeGreaterThan(3 * 2 ** 21);
});
