// Doors (doors.ts) for what lies on a disk: keys, spools, configurations, plans, states, vector
// files. What has no other parser than one that reads files gets files, and fewer of them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseWindowState, STATE_LENGTH_MAX } from '../../main/app/window-state.ts';
import { parsePlan } from '../../main/cli/localnet-plan.ts';
import { checkFile } from '../../main/cli/vector-check.ts';
import { parseVectorFile } from '../../main/cli/vector-file.ts';
import {
  ADDRESSES_MAX,
  CONFIG_SIZE_MAX,
  type NodeRole,
  nodeRoles,
  parseConfig,
} from '../../main/config.ts';
import { writeConfig } from '../../main/config-template.ts';
import { createLinkKey, loadLinkKey } from '../../main/net/certificate.ts';
import { parseInstance } from '../../main/shell/instance.ts';
import { openEpochKeyFiles } from '../../main/store/epoch-key-store.ts';
import { loadIdentity } from '../../main/store/identity-file.ts';
import {
  type KeySlot,
  masterOfPlain,
  parseKeyFile,
  sealStoreKey,
  storeKeysOf,
} from '../../main/store/key-file.ts';
import { decodeSpool, readSpool, type SpoolWrite, startSpool } from '../../main/store/spool.ts';
import { StoreError } from '../../main/store/store-error.ts';
import { KEY_FILE_SIZE_MAX, parseStoreKey } from '../../main/store/store-key.ts';
import { toBase64url, toUtf8 } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { parseNodeAddress } from '../../shared/network/node-address.ts';
import { isTrafficAllowed } from '../../shared/network/traffic.ts';
import { drawBytes } from '../../shared/random.ts';
import { type Door, door, taken, textOf } from './doors.ts';
import { memoryRoot } from './memory-root.ts';
import { agreementKey } from './network.ts';
import { seededRandom } from './random.ts';

/** Where each input is written to files, and read from them. */
const FILES_MAX = 5_000;
/** Where each that is taken is a packet made anew. */
const VECTORS_MAX = 20_000;
const json = (value: unknown) => toUtf8(JSON.stringify(value));

/** `folder` is this run's alone; files of one input are in the place of those before. */
export function fileDoors(engine: CryptoEngine, folder: string): readonly Door[] {
  return [
    ...nodeRoles.map(configDoor),
    ...keyFileDoors(engine),
    spoolDoor(engine),
    ...stateDoors(),
    ...vectorDoors(engine),
    ...keyFolderDoors(engine, folder),
  ];
}

/** A folder for `fileDoors`, and what removes it. */
export function doorsFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(memoryRoot, 'eddy-doors-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function configDoor(role: NodeRole): Door {
  const template = writeConfig({
    role,
    dataDir: 'data',
    network: '../network.json',
    traffic: 'standard',
    listen: { host: '0.0.0.0', port: 4_433 },
    addresses: ['node.example:4433', '[2001:db8::7]:443'],
    operator: 'somebody',
    statusPort: 0,
    logLevel: 'info',
    allow: [{ key: toBase64url(new Uint8Array(32).fill(7)), operator: 'mix-1' }],
  });
  const fields = JSON.parse(template.replaceAll(/^\s*\/\/.*$/gm, '')) as object;
  const demo = { ...fields, traffic: 'demo', listen: { host: '127.0.0.1', port: 1 } };
  const invites = [toBase64url(new Uint8Array(32))];
  const valid = [
    { ...fields, ...(role === 'provider' ? { registration: 'invite', invites } : {}) },
    { ...demo, addresses: ['127.0.0.1:1'], statusPort: null },
  ];
  const parse = (input: Uint8Array) => {
    const parsed = parseConfig(role, textOf(input), '/etc/eddy');
    if (!parsed.ok) return null;
    const { config } = parsed;
    const { host, port } = config.listen;
    const listen = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    const isRight =
      config.role === role &&
      path.isAbsolute(config.dataDir) &&
      config.addresses.length >= 1 &&
      config.addresses.length <= ADDRESSES_MAX &&
      config.addresses.every((address) => parseNodeAddress(address).ok) &&
      isTrafficAllowed(config.traffic, [...config.addresses, listen]) &&
      [port, config.statusPort ?? 0].every((one) => one >= 0 && one <= 65_535);
    return taken(input, isRight);
  };
  // The commented form is no JSON: changed as text alone, by the door of mixes.
  const own = role === 'mix' ? [...valid.map(json), json(fields)] : valid.map(json);
  return door(`configuration of a ${role}`, own, parse, {
    isJson: true,
    sizeMax: CONFIG_SIZE_MAX,
    pieces: ['\n//', '\n // x\n', '\ufeff', '"role":'].map(toUtf8),
  });
}

