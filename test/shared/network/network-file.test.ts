// The network file and its link: one set of canonical bytes, and every error with field, expected,
// got.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64url, toUtf8 } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import {
  AUTHORITIES_MAX,
  AUTHORITY_ADDRESSES_MAX,
  canonicalNetworkFile,
  formatNetworkLink,
  NETWORK_FILE_SIZE_MAX,
  type NetworkFile,
  networkHash,
  parseNetworkFile,
  parseNetworkLink,
} from '../../../shared/network/network-file.ts';

const authority = (index: number, addresses = ['127.0.0.1:9000']) => ({
  key: toBase64url(new Uint8Array(32).fill(index)),
  addresses,
});
const plain = {
  name: 'Harbour',
  authorities: [authority(2), authority(1)],
  epoch0UnixMs: 1_700_000_000_000,
};
const parse = (value: unknown) => parseNetworkFile(JSON.stringify(value));

function parsed(value: unknown = plain): NetworkFile {
  const result = parse(value);
  if (!result.ok) throw new Error(`expected a network, got an error in ${result.error.field}`);
  return result.network;
}

describe('a network file', () => {
  it('has one canonical form, in whatever order and spacing it is written', () => {
    const bytes = canonicalNetworkFile(parsed());
    const { name, authorities, epoch0UnixMs } = plain;
    const otherwise = JSON.stringify(
      { epoch0UnixMs, authorities: authorities.toReversed(), name },
      null,
      2,
    );
    const again = parseNetworkFile(otherwise);
    expect(again.ok && canonicalNetworkFile(again.network)).toEqual(bytes);
    expect(networkHash(nobleEngine, parsed())).toHaveLength(8);
    const renamed = networkHash(nobleEngine, parsed({ ...plain, name: 'Haven' }));
    expect(renamed).not.toEqual(networkHash(nobleEngine, parsed()));
  });

  it.each<[string, unknown, string]>([
    ['no object', [], 'file'],
    ['a missing field', { name: 'a', authorities: [] }, 'epoch0UnixMs'],
    ['a field too many', { ...plain, motd: 'hello' }, 'file'],
    ['a prototype key', JSON.parse(`{"__proto__":1,${JSON.stringify(plain).slice(1)}`), 'file'],
    ['no name', { ...plain, name: '' }, 'name'],
    ['a name that is no text', { ...plain, name: 7 }, 'name'],
    ['a long name', { ...plain, name: 'a'.repeat(65) }, 'name'],
    ['a name in spaces', { ...plain, name: ' a' }, 'name'],
    ['a control character', { ...plain, name: 'a\u202eb' }, 'name'],
    ['half a character', { ...plain, name: 'a\ud800' }, 'name'],
    ['a decomposed name', { ...plain, name: 'a\u0308' }, 'name'],
    ['no authority', { ...plain, authorities: [] }, 'authorities'],
    ['no list', { ...plain, authorities: {} }, 'authorities'],
    ['one key twice', { ...plain, authorities: [authority(1), authority(1)] }, 'authorities'],
    [
      'a short key',
      { ...plain, authorities: [{ ...authority(1), key: 'AAAA' }] },
      'authorities[0].key',
    ],
    [
      'a key in hex',
      { ...plain, authorities: [{ ...authority(1), key: '+' }] },
      'authorities[0].key',
    ],
    ['no address', { ...plain, authorities: [authority(1, [])] }, 'authorities[0].addresses'],
    [
      'a bad address',
      { ...plain, authorities: [authority(1, ['x'])] },
      'authorities[0].addresses[0]',
    ],
    ['a time that is text', { ...plain, epoch0UnixMs: '1' }, 'epoch0UnixMs'],
    ['half a millisecond', { ...plain, epoch0UnixMs: 0.5 }, 'epoch0UnixMs'],
    ['a time before 1970', { ...plain, epoch0UnixMs: -1 }, 'epoch0UnixMs'],
  ])('with %s is refused at its field', (_, value, field) => {
    const result = parse(value);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.error.field).toBe(field);
    expect(result.error.expected).not.toBe('');
    expect(result.error.got).not.toBe('');
  });

  it('is read at its limits and refused one past them', () => {
    const many = (count: number) => ({
      ...plain,
      authorities: Array.from({ length: count }, (_, index) => authority(index + 1)),
    });
    expect(parse(many(AUTHORITIES_MAX)).ok).toBe(true);
    expect(parse(many(AUTHORITIES_MAX + 1)).ok).toBe(false);
    const addressed = (count: number) => ({
      ...plain,
      authorities: [
        authority(
          1,
          Array.from({ length: count }, () => '127.0.0.1:1'),
        ),
      ],
    });
    expect(parse(addressed(AUTHORITY_ADDRESSES_MAX)).ok).toBe(true);
    expect(parse(addressed(AUTHORITY_ADDRESSES_MAX + 1)).ok).toBe(false);
    expect(parse({ ...plain, name: 'a'.repeat(64) }).ok).toBe(true);
    const text = JSON.stringify(plain);
    expect(parseNetworkFile(text.padEnd(NETWORK_FILE_SIZE_MAX)).ok).toBe(true);
    expect(parseNetworkFile(text.padEnd(NETWORK_FILE_SIZE_MAX + 1)).ok).toBe(false);
  });

  it('of any text is read or refused', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseNetworkFile(text)));
    fc.assert(fc.property(fc.jsonValue(), (value) => void parse(value)));
  });
});

describe('a network link', () => {
  const link = formatNetworkLink(nobleEngine, parsed());

  it('carries the same content', () => {
    const result = parseNetworkLink(nobleEngine, ` ${link}\n`);
    expect(result).toEqual({ ok: true, network: parsed() });
  });

  it('cut anywhere, or with a character changed, is refused', () => {
    for (let size = 0; size < link.length; size++) {
      expect(parseNetworkLink(nobleEngine, link.slice(0, size)).ok).toBe(false);
    }
    for (let at = 0; at < link.length; at += 7) {
      const other = link[at] === 'A' ? 'B' : 'A';
      const typed = link.slice(0, at) + other + link.slice(at + 1);
      expect(parseNetworkLink(nobleEngine, typed).ok).toBe(false);
    }
    expect(parseNetworkLink(nobleEngine, `eddy:c/${link.slice(7)}`).ok).toBe(false);
    expect(parseNetworkLink(nobleEngine, `${link}${'A'.repeat(20_000)}`).ok).toBe(false);
  });

  it('in another form than the canonical one is refused', () => {
    const spaced = toUtf8(JSON.stringify(plain, null, 1));
    const hash = new Uint8Array(32);
    nobleEngine.sha256(hash, spaced);
    const bytes = new Uint8Array([...spaced, ...hash.subarray(0, 4)]);
    const result = parseNetworkLink(nobleEngine, `eddy:n/${toBase64url(bytes)}`);
    expect(result.ok ? '' : result.error.expected).toBe('the canonical form');
  });
});
