// Links between honest ends on loopback: pinning, groups, neighbours, reconnecting.
import { constants } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Neighbour } from '../../../main/mixnet/role.ts';
import { createLinkKey, linkKeyHash, loadLinkKey } from '../../../main/net/certificate.ts';
import { createLinkTls } from '../../../main/net/tls.ts';
import { toHex } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import {
  createEnd,
  endAll,
  neighbourOf,
  onLoopback,
  peerOf,
  type TestEnd,
  testFrame,
} from '../../support/links.ts';

afterEach(endAll);

const eventually = (claim: () => void) => vi.waitFor(claim, { timeout: 10_000, interval: 10 });

async function pair() {
  const a = await createEnd();
  const b = await createEnd({ listen: onLoopback(false) });
  b.links.setNeighbours([neighbourOf(a, false)]);
  a.links.setNeighbours([neighbourOf(b)]);
  await eventually(() => expect([a.kinds(), b.kinds()]).toEqual([['link-up'], ['link-up']]));
  return { a, b };
}

describe('two nodes', () => {
  it('know each other by pinned keys and exchange whole frames both ways', async () => {
    const { a, b } = await pair();
    expect(b.inputs).toEqual([{ kind: 'link-up', peer: peerOf(a) }]);
    expect(a.links.send(peerOf(b), testFrame(2))).toBe('sent');
    expect(a.links.send(peerOf(b), testFrame(1))).toBe('sent');
    expect(b.links.send(peerOf(a), testFrame(1, 9))).toBe('sent');
    await eventually(() => expect(b.frames()).toEqual([testFrame(2), testFrame(1)]));
    await eventually(() => expect(a.frames()).toEqual([testFrame(1, 9)]));
  });

  it('agree on the hybrid group, and the end that dialled says so', async () => {
    const { a, b } = await pair();
    expect(a.links.describe()).toEqual([
      { peer: expect.stringMatching(/^node:/), isInbound: false, group: 'X25519MLKEM768' },
    ]);
    expect(a.links.outboundGroups()).toEqual({ x25519mlkem768: 1, x25519: 0, other: 0 });
    expect(b.links.outboundGroups()).toEqual({ x25519mlkem768: 0, x25519: 0, other: 0 });
  });

  it('write each frame as one TLS record at once', async () => {
    const { a, b } = await pair();
    const before = b.links.counters.bytesReceived;
    for (let count = 0; count < 5; count++) a.links.send(peerOf(b), testFrame(2));
    await eventually(() => expect(b.frames()).toHaveLength(5));
    // Header 5, content type 1, tag 16.
    expect(b.links.counters.bytesReceived - before).toBe(5 * (2_416 + 22));
  });

  it('tell the truth about a frame that has no link', async () => {
    const a = await createEnd();
    expect(a.links.send('node:00', testFrame(1))).toBe('no-link');
    expect(a.links.counters.all()).toMatchObject({
      link_frames_lost_no_link: 1,
      link_frames_sent: 0,
    });
  });
});

describe('a key that is not pinned', () => {
  it('is refused by the end that dials, before a frame', async () => {
    const a = await createEnd();
    const b = await createEnd({ listen: onLoopback(true) });
    a.links.setNeighbours([{ ...neighbourOf(b), linkKeyHash: createLinkKey().hash }]);
    await eventually(() => expect(a.links.counters.closed['wrong-key']).toBeGreaterThan(0));
    expect(a.kinds()).toEqual([]);
  });

  it('is refused by a node that takes no strangers, shown or not', async () => {
    const b = await createEnd({ listen: onLoopback(false) });
    const stranger = await createEnd();
    const client = await createEnd({ key: null });
    stranger.links.setNeighbours([neighbourOf(b)]);
    client.links.setNeighbours([neighbourOf(b)]);
    await eventually(() => expect(b.links.counters.closed.stranger).toBeGreaterThanOrEqual(2));
    expect(b.kinds()).toEqual([]);
  });

  it('is as good as none at a node that takes anonymous peers', async () => {
    const b = await createEnd({ listen: onLoopback(true) });
    const client = await createEnd({ key: null });
    client.links.setNeighbours([neighbourOf(b)]);
    await eventually(() => expect(b.inputs).toEqual([{ kind: 'link-up', peer: 'client:0' }]));
    b.links.send('client:0', testFrame(1));
    await eventually(() => expect(client.frames()).toHaveLength(1));
  });
});

