// Waits between attempts at a link, and the addresses that are dialled.
import { expect, it } from 'vitest';
import { parseAddress } from '../../../main/net/address.ts';
import { RECONNECT_MS_MAX, RECONNECT_MS_MIN, reconnectMs } from '../../../main/net/outbound.ts';
import { systemSource } from '../../support/links.ts';

it('waits longer after each failure, never regularly, and never longer than the maximum', () => {
  for (const [failures, whole] of [
    [0, RECONNECT_MS_MIN],
    [1, 2 * RECONNECT_MS_MIN],
    [4, 16 * RECONNECT_MS_MIN],
    [7, RECONNECT_MS_MAX],
    [1_000_000, RECONNECT_MS_MAX],
  ] as const) {
    const waits = Array.from({ length: 200 }, () => reconnectMs(failures, systemSource));
    expect(Math.min(...waits)).toBeGreaterThan(whole / 2);
    expect(Math.max(...waits)).toBeLessThanOrEqual(whole);
    expect(new Set(waits).size).toBeGreaterThan(190);
  }
});

it.each([
  ['127.0.0.1:1', { host: '127.0.0.1', port: 1 }],
  ['node.example:65535', { host: 'node.example', port: 65_535 }],
  ['[::1]:4433', { host: '::1', port: 4_433 }],
  ['node.example', null],
  ['node.example:0', null],
  ['node.example:65536', null],
  ['::1:4433', null],
  ['user@node.example:1', null],
  [`${'a'.repeat(254)}:1`, null],
])('reads %s', (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});
