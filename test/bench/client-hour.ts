// A process of the client's benchmark: CLIENTS. A simulated network with so many clients for an
// hour of virtual time, real packets; at its end, while all of it still runs, it says how much
// memory the process has, and how much of it is in use.
import v8 from 'node:v8';
import vm from 'node:vm';
import { simulate } from '../sim/simulate.ts';

v8.setFlagsFromString('--expose_gc');
const collect = vm.runInNewContext('gc') as () => void;

await simulate({
  seed: 1,
  hours: 1,
  scenario: 'calm',
  codec: 'sphinx',
  traffic: 'standard',
  clients: Number(process.argv[2]),
  onHour: () => {
    // Twice: what the first one frees beside the heap is given back by the second.
    collect();
    collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.stdout.write(`${JSON.stringify({ rssBytes: rss, usedBytes: heapUsed + external })}\n`);
  },
});
