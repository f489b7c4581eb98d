// A user without a window: the contract of shared/api.ts as JSON lines on stdin and stdout.
// Ends when stdin ends, on SIGINT and on SIGTERM.

import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type EventFrame, isRefusal, parseRequestText, type Reply } from '../../shared/api.ts';
import { createEngine } from '../engine/engine.ts';
import { createLog } from '../log.ts';
import { eddyVersion } from '../version.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) {
  process.stderr.write('engine: --data DIR is needed: the folder of this user\n');
  process.exit(2);
}

const write = (frame: Reply | EventFrame) => process.stdout.write(`${JSON.stringify(frame)}\n`);
const engine = createEngine({
  profileDir: path.resolve(values.data),
  version: eddyVersion,
  nativeBinding: process.env['EDDY_SQLITE_BINDING'],
  log: createLog('info'),
  emit: (event, value) => write({ event, value }),
});
write({ event: 'engine', value: { state: 'running', reason: null } });

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const request = parseRequestText(line);
  if (isRefusal(request)) write(request);
  else void engine.handle(request).then(write);
});
const end = () => {
  engine.close();
  process.exit(0);
};
lines.on('close', end);
process.on('SIGINT', end);
process.on('SIGTERM', end);
