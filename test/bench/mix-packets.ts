// Adds packets to the file of the mix benchmark, in a process of its own: FOLDER COUNT. Each
// is for the mix and passes on to layer 3; its record also says how it will look when it leaves.
import { closeSync, openSync, writeSync } from 'node:fs';
import { loadCryptoEngine } from '../../main/crypto/choose.ts';
import { systemRandom } from '../../main/system.ts';
import { concatBytes } from '../../shared/bytes.ts';
import { networkUnwrapRules, PACKET_VERSION } from '../../shared/network/packet.ts';
import { FORWARD_DESTINATION, FORWARD_IDENTIFIER } from '../../shared/network/payload.ts';
import { drawBytes, drawExponential } from '../../shared/random.ts';
import { PAYLOAD_SIZE } from '../../shared/sphinx/geometry.ts';
import { createSphinx } from '../../shared/sphinx/packet.ts';
import {
  benchNetwork,
  DELAY_MS_MEAN,
  loadSetup,
  nodeAt,
  PLACES,
  PREFIX_SIZE,
  packetFile,
} from './mix-setup.ts';

const setup = loadSetup(process.argv[2] ?? '.');
const count = Number(process.argv[3]);
const engine = await loadCryptoEngine('native');
const made = benchNetwork(setup, engine);
const sphinx = createSphinx(engine);
const mix = nodeAt(made, PLACES.mix);
const after = nodeAt(made, PLACES.after);
const route = [mix, after].map((node) => ({
  address: node.identity.publicKey,
  publicKey: node.sphinxKeys[0].publicKey,
}));
const file = openSync(packetFile(setup), 'a');
for (let index = 0; index < count; index++) {
  const delayNs = BigInt(Math.round(drawExponential(systemRandom, DELAY_MS_MEAN) * 1e6));
  const ready = sphinx.createHeader({
    route,
    delaysNs: [delayNs, 0n],
    destination: FORWARD_DESTINATION,
    identifier: FORWARD_IDENTIFIER,
    version: PACKET_VERSION,
    random: systemRandom,
  });
  if (ready === null) throw new Error('honest keys make a header');
  const packet = concatBytes(ready.header, drawBytes(systemRandom, PAYLOAD_SIZE));
  const rules = networkUnwrapRules(() => false);
  const unwrapped = sphinx.unwrap(packet, mix.sphinxKeys[0].secretKey, rules);
  if (unwrapped.kind !== 'forward') throw new Error('the mix forwards what was built for it');
  const delay = new Uint8Array(8);
  new DataView(delay.buffer).setBigUint64(0, delayNs);
  writeSync(file, concatBytes(packet, delay, unwrapped.packet.subarray(0, PREFIX_SIZE)));
}
closeSync(file);
