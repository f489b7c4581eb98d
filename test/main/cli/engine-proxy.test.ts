// The engine's `--proxy`: every connection goes through it, and none around it where it refuses.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { canonicalNetworkFile } from '../../../shared/network/network-file.ts';
import { makeNetwork } from '../../support/network.ts';
import { endProxies, type ProxyBehaviour, startProxy } from '../../support/socks-proxy.ts';
import { scratchFolder } from '../../support/store-files.ts';

const entry = path.resolve(import.meta.dirname, '../../../main/cli/engine.ts');
const PATIENT = { timeout: 50_000, interval: 20 };
afterEach(endProxies);

/** An engine whose network has one authority, which notes who connects; and a proxy. */
async function startThrough(behaviour: ProxyBehaviour) {
  let connections = 0;
  const authority = net.createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    socket.destroy();
  });
  onTestFinished(() => void authority.close());
  await new Promise<void>((resolve) => authority.listen(0, '127.0.0.1', resolve));
  const { port } = authority.address() as net.AddressInfo;
  const proxy = await startProxy(port, behaviour);
  const { network } = makeNetwork();
  const folder = scratchFolder();
  const file = path.join(folder, 'network.json');
  const authorities = network.authorities.map((one) => ({
    ...one,
    addresses: [`127.0.0.1:${port}`],
  }));
  writeFileSync(file, canonicalNetworkFile({ ...network, authorities }));
  const args = ['--data', folder, '--network', file, '--proxy', `127.0.0.1:${proxy.port}`];
  const engine = spawn(process.execPath, [entry, ...args], { stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => void engine.kill('SIGKILL'));
  return { proxy, port, connections: () => connections };
}

describe('an engine with --proxy', () => {
  it('connects through it', async () => {
    const { proxy, port, connections } = await startThrough({});
    await vi.waitFor(() => expect(connections()).toBeGreaterThan(1), PATIENT);
    expect(connections()).toBeLessThanOrEqual(proxy.asked.length);
    const wanted = `050100017f000001${port.toString(16).padStart(4, '0')}`;
    expect(new Set(proxy.asked)).toEqual(new Set([wanted]));
  });

  it('connects to nobody where it refuses', async () => {
    const { proxy, connections } = await startThrough({ reply: 5, passes: false });
    await vi.waitFor(() => expect(proxy.asked.length).toBeGreaterThan(2), PATIENT);
    expect(connections()).toBe(0);
  });
});
