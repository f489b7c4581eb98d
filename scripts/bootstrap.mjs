// What every npm script starts with: the names of the commands, and a check that comes before
// anything an older Node could not read. Plain JavaScript without imports; the work is in
// setup.mjs.

/** npm script → the file that does it, on the newer Node, and its fixed arguments. */
const commands = {
  start: ['scripts/start.ts'],
  test: ['scripts/test.ts'],
  check: ['scripts/test.ts', '--quick'],
  build: ['scripts/build.ts'],
  shots: ['scripts/shots.ts'],
  dist: ['scripts/dist.ts'],
  engine: ['main/cli/engine.ts'],
  vectors: ['main/cli/vectors.ts'],
  localnet: ['main/cli/localnet.ts'],
  node: ['main/cli/node.ts'],
  bench: ['test/bench/main.ts'],
  long: ['test/long/long.ts'],
  sim: ['test/sim/run.ts'],
};

const NODE_MIN = [20, 11];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
  process.stderr.write(
    `\neddy: Node ${process.versions.node} is too old.\n` +
      `      Install Node ${NODE_MIN.join('.')} or newer, from nodejs.org say, and try again.\n`,
  );
  process.exit(1);
}
const { runCommand } = await import('./setup.mjs');
await runCommand(commands);
