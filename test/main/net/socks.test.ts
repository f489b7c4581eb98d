// A client's links through a SOCKS5 proxy: the proxy alone is connected to, and it is given names.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SocksProxy } from '../../../main/net/socks.ts';
import { createEnd, endAll, neighbourOf, onLoopback, testFrame } from '../../support/links.ts';
import { endProxies, type ProxyBehaviour, startProxy } from '../../support/socks-proxy.ts';

afterEach(async () => {
  await endAll();
  endProxies();
});
const eventually = (claim: () => void) => vi.waitFor(claim, { timeout: 10_000, interval: 10 });

async function through(
  address: string,
  behaviour: ProxyBehaviour,
  words: Partial<SocksProxy> = {},
) {
  const node = await createEnd({ listen: onLoopback(true) });
  const proxy = await startProxy(node.port, behaviour);
  const client = await createEnd({
    key: null,
    proxy: { host: '127.0.0.1', port: proxy.port, ...words },
  });
  client.links.setNeighbours([{ ...neighbourOf(node), addresses: [address] }]);
  return { node, proxy, client };
}

describe('through a proxy', () => {
  it('names go unresolved, and frames both ways', async () => {
    const { node, proxy, client } = await through('node.invalid:4433', {});
    await eventually(() => expect(client.kinds()).toEqual(['link-up']));
    expect(proxy.asked).toEqual([
      `050100030c${Buffer.from('node.invalid').toString('hex')}${(4433).toString(16)}`,
    ]);
    client.links.send(neighbourOf(node).peer, testFrame(2));
    await eventually(() => expect(node.frames()).toEqual([testFrame(2)]));
    node.links.send('client:0', testFrame(1));
    await eventually(() => expect(client.frames()).toEqual([testFrame(1)]));
  });

  it.each([
    ['127.0.0.2:80', '050100017f0000020050'],
    ['[2001:db8::7]:80', '0501000420010db80000000000000000000000070050'],
    ['[::ffff:1.2.3.4]:80', '0501000400000000000000000000ffff010203040050'],
  ])('%s is asked for as an address', async (address, asked) => {
    const { proxy } = await through(address, {});
    await eventually(() => expect(proxy.asked).toEqual([asked]));
  });

  it.each([
    ['a name', [3, 2, 0x61, 0x62]],
    ['an IPv6 address', [4, ...new Uint8Array(16)]],
  ])('%s as the bound address is read past', async (_, bound) => {
    const { client } = await through('node.invalid:1', { bound });
    await eventually(() => expect(client.kinds()).toEqual(['link-up']));
  });

  it('user and password are given when there are any', async () => {
    const words = { username: 'u', password: 'open' };
    const { client } = await through('node.invalid:1', { password: 'open' }, words);
    await eventually(() => expect(client.kinds()).toEqual(['link-up']));
  });
});

describe('nothing goes around a proxy that', () => {
  it.each<[string, ProxyBehaviour, Partial<SocksProxy>]>([
    ['refuses', { reply: 5 }, {}],
    ['speaks something else', { garbage: true }, {}],
    ['wants a password', { password: 'open' }, {}],
    ['has another password', { password: 'open' }, { username: 'u', password: 'no' }],
    ['answers with an unknown kind of address', { bound: [9, 0, 0, 0, 0] }, {}],
  ])('%s', async (_, behaviour, words) => {
    const { node, client } = await through('localhost:1', behaviour, words);
    const { addresses } = neighbourOf(node);
    client.links.setNeighbours([{ ...neighbourOf(node), addresses }]);
    await eventually(() => expect(client.links.counters.closed.proxy).toBeGreaterThan(0));
    expect([client.kinds(), node.kinds()]).toEqual([[], []]);
    expect(client.links.counters.closed.unreachable).toBe(0);
  });

  it('is not there', async () => {
    const node = await createEnd({ listen: onLoopback(true) });
    const client = await createEnd({ key: null, proxy: { host: '127.0.0.1', port: 1 } });
    client.links.setNeighbours([neighbourOf(node)]);
    await eventually(() => expect(client.links.counters.closed.proxy).toBeGreaterThan(1));
    expect(node.kinds()).toEqual([]);
  });
});
