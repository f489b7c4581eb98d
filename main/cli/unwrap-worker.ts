// A worker thread of a node: unwraps batches of packets with the keys it is given. It checks no
// replay and counts nothing; both are the role's, in the node's own thread.
import { parentPort } from 'node:worker_threads';
import { wipe } from '../../shared/bytes.ts';
import { networkUnwrapRules } from '../../shared/network/packet.ts';
import { createSphinx } from '../../shared/sphinx/packet.ts';
import { chooseCryptoEngine } from '../crypto/choose.ts';
import { type FromUnwrapWorker, type ToUnwrapWorker, UnwrapBatch } from '../net/unwrap-records.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');
const say = (message: FromUnwrapWorker, transfer: ArrayBuffer[] = []) => {
  port.postMessage(message, transfer);
};
const { engine } = await chooseCryptoEngine();
const sphinx = createSphinx(engine);
const keys = new Map<number, Uint8Array>();
/** The engines take no shared memory. */
const privateKey = new Uint8Array(32);

function unwrapAll(batch: UnwrapBatch, count: number): void {
  for (let index = 0; index < count; index++) {
    const { epoch, packet } = batch.job(index);
    const key = keys.get(epoch);
    let replayTag: Uint8Array | null = null;
    const rules = networkUnwrapRules((tag) => {
      replayTag = tag;
      return false;
    });
    if (key !== undefined) privateKey.set(key);
    const outcome =
      key === undefined ? { kind: 'lost' as const } : sphinx.unwrap(packet, privateKey, rules);
    batch.putResult(index, { replayTag, outcome });
  }
  wipe(privateKey);
}

port.on('message', (message: ToUnwrapWorker) => {
  switch (message.kind) {
    case 'key':
      keys.set(message.epoch, new Uint8Array(message.key));
      return;
    case 'key-gone':
      keys.delete(message.epoch);
      return;
    case 'batch': {
      const batch = new UnwrapBatch(message.buffer);
      unwrapAll(batch, message.count);
      say({ kind: 'batch', buffer: batch.buffer, count: message.count }, [batch.buffer]);
    }
  }
});
say({ kind: 'ready' });