/** Null for what is documented to be thrown. */
function unlessStoreError(input: Uint8Array, read: () => boolean): Uint8Array | null {
  try {
    return taken(input, read());
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

function keyFileDoors(engine: CryptoEngine): Door[] {
  const random = seededRandom('key files');
  const base64 = (size: number) => Buffer.from(drawBytes(random, size)).toString('base64');
  const master = drawBytes(random, 32);
  const ring = { engine, random, file: '' };
  const store = sealStoreKey(ring, master, drawBytes(random, 32));
  const plain: KeySlot = { kind: 'plain', key: Buffer.from(master).toString('base64') };
  const slots: KeySlot[] = [
    { kind: 'keychain', wrapped: base64(48) },
    { kind: 'passphrase', salt: base64(16), memoryKiB: 65_536, passes: 3, sealed: base64(72) },
  ];
  const files = [
    { version: 2, slots: [plain], store, next: null },
    { version: 2, slots: [...slots, plain], store, next: store },
    { version: 1, slots: [plain] },
  ];
  const more = { isJson: true, sizeMax: KEY_FILE_SIZE_MAX };
  return [
    door(
      'keys of a profile',
      files.map(json),
      (input) =>
        unlessStoreError(input, () => {
          const parsed = parseKeyFile(textOf(input));
          if (parsed.version === 1) return true;
          const isBounded = parsed.slots.length >= 1 && parsed.slots.length <= 8;
          const found = masterOfPlain(parsed);
          if (found !== null) storeKeysOf(engine, parsed, found);
          return isBounded && isDeepStrictEqual(parsed, JSON.parse(textOf(input)));
        }),
      more,
    ),
    door(
      'key of a store',
      [json({ version: 1, slots: [plain] })],
      (input) =>
        unlessStoreError(input, () => {
          const key = parseStoreKey(textOf(input));
          const text = Buffer.from(key).toString('base64');
          return key.length === 32 && textOf(input).replaceAll('\\', '').includes(text);
        }),
      more,
    ),
  ];
}

/** Whatever the file says, only steps that were written come back, in order and from the first. */
function spoolDoor(engine: CryptoEngine): Door {
  const pair = agreementKey(seededRandom('spool'), engine);
  const steps: SpoolWrite[][] = [
    [['setState', 1, 'in_mix']],
    [['addPart', { messageId: toUtf8('heron'), size: 2 ** 40, isLast: true, partial: null }]],
    [['acknowledged', 12, 0]],
  ];
  const { folder, remove } = doorsFolder();
  const file = path.join(folder, 'spool');
  const spool = startSpool(engine, seededRandom('ephemeral'), file, pair.publicKey);
  for (const step of steps) spool.append(step);
  spool.close();
  const valid = new Uint8Array(readFileSync(file));
  const whole = readSpool(engine, file, pair);
  remove();
  return door('spool', [valid], (input) => {
    const read = decodeSpool(engine, input, pair);
    if (read.steps.length === 0) return null;
    const isFirst = isDeepStrictEqual(read.steps, whole?.steps.slice(0, read.steps.length));
    return taken(input, isFirst && read.steps.length <= steps.length);
  });
}

function stateDoors(): Door[] {
  const bounds = { x: -40, y: 0, width: 1_280, height: 832 };
  const states = [
    { bounds, isMaximized: false, theme: 'dark' },
    { bounds: { width: 900, height: 700 }, isMaximized: true, theme: 'system' },
  ];
  const node = { name: 'mix-1', role: 'mix', port: 20_001, statusPort: 20_002 };
  const shape = { version: 1, layers: 3, mixes: 2, providers: 2, traffic: 'demo' };
  const instances = [{ port: 40_123, secret: 'A'.repeat(43) }];
  const same = (
    name: string,
    values: readonly object[],
    parse: (text: string) => unknown,
    sizeMax?: number,
  ) =>
    door(
      name,
      values.map(json),
      (input) => {
        const read = parse(textOf(input));
        return read === null
          ? null
          : taken(input, isDeepStrictEqual(read, JSON.parse(textOf(input))));
      },
      { isJson: true, ...(sizeMax === undefined ? {} : { sizeMax }) },
    );
  return [
    same('state of the window', states, parseWindowState, STATE_LENGTH_MAX),
    same('plan of a local network', [{ ...shape, nodes: [node, node] }], parsePlan),
    same('instance of the browser shell', instances, parseInstance),
  ];
}

/** Three vectors of the real file, and what checking makes of them when they were changed. */
function vectorDoors(engine: CryptoEngine): Door[] {
  const file = new URL('../vectors/nym-sphinx.json', import.meta.url);
  const whole = parseVectorFile(readFileSync(file, 'utf8'));
  if (typeof whole === 'string') throw new Error(whole);
  const kinds = [...new Set(whole.vectors.map(({ kind }) => kind))];
  const some = kinds.flatMap((kind) => whole.vectors.find((one) => one.kind === kind) ?? []);
  const valid = some.map((vector) =>
    json({
      format: 'nym-sphinx-vectors',
      schema: 1,
      counts: { [vector.kind]: 1 },
      vectors: [vector],
    }),
  );
  return [
    door(
      'vector file',
      valid,
      (input) => {
        const read = parseVectorFile(textOf(input));
        if (typeof read === 'string') return null;
        const ids = new Set(read.vectors.map(({ id }) => id));
        return taken(input, ids.size === read.vectors.length);
      },
      { isJson: true, inputsMax: 10 * VECTORS_MAX },
    ),
    door(
      'vectors, checked',
      valid,
      (input) => {
        const read = parseVectorFile(textOf(input));
        if (typeof read === 'string') return null;
        const report = checkFile(read, [engine]);
        return report.failed > 0 ? null : taken(input, report.passed <= read.vectors.length);
      },
      { isJson: true, inputsMax: VECTORS_MAX },
    ),
  ];
}

function keyFolderDoors(engine: CryptoEngine, folder: string): Door[] {
  const random = seededRandom('folder');
  const seedFile = path.join(folder, 'identity.key');
  const pemFile = path.join(folder, 'link.key');
  const mode = { mode: 0o600 };
  const more = { inputsMax: FILES_MAX };
  return [
    door(
      'identity of a node',
      [drawBytes(random, 32)],
      (input) => {
        writeFileSync(seedFile, input, mode);
        return unlessNamed('identity key: ', () => {
          const { secretKey } = loadIdentity(seedFile, engine, random);
          return secretKey.slice(0, 32);
        });
      },
      more,
    ),
    door(
      'link key of a node',
      [toUtf8(createLinkKey().keyPem)],
      (input) => {
        writeFileSync(pemFile, input, mode);
        return unlessNamed('link key: ', () =>
          taken(input, loadLinkKey(pemFile).hash.length === 32),
        );
      },
      more,
    ),
    epochKeysDoor(path.join(folder, 'epochs')),
  ];
}

/** The other errors are documented for each of these files. */
function unlessNamed(prefix: string, read: () => Uint8Array): Uint8Array | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(prefix)) return null;
    throw error;
  }
}

