// Checks electron-builder.yml against electron-builder's own schema, without packaging. Uses
// modules that electron-builder keeps to itself, so its version is pinned.
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config.js');
const { DebugLogger } = require('builder-util');

/** Resolves with the configuration, or rejects with what the schema says. */
export async function checkBuilderConfig(changes = {}) {
  const manifest = require(path.join(root, 'package.json'));
  const lazy = { value: Promise.resolve(manifest), hasValue: true };
  const config = await getConfig(root, 'electron-builder.yml', null, lazy);
  await validateConfiguration({ ...config, ...changes }, new DebugLogger(false));
  return config;
}

if (process.argv[1] === import.meta.filename) await checkBuilderConfig();
