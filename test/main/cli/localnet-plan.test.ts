// The file of a network on one computer: damaged, it is named as such, and nothing is made anew.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { planLocalnet } from '../../../main/cli/localnet-plan.ts';
import { OperatorError } from '../../../main/cli/node-files.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { scratchFolder } from '../../support/store-files.ts';

it.each(['', '{"version":1', '[]', '{"version":2}'])(
  '%j is no plan of this version',
  async (text) => {
    const folder = scratchFolder();
    writeFileSync(path.join(folder, 'localnet.json'), text);
    await expect(planLocalnet(folder, {}, nobleEngine)).rejects.toThrow(OperatorError);
    expect(readdirSync(folder)).toEqual(['localnet.json']);
  },
);
