// Runs inside Electron: a worker thread dials one link, as the engine does, sends a frame, and
// prints what it saw as one JSON line. Arguments: port and the hex of the pinned hash.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Links } from '../../main/net/links.ts';
import { monotonicMs, systemRandom } from '../../main/system.ts';
import { fromHex } from '../../shared/bytes.ts';
import { testFrame, testFrameSizes } from '../support/links.ts';

if (isMainThread) {
  const worker = new Worker(process.argv[1] ?? '', { workerData: process.argv.slice(2) });
  worker.on('message', (line: string) => {
    process.stdout.write(`${line}\n`);
    process.exitCode = 0;
    void worker.terminate();
  });
} else {
  const [port, hash] = workerData as string[];
  const peer = 'node:01';
  const links: Links = new Links({
    frameSizes: testFrameSizes,
    key: null,
    listen: null,
    random: systemRandom,
    nowMs: monotonicMs,
    onInput: (input) => {
      if (input.kind === 'link-up') links.send(peer, testFrame(2));
      if (input.kind !== 'frame') return;
      const [link] = links.describe();
      const seen = {
        group: link?.group,
        size: input.frame.length,
        electron: process.versions['electron'],
      };
      parentPort?.postMessage(JSON.stringify(seen));
    },
  });
  const linkKeyHash = fromHex(hash ?? '') ?? new Uint8Array(0);
  links.setNeighbours([{ peer, addresses: [`127.0.0.1:${port}`], linkKeyHash }]);
}
