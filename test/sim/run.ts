// `npm run -s sim`: one run of the simulator, one JSON line on stdout, exit 1 on a violation. What
// it is doing goes to stderr.
import { parseArgs } from 'node:util';
import { trafficNames } from '../../shared/network/traffic.ts';
import { removeMailboxes } from '../support/provider.ts';
import { SIM_CLIENTS_MAX } from './clients.ts';
import { scenarios } from './scenarios.ts';
import { simulate } from './simulate.ts';

const HOURS_MAX = 24 * 31;

function stop(text: string): never {
  process.stderr.write(`sim: ${text}\n`);
  process.exit(2);
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        hours: { type: 'string', default: '0.1' },
        scenario: { type: 'string', default: 'faults' },
        clients: { type: 'string', default: '0' },
        codec: { type: 'string', default: 'sphinx' },
        traffic: { type: 'string', default: 'standard' },
        json: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    return stop(error instanceof Error ? error.message : 'unknown option');
  }
}

const values = options();
const seed = Number(values.seed);
const hours = Number(values.hours);
const traffic = trafficNames.find((name) => name === values.traffic);
const clients = Number(values.clients);
const { codec, scenario } = values;
if (!Number.isSafeInteger(seed)) stop(`--seed: expected a whole number, got ${values.seed}`);
if (!(hours > 0 && hours <= HOURS_MAX)) stop(`--hours: expected up to 744, got ${values.hours}`);
if (!(Number.isSafeInteger(clients) && clients >= 0 && clients <= SIM_CLIENTS_MAX)) {
  stop(`--clients: expected up to ${SIM_CLIENTS_MAX}, got ${values.clients}`);
}
if (traffic === undefined) stop(`--traffic: expected one of ${trafficNames.join(', ')}`);
if (codec !== 'sphinx' && codec !== 'plain')
  stop(`--codec: expected sphinx or plain, got ${codec}`);
if (!Object.hasOwn(scenarios, scenario)) {
  stop(`--scenario: expected one of ${Object.keys(scenarios).join(', ')}`);
}

process.stderr.write(
  `sim: seed ${seed}, ${hours} h of ${traffic} traffic, ${scenario}, ${codec}\n`,
);
const result = await simulate({ seed, hours, scenario, codec, traffic, clients });
removeMailboxes();
process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
process.exitCode = result.violations.length === 0 ? 0 : 1;