describe('an authority', () => {
  const secretKey = new Uint8Array(64);
  const identityKey = new Uint8Array(32);
  nobleEngine.ed25519KeyPair(identityKey, secretKey, new Uint8Array(32).fill(7));
  const vouch = (message: Uint8Array) => {
    const signature = new Uint8Array(64);
    nobleEngine.ed25519Sign(signature, message, secretKey);
    return signature;
  };
  const dialled = (b: TestEnd, key: Uint8Array): Neighbour => ({
    peer: `node:${toHex(key)}`,
    addresses: [`127.0.0.1:${b.port}`],
    linkKeyHash: null,
  });

  it('is known by its identity key, which vouches for its link key', async () => {
    const b = await createEnd({ key: createLinkKey(vouch), listen: onLoopback(true) });
    const a = await createEnd();
    a.links.setNeighbours([dialled(b, identityKey)]);
    await eventually(() => expect(a.kinds()).toEqual(['link-up']));
    expect(a.links.describe()[0]?.group).toBe('X25519MLKEM768');
  });

  it('is nobody with another identity key, another link key, or none that vouches', async () => {
    const other = createLinkKey(() => vouch(createLinkKey().hash));
    for (const [key, identity] of [
      [createLinkKey(vouch), new Uint8Array(32).fill(9)],
      [other, identityKey],
      [createLinkKey(), identityKey],
    ] as const) {
      const b = await createEnd({ key, listen: onLoopback(true) });
      const a = await createEnd();
      a.links.setNeighbours([dialled(b, identity)]);
      await eventually(() => expect(a.links.counters.closed['wrong-key']).toBeGreaterThan(0));
      expect(a.kinds()).toEqual([]);
    }
  });
});

describe('the handshake', () => {
  it('takes no TLS 1.2', async () => {
    const b = await createEnd({ listen: onLoopback(true) });
    const socket = tls.connect({
      host: '127.0.0.1',
      port: b.port,
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.2',
    });
    const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
      socket.on('error', resolve),
    );
    expect(error.code).toContain('PROTOCOL_VERSION');
    await eventually(() => expect(b.links.counters.closed.protocol).toBe(1));
  });

  it('names nobody, shows no certificate of a client, and asks for no old session', async () => {
    const key = createLinkKey();
    const seen: unknown[] = [];
    const server = tls.createServer(
      { key: key.keyPem, cert: key.certificatePem, requestCert: true, rejectUnauthorized: false },
      (socket) => {
        const named = (socket as unknown as { servername: string | false }).servername;
        const hasCertificate = socket.getPeerX509Certificate() !== undefined;
        seen.push({ named, hasCertificate, isResumed: socket.isSessionReused() });
        // The client has what it needs to resume by now, and does not.
        setTimeout(() => socket.destroy(), 50);
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = await createEnd({ key: null });
    const port = (server.address() as AddressInfo).port;
    const addresses = [`localhost:${port}`];
    client.links.setNeighbours([{ peer: 'node:01', addresses, linkKeyHash: key.hash }]);
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(2));
    expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify({ named: false, hasCertificate: false, isResumed: false })]),
    );
    server.close();
  });

  it('lets nobody resume a session', async () => {
    const b = await createEnd({ listen: onLoopback(true) });
    const connect = (session?: Buffer) =>
      new Promise<{ isReused: boolean; session: Buffer | undefined }>((resolve) => {
        let ticket: Buffer | undefined;
        const socket = tls.connect({
          host: '127.0.0.1',
          port: b.port,
          rejectUnauthorized: false,
          ...(session === undefined ? {} : { session }),
        });
        socket.on('session', (next) => {
          ticket = next;
        });
        socket.on('secureConnect', () => socket.write(testFrame(1)));
        setTimeout(() => {
          resolve({ isReused: socket.isSessionReused(), session: ticket });
          socket.destroy();
        }, 100);
      });
    const first = await connect();
    expect((await connect(first.session)).isReused).toBe(false);
  });

  it('goes on without the hybrid group where the other end has not got it, and says so', async () => {
    const key = createLinkKey();
    const server = tls.createServer({
      key: key.keyPem,
      cert: key.certificatePem,
      ecdhCurve: 'X25519',
      secureOptions: constants.SSL_OP_NO_TICKET,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = await createEnd({ key: null });
    const addresses = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
    client.links.setNeighbours([{ peer: 'node:01', addresses, linkKeyHash: key.hash }]);
    await eventually(() => expect(client.links.describe()[0]?.group).toBe('X25519'));
    expect(client.links.outboundGroups()).toEqual({ x25519mlkem768: 0, x25519: 1, other: 0 });
    await client.links.end();
    server.close();
  });

  it('can be offered with the hybrid group on this runtime', () => {
    expect(createLinkTls(null).hasHybrid).toBe(true);
  });
});

