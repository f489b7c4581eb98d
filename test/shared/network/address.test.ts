// Addresses, of mailboxes and of nodes: each wrong one is told apart from the others.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import {
  decodeMailboxAddress,
  encodeMailboxAddress,
  formatMailboxAddress,
  type MailboxAddress,
  mailboxOf,
  parseMailboxAddress,
} from '../../../shared/network/address.ts';
import {
  isLoopbackAddress,
  NODE_ADDRESS_SIZE_MAX,
  parseNodeAddress,
} from '../../../shared/network/node-address.ts';

const part = (size: number) =>
  fc
    .uint8Array({ minLength: size, maxLength: size })
    .filter((bytes) => bytes.some((byte) => byte !== 0));
const addresses: fc.Arbitrary<MailboxAddress> = fc.record({
  networkHash: part(8),
  providerKey: part(32),
  mailbox: part(16),
  token: part(16),
  mailboxKey: part(32),
});
const [address] = fc.sample(addresses, { numRuns: 1, seed: 4 });
if (address === undefined) throw new Error('a sample has one address');

describe('the address of a mailbox', () => {
  it('comes back from its text', () => {
    fc.assert(
      fc.property(addresses, (any) => {
        const text = formatMailboxAddress(any);
        expect(text).toHaveLength(139);
        expect(parseMailboxAddress(text, any.networkHash)).toEqual({ ok: true, address: any });
      }),
      { numRuns: 50 },
    );
  });

  it('is refused by name: cut, too long, foreign, other characters, empty', () => {
    const text = formatMailboxAddress(address);
    const parse = (any: string) => parseMailboxAddress(any, address.networkHash);
    expect(parse(text.slice(0, -1))).toEqual({ ok: false, reason: 'truncated' });
    expect(parse('')).toEqual({ ok: false, reason: 'truncated' });
    expect(parse(`${text}A`)).toEqual({ ok: false, reason: 'too_long' });
    expect(parse(`${text.slice(0, -1)}+`)).toEqual({ ok: false, reason: 'not_base64url' });
    expect(parse(`${text} `)).toEqual({ ok: false, reason: 'not_base64url' });
    expect(parseMailboxAddress(text, new Uint8Array(8))).toEqual({
      ok: false,
      reason: 'foreign_network',
    });
    for (const [field, size] of [
      ['providerKey', 32],
      ['mailbox', 16],
      ['mailboxKey', 32],
    ] as const) {
      const empty = formatMailboxAddress({ ...address, [field]: new Uint8Array(size) });
      expect(parse(empty)).toEqual({ ok: false, reason: 'empty_field' });
    }
  });

  it('has one text: the last character carries no spare bits', () => {
    const text = formatMailboxAddress(address);
    const read = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      .split('')
      .filter((last) => parseMailboxAddress(text.slice(0, -1) + last, address.networkHash).ok);
    expect(read).toHaveLength(16);
  });

  it('of any other length is refused, and no bytes are thrown at', () => {
    const bytes = encodeMailboxAddress(address);
    expect(decodeMailboxAddress(bytes.subarray(1), address.networkHash).ok).toBe(false);
    expect(decodeMailboxAddress(new Uint8Array(105), address.networkHash).ok).toBe(false);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseMailboxAddress(text, address.networkHash).ok).toBe(false);
      }),
    );
  });
});

it('a mailbox follows from its key, and another key has another', () => {
  const key = new Uint8Array(32).fill(1);
  expect(mailboxOf(nobleEngine, key)).toHaveLength(16);
  expect(mailboxOf(nobleEngine, key)).toEqual(mailboxOf(nobleEngine, key));
  expect(mailboxOf(nobleEngine, new Uint8Array(32))).not.toEqual(mailboxOf(nobleEngine, key));
});

describe('the address of a node', () => {
  it.each([
    ['127.0.0.1:1', '127.0.0.1', 1],
    ['mix.example.org:65535', 'mix.example.org', 65_535],
    ['[::1]:7000', '::1', 7_000],
    ['[2001:db8::1:2]:443', '2001:db8::1:2', 443],
    ['[::ffff:10.0.0.1]:443', '::ffff:10.0.0.1', 443],
    ['localhost:80', 'localhost', 80],
  ])('%s is read', (text, host, port) => {
    expect(parseNodeAddress(text)).toEqual({ ok: true, address: { host, port } });
  });

  it.each([
    ['', 'address_host'],
    [':1', 'address_host'],
    ['256.0.0.1:1', 'address_host'],
    ['1.2.3:1', 'address_host'],
    ['01.2.3.4:1', 'address_host'],
    ['Mix.example.org:1', 'address_host'],
    ['-a.org:1', 'address_host'],
    ['a..org:1', 'address_host'],
    ['::1:7000', 'address_host'],
    ['[::1::2]:1', 'address_host'],
    ['[1:2:3:4:5:6:7]:1', 'address_host'],
    ['[1:2:3:4:5:6:7:8:9]:1', 'address_host'],
    ['[12345::]:1', 'address_host'],
    ['[::300.0.0.1]:1', 'address_host'],
    ['[1.2.3.4::]:1', 'address_host'],
    ['user@host:1', 'address_host'],
    ['host/path:1', 'address_host'],
    ['host', 'address_port'],
    ['host:', 'address_port'],
    ['host:0', 'address_port'],
    ['host:65536', 'address_port'],
    ['host:080', 'address_port'],
    ['host:1e3', 'address_port'],
  ])('%s is refused', (text, reason) => {
    expect(parseNodeAddress(text)).toEqual({ ok: false, reason });
  });

  it('is bounded in length', () => {
    const label = 'a'.repeat(60);
    const host = `${label}.${label}.aa`;
    expect(`${host}:1234`).toHaveLength(NODE_ADDRESS_SIZE_MAX + 1);
    expect(parseNodeAddress(`${host}:123`).ok).toBe(true);
    expect(parseNodeAddress(`${host}:1234`)).toEqual({ ok: false, reason: 'address_too_long' });
  });

  it('is loopback only where it can lead nowhere else', () => {
    const loopback = ['127.0.0.1:1', '127.255.0.9:1', '[::1]:1', 'localhost:1'];
    expect(loopback.every(isLoopbackAddress)).toBe(true);
    const others = ['128.0.0.1:1', '127.example.org:1', 'localhost.example.org:1', '[::2]:1', ''];
    expect(others.some(isLoopbackAddress)).toBe(false);
    expect(isLoopbackAddress('127.0.0.1')).toBe(false);
    expect(isLoopbackAddress('0.0.0.0:1')).toBe(false);
  });
});
