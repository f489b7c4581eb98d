// Which network a profile was asked to join, and whether it is a demo network.
import { describe, expect, it } from 'vitest';
import {
  DEMO_NETWORK_NAME,
  isDemoNetwork,
  parseNetworkText,
} from '../../../main/engine/joined-network.ts';
import { fromUtf8 } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import {
  canonicalNetworkFile,
  formatNetworkLink,
  type NetworkFile,
} from '../../../shared/network/network-file.ts';

const network = (name: string, addresses: readonly string[]): NetworkFile => ({
  name,
  authorities: [{ key: new Uint8Array(32).fill(7), addresses }],
  epoch0UnixMs: 1_700_000_000_000,
});
const demo = network(DEMO_NETWORK_NAME, ['127.0.0.1:20001']);
const fault = (text: string) => {
  const parsed = parseNetworkText(nobleEngine, text);
  return parsed.ok ? null : parsed.error;
};

describe('a demo network', () => {
  it('has the name, and authorities on this computer alone', () => {
    expect(isDemoNetwork(demo)).toBe(true);
    expect(isDemoNetwork(network('Demo', ['127.0.0.1:20001']))).toBe(false);
    const elsewhere = ['127.0.0.1:20001', '192.0.2.7:20001'];
    expect(isDemoNetwork(network(DEMO_NETWORK_NAME, elsewhere))).toBe(false);
  });
});

describe('the text of a network', () => {
  it('is a file or a link', () => {
    const texts = [fromUtf8(canonicalNetworkFile(demo)), formatNetworkLink(nobleEngine, demo)];
    for (const text of texts) {
      expect(parseNetworkText(nobleEngine, ` ${text}\n`)).toEqual({ ok: true, network: demo });
    }
  });
  it('says what it is not', () => {
    expect(fault('eddy:c/abc')).toMatchObject({ field: 'link', got: 'eddy:c/' });
    expect(fault('hello')).toMatchObject({ field: 'file', expected: 'JSON' });
    const cut = formatNetworkLink(nobleEngine, demo).slice(0, -4);
    expect(fault(cut)).toMatchObject({ field: 'link', got: expect.stringContaining('a part') });
  });
});
