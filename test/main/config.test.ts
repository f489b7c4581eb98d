// Configurations: what init writes is what run reads; what is wrong is refused by field.
import { describe, expect, it } from 'vitest';
import {
  CONFIG_SIZE_MAX,
  type NodeRole,
  nodeRoles,
  type ParsedConfig,
  parseConfig,
} from '../../main/config.ts';
import { type TemplateValues, writeConfig } from '../../main/config-template.ts';
import { toBase64url } from '../../shared/bytes.ts';

const template = (role: NodeRole, changes: Partial<TemplateValues> = {}): string =>
  writeConfig({
    role,
    dataDir: 'data',
    network: '../network.json',
    traffic: 'standard',
    listen: { host: '0.0.0.0', port: 4_433 },
    addresses: ['node.example:4433'],
    operator: 'somebody',
    statusPort: 0,
    logLevel: 'info',
    ...changes,
  });

/** The template with fields replaced by JSON values; undefined takes one away. */
function changed(role: NodeRole, changes: Readonly<Record<string, unknown>>): ParsedConfig {
  const plain = template(role).replace(/^\s*\/\/.*$/gm, '');
  const text = JSON.stringify({ ...(JSON.parse(plain) as object), ...changes });
  return parseConfig(role, text, '/etc/eddy');
}

const common = {
  dataDir: '/etc/eddy/data',
  networkFile: '/etc/network.json',
  traffic: 'standard',
  listen: { host: '0.0.0.0', port: 4_433 },
  addresses: ['node.example:4433'],
  operator: 'somebody',
  statusPort: 0,
  logLevel: 'info',
};

describe('the file that init writes', () => {
  it('has a remark for every field, and reads back', () => {
    for (const role of nodeRoles) {
      const text = template(role);
      const names = text.match(/^ {2}"/gm)?.length ?? 0;
      expect(text.match(/^ {2}\/\/ /gm)).toHaveLength(names);
    }
    expect(parseConfig('mix', template('mix'), '/etc/eddy')).toEqual({
      ok: true,
      config: { role: 'mix', ...common, threads: 0 },
    });
    expect(parseConfig('provider', template('provider'), '/etc/eddy')).toEqual({
      ok: true,
      config: {
        role: 'provider',
        ...common,
        threads: 0,
        invites: null,
        retentionMs: 30 * 86_400_000,
      },
    });
    const key = new Uint8Array(32).fill(3);
    const allow = [{ key: toBase64url(key), operator: 'a' }];
    expect(parseConfig('authority', template('authority', { allow }), '/etc/eddy')).toEqual({
      ok: true,
      config: { role: 'authority', ...common, allow: [{ key, operator: 'a' }], layerCount: 3 },
    });
  });
});

describe('a configuration is refused', () => {
  it.each<[NodeRole, string, unknown, string, string]>([
    ['mix', 'role', 'provider', 'mix', 'another word'],
    ['mix', 'dataDir', '', 'text', 'other text'],
    ['mix', 'dataDir', undefined, 'text', 'nothing'],
    ['mix', 'network', 7, 'text', 'a number'],
    ['mix', 'traffic', 'fast', 'demo or standard or low-bandwidth or test', 'another word'],
    ['mix', 'listen', '0.0.0.0:1', 'an object', 'other text'],
    ['mix', 'addresses', 'a.example:1', 'a list', 'other text'],
    ['mix', 'addresses', [], '1 at least', 'none'],
    ['mix', 'addresses', Array.from({ length: 5 }, () => 'a.example:1'), '4 at most', '5'],
    ['mix', 'operator', '', '1 to 32 bytes of printable text', 'other text'],
    ['mix', 'operator', '\ud800', '1 to 32 bytes of printable text', 'other text'],
    ['mix', 'operator', 'ä'.repeat(17), '1 to 32 bytes of printable text', 'other text'],
    ['mix', 'statusPort', 65_536, 'a whole number from 0 to 65535', '65536'],
    ['mix', 'statusPort', -1, 'a whole number from 0 to 65535', '-1'],
    ['mix', 'threads', 65, 'a whole number from 0 to 64', '65'],
    ['provider', 'threads', undefined, 'a whole number from 0 to 64', 'nothing'],
    ['mix', 'logLevel', null, 'debug or info or warn or error', 'null'],
    ['provider', 'registration', 'closed', 'open or invite', 'another word'],
    ['provider', 'invites', ['x'], '32 bytes in base64url', 'other text'],
    ['provider', 'retentionDays', 366, 'a whole number from 1 to 365', '366'],
    ['provider', 'retentionDays', 1.5, 'a whole number from 1 to 365', '1.5'],
    ['authority', 'layers', 4, 'a whole number from 1 to 3', '4'],
    ['authority', 'allow', [1], 'an object', 'a number'],
    ['authority', 'allow', [{ kay: 'AAAA' }], 'key, operator', 'a field it has not got'],
    ['mix', 'listen', { host: 'a', port: 1, at: 2 }, 'host, port', 'a field it has not got'],
    ['authority', 'allow', [{ key: 'AAAA', operator: 'a' }], '32 bytes in base64url', '3 bytes'],
  ])('%s %s %j', (role, field, value, expected, got) => {
    const result = changed(role, { [field]: value });
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.fault.field.startsWith(field)).toBe(true);
    expect([result.fault.expected, result.fault.got]).toEqual([expected, got]);
  });

  it('for a field of a list by its place', () => {
    const result = changed('mix', { addresses: ['a.example:1', 'a.example'] });
    expect(result).toEqual({
      ok: false,
      fault: { field: 'addresses[1]', expected: 'host:port', got: 'other text' },
    });
  });

  it('for a field that it has not got, also one that every object has', () => {
    for (const name of ['invites', 'constructor', '__proto__']) {
      const text = template('mix').replace('"role"', `${JSON.stringify(name)}: 1,\n  "role"`);
      expect(parseConfig('mix', text, '/')).toMatchObject({
        ok: false,
        fault: { field: 'file', got: 'a field it has not got' },
      });
    }
  });

  it('with invites where registration is open', () => {
    const invites = [toBase64url(new Uint8Array(32))];
    expect(changed('provider', { invites })).toMatchObject({ ok: false, fault: { got: '1' } });
    expect(changed('provider', { registration: 'invite', invites })).toMatchObject({
      ok: true,
      config: { invites: [new Uint8Array(32)] },
    });
  });

  it('with traffic that keeps to loopback anywhere else', () => {
    const addresses = ['127.0.0.1:4433'];
    expect(changed('mix', { traffic: 'test', addresses })).toMatchObject({ ok: false });
    const listen = { host: '127.0.0.1', port: 4_433 };
    expect(changed('mix', { traffic: 'test', addresses, listen })).toMatchObject({ ok: true });
    expect(changed('mix', { traffic: 'demo', listen })).toMatchObject({
      ok: false,
      fault: { field: 'addresses', expected: 'loopback, which demo traffic keeps to' },
    });
  });

  it('that is no JSON, no object, or longer than is read', () => {
    for (const text of ['', '{', '[]', '1', ' '.repeat(CONFIG_SIZE_MAX + 1)]) {
      expect(parseConfig('mix', text, '/')).toMatchObject({ ok: false, fault: { field: 'file' } });
    }
    const longest = template('mix').padEnd(CONFIG_SIZE_MAX, ' ');
    expect(parseConfig('mix', longest, '/').ok).toBe(true);
  });
});
