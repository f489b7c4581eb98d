// Records what `health.get` gives in the states of a network, for pictures and tests of pages that
// need an hour of history: `node test/shots/record-health.ts scripts/shots-health.json`. A real
// client role and the engine's own health, in a network on virtual time; only names are chosen.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chooseCryptoEngine } from '../../main/crypto/choose.ts';
import type { Health } from '../../shared/api-health.ts';
import { nodePeer } from '../../shared/network/topology.ts';
import { memoryRoot } from '../support/memory-root.ts';
import { WatchedClient } from '../support/watched-client.ts';

const names = [
  'Heron,Plover,Curlew',
  'Teal,Grebe,Avocet',
  'Dunlin,Wigeon,Rail',
  'Quay,Ferry,Sluice',
].flatMap((layer) => layer.split(','));
const shape = {
  name: 'Tideway',
  mixes: 3,
  providers: 3,
  describe: (index: number) => ({
    operator: names[index] ?? '',
    addresses: [`192.0.2.${index + 1}:7000`],
  }),
};

const [, , file] = process.argv;
if (file === undefined) throw new Error('which file?');
const { engine } = await chooseCryptoEngine();
const folder = mkdtempSync(path.join(memoryRoot, 'eddy-record-'));
const open = (unixOffsetMs = 0) =>
  new WatchedClient(engine, { folder, traffic: 'standard', shape, unixOffsetMs });
const recorded: Record<string, Health> = {};
const keep = async (one: WatchedClient, name: string) => {
  await one.inFlight();
  recorded[name] = await one.get();
  process.stderr.write(`${name}: ${recorded[name].state}\n`);
};
const peerOf = (one: WatchedClient, name: string) => {
  const found = [...one.world.topology.byPeer.values()].find(({ operator }) => operator === name);
  if (found === undefined) throw new Error(`no node: ${name}`);
  return found.peer;
};

const good = open();
good.world.loss.set(peerOf(good, 'Grebe'), 0.09);
await good.pass(20_000);
await keep(good, 'measuring');
await good.pass(19 * 60_000);
good.world.sleep(7 * 60_000);
await good.pass(34 * 60_000);
const bob = good.other();
await good.pass(20_000);
const to = bob.role.address();
if (to === null) throw new Error('the other one has no mailbox');
for (let index = 0; index < 6; index++) good.run.send(to, new Uint8Array(300));
await good.pass(30_000);
good.run.send(to, new Uint8Array(300));
await good.pass(300);
await keep(good, 'good');
for (const name of ['Grebe', 'Teal', 'Avocet']) good.world.loss.set(peerOf(good, name), 0.2);
await good.until('degraded', 1_200_000);
await keep(good, 'degraded');
for (const name of ['Grebe', 'Teal', 'Avocet']) good.world.loss.set(peerOf(good, name), 1);
await good.until('failing', 600_000);
good.run.send(to, new Uint8Array(300));
await good.pass(12_000);
await keep(good, 'failing');
good.world.loss.clear();
const address = good.run.role.address();
if (address === null) throw new Error('the client has no mailbox');
good.world.setUp(nodePeer(address.providerKey), false);
await good.until('offline', 60_000);
await good.pass(12_000);
recorded['offline'] = await good.get();
const wrong = open(-4 * 60_000);
await wrong.pass(20_000);
recorded['clock_wrong'] = await wrong.get();
writeFileSync(file, `${JSON.stringify(recorded, null, 1)}\n`);
rmSync(folder, { recursive: true, force: true });