const BOOT = 'b0b0b0b0';
const LAST_RUN_SIZE = `boot ${BOOT}`.length;
const KEY_SIZE = 32;
const TAG_SIZE = 16;

/** The last run, a key and its tags in one input; the key's size is in its first byte. */
function epochKeysDoor(folder: string): Door {
  const random = seededRandom('epochs');
  const lastRuns = [`boot ${BOOT}`, 'orderly      ', 'running      '];
  const valid = lastRuns.map((lastRun) => {
    const rest = Buffer.from(drawBytes(random, KEY_SIZE + 3 * TAG_SIZE));
    return new Uint8Array(Buffer.concat([Uint8Array.of(KEY_SIZE), Buffer.from(lastRun), rest]));
  });
  return door(
    'epoch keys of a node',
    valid,
    (input) => {
      const keySize = input[0] ?? 0;
      const lastRun = Buffer.from(input.subarray(1, 1 + LAST_RUN_SIZE))
        .toString('latin1')
        .trim();
      const key = input.subarray(1 + LAST_RUN_SIZE, 1 + LAST_RUN_SIZE + keySize);
      const tags = input.subarray(1 + LAST_RUN_SIZE + keySize);
      rmSync(folder, { recursive: true, force: true });
      openEpochKeyFiles(folder, BOOT).close();
      writeFileSync(path.join(folder, 'last-run'), lastRun);
      writeFileSync(path.join(folder, 'epoch-7.key'), key);
      writeFileSync(path.join(folder, 'epoch-7.tags'), tags);
      const files = openEpochKeyFiles(folder, BOOT);
      const loaded = files.load();
      files.close();
      const isTrusted = lastRun === 'orderly' || lastRun === `boot ${BOOT}`;
      const isRight = loaded.every(
        (one) =>
          one.epoch === 7 &&
          one.privateKey.length === KEY_SIZE &&
          one.tags.length === tags.length - (tags.length % TAG_SIZE),
      );
      if (loaded.length === 0)
        return isTrusted && key.length === KEY_SIZE ? taken(input, false) : null;
      return taken(input, isTrusted && isRight);
    },
    { inputsMax: FILES_MAX },
  );
}