describe('neighbours', () => {
  it('are dialled again after the other end died, with waits in between', async () => {
    const { a, b } = await pair();
    await b.links.end();
    await eventually(() => expect(a.kinds()).toEqual(['link-up', 'link-down']));
    await eventually(() => expect(a.links.counters.closed.unreachable).toBeGreaterThan(1));
    const again = await createEnd({
      key: b.key,
      listen: { host: '127.0.0.1', port: b.port, acceptsAnonymous: false },
    });
    again.links.setNeighbours([neighbourOf(a, false)]);
    await eventually(() => expect(a.kinds()).toEqual(['link-up', 'link-down', 'link-up']));
  });

  it('are tried at their other addresses', async () => {
    const a = await createEnd();
    const b = await createEnd({ listen: onLoopback(true) });
    const addresses = ['nonsense', '127.0.0.1:1', `127.0.0.1:${b.port}`];
    a.links.setNeighbours([{ ...neighbourOf(b), addresses }]);
    await eventually(() => expect(a.kinds()).toEqual(['link-up']));
    expect(a.links.counters.closed.unreachable).toBe(2);
  });

  it('lose their links when they are none any more, and keep them when they stay', async () => {
    const { a, b } = await pair();
    a.links.setNeighbours([neighbourOf(b)]);
    expect(a.kinds()).toEqual(['link-up']);
    a.links.setNeighbours([]);
    expect(a.inputs.at(-1)).toEqual({ kind: 'link-down', peer: peerOf(b) });
    await eventually(() => expect(b.kinds()).toEqual(['link-up', 'link-down']));
    expect(a.links.counters.closed['not-neighbour']).toBe(1);
    expect(b.links.counters.closed.ended).toBe(1);
  });

  it('that connect twice keep the newer link', async () => {
    const { a, b } = await pair();
    const twin = await createEnd({ key: a.key });
    twin.links.setNeighbours([neighbourOf(b)]);
    await eventually(() => expect(b.links.counters.closed.replaced).toBe(1));
    expect(b.kinds().slice(0, 3)).toEqual(['link-up', 'link-down', 'link-up']);
    await a.links.end();
  });

  it('that came before they were known come again under their names', async () => {
    const a = await createEnd();
    const b = await createEnd({ listen: onLoopback(true) });
    a.links.setNeighbours([neighbourOf(b)]);
    await eventually(() => expect(b.inputs).toEqual([{ kind: 'link-up', peer: 'client:0' }]));
    b.links.setNeighbours([neighbourOf(a, false)]);
    await eventually(() =>
      expect(b.inputs).toEqual([
        { kind: 'link-up', peer: 'client:0' },
        { kind: 'link-down', peer: 'client:0' },
        { kind: 'link-up', peer: peerOf(a) },
      ]),
    );
  });

  it('get what was written before an orderly end', async () => {
    const { a, b } = await pair();
    for (let count = 0; count < 50; count++) a.links.send(peerOf(b), testFrame(2));
    await a.links.end();
    await eventually(() => expect(b.frames()).toHaveLength(50));
  });
});

describe('a link key', () => {
  it('is one and the same after a restart, and its file is its owner’s alone', async () => {
    const { mkdtempSync, statSync, chmodSync } = await import('node:fs');
    const path = await import('node:path');
    const os = await import('node:os');
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'eddy-key-')), 'link.key');
    const first = loadLinkKey(file);
    expect(loadLinkKey(file).hash).toEqual(first.hash);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    expect(() => loadLinkKey(file)).toThrow('0600');
  });

  it('is in a certificate that OpenSSL verifies and that is the same size for every node', async () => {
    const { X509Certificate } = await import('node:crypto');
    const key = createLinkKey();
    const certificate = new X509Certificate(key.certificatePem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(linkKeyHash(certificate.publicKey)).toEqual(key.hash);
    expect(certificate.subject).toBe('CN=link');
    expect(createLinkKey().hash).not.toEqual(key.hash);
  });
});
