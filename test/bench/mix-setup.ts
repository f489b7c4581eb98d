// What the processes of the mix benchmark share: a folder with link keys, and the network that
// follows from it. The measured mix is that of layer 2; one process plays layer 1 before it and
// layer 3 after.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type LinkKey, loadLinkKey } from '../../main/net/certificate.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { frameSizeOfByte } from '../../shared/network/frame-sizes.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import { PACKET_SIZE } from '../../shared/sphinx/geometry.ts';
import { makeBody, makeNetwork, signBody, type TestNetwork } from '../support/network.ts';

export type Setup = {
  readonly folder: string;
  readonly ports: readonly number[];
  readonly epoch0UnixMs: number;
};
export const PLACES = { before: 0, mix: 1, after: 2, provider: 3 } as const;
export const traffic = trafficSets.demo;
export const frameSizes = (kind: number) => frameSizeOfByte(kind, traffic.pullMailCount);

/** Mean of the delays in the headers. */
export const DELAY_MS_MEAN = 20;
/** Packet, its delay in ns, the first bytes of what the mix makes of it. */
export const PREFIX_SIZE = 16;
export const RECORD_SIZE = PACKET_SIZE + 8 + PREFIX_SIZE;

export function saveSetup(setup: Setup): void {
  writeFileSync(path.join(setup.folder, 'setup.json'), JSON.stringify(setup));
}

export function loadSetup(folder: string): Setup {
  return JSON.parse(readFileSync(path.join(folder, 'setup.json'), 'utf8')) as Setup;
}

export function packetFile({ folder }: Setup): string {
  return path.join(folder, 'packets');
}

export function linkKeyAt(setup: Setup, place: number): LinkKey {
  return loadLinkKey(path.join(setup.folder, `link-${place}.pem`));
}

export function benchNetwork(setup: Setup, engine: CryptoEngine): TestNetwork {
  return makeNetwork({
    seed: 'bench mix',
    engine,
    mixes: 1,
    providers: 1,
    epoch0UnixMs: setup.epoch0UnixMs,
    describe: (index) => ({
      linkKeyHash: linkKeyAt(setup, index).hash,
      addresses: [`127.0.0.1:${setup.ports[index] ?? 1}`],
    }),
  });
}

export function benchDocument(made: TestNetwork): Uint8Array {
  return signBody(made, makeBody(made, { traffic: traffic.name }));
}

export function nodeAt(made: TestNetwork, place: number) {
  const node = made.nodes[place];
  if (node === undefined) throw new Error('the network has a node in every place');
  return node;
}
