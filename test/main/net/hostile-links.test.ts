// Peers that do not keep to the protocol: each costs bounded memory, is closed, and is counted
// under its reason. Deadlines are reached by pushing the clock of the end under test.
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PeerId } from '../../../main/mixnet/role.ts';
import { HANDSHAKE_MS_MAX } from '../../../main/net/inbound.ts';
import {
  ALIVE_INTERVAL_MS,
  ALIVE_KIND,
  ALIVE_SILENCE_MS_MAX,
  CLIENT_BURST_BYTES_MAX,
  CLIENT_SEND_QUEUE_FRAMES_MAX,
  FRAME_COST_BYTES_MIN,
  FRAME_WHOLE_MS_MAX,
  NOT_READING_MS_MAX,
} from '../../../main/net/link.ts';
import type { LinkCloseReason } from '../../../main/net/link-counters.ts';
import { monotonicMs } from '../../../main/system.ts';
import {
  createEnd,
  endAll,
  neighbourOf,
  onLoopback,
  peerOf,
  type TestEnd,
  testFrame,
} from '../../support/links.ts';

const sockets: net.Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await endAll();
});

const eventually = (claim: () => void | Promise<void>) =>
  vi.waitFor(claim, { timeout: 10_000, interval: 10 });
const closedBy = (end: TestEnd, reason: LinkCloseReason, count = 1) =>
  eventually(() => expect(end.links.counters.closed[reason]).toBe(count));

/** A finished TLS connection to `end`, to be misused. */
async function connect(end: TestEnd): Promise<tls.TLSSocket> {
  const socket = tls.connect({ host: '127.0.0.1', port: end.port, rejectUnauthorized: false });
  sockets.push(socket);
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.once('secureConnect', resolve));
  return socket;
}

function connectPlain(end: TestEnd): net.Socket {
  const socket = net.connect(end.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  return socket;
}

/** Fills what can wait for `client:0`, in the systems of both ends and here. */
const QUEUED_BYTES_MAX = (CLIENT_SEND_QUEUE_FRAMES_MAX + 1) * (2_416 + 22) + 65_536;
const fill = (end: TestEnd, peer: PeerId = 'client:0') =>
  eventually(async () => {
    const send = () => end.links.send(peer, testFrame(2));
    while (send() === 'sent') {
      // As many as there is room for.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(send()).toBe('queue-full');
  });

const listening = () => createEnd({ listen: onLoopback(true) });

describe('a peer that', () => {
  it('sends no TLS at all is closed', async () => {
    const end = await listening();
    connectPlain(end).write(new Uint8Array(4_096).fill(0x55));
    await closedBy(end, 'protocol');
  });

  it('says nothing has until the end of the handshake’s time, and not longer', async () => {
    const end = await listening();
    const socket = connectPlain(end);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    await end.advance(HANDSHAKE_MS_MAX - 1_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(end.links.counters.closed['handshake-slow']).toBe(0);
    await end.advance(1_000);
    await closedBy(end, 'handshake-slow');
    await closed;
  });

  it('names no kind, as a giant frame would have to, is closed', async () => {
    const end = await listening();
    (await connect(end)).write(new Uint8Array(1_000_000).fill(0xee));
    await closedBy(end, 'frame-unknown');
    expect(end.links.bufferedBytes).toBe(0);
  });

  it('feeds a frame byte by byte is closed when its time is over', async () => {
    const end = await listening();
    const socket = await connect(end);
    socket.write(testFrame(2).subarray(0, 1_000));
    await eventually(() => expect(end.links.bufferedBytes).toBe(1_000));
    await end.advance(FRAME_WHOLE_MS_MAX - 500);
    socket.write(testFrame(2).subarray(1_000, 1_001));
    await eventually(() => expect(end.links.bufferedBytes).toBe(1_001));
    expect(end.links.counters.closed['frame-slow']).toBe(0);
    await end.advance(600);
    await closedBy(end, 'frame-slow');
    expect([end.frames(), end.links.bufferedBytes]).toEqual([[], 0]);
  });

  it('begins each frame in time is kept, however long it goes on', async () => {
    const end = await listening();
    const socket = await connect(end);
    const two = [...testFrame(2), ...testFrame(2)];
    socket.write(Uint8Array.from(two.slice(0, 1_000)));
    await eventually(() => expect(end.links.bufferedBytes).toBe(1_000));
    await end.advance(FRAME_WHOLE_MS_MAX - 1_000);
    socket.write(Uint8Array.from(two.slice(1_000, 3_000)));
    await eventually(() => expect(end.frames()).toHaveLength(1));
    await end.advance(FRAME_WHOLE_MS_MAX - 1_000);
    socket.write(Uint8Array.from(two.slice(3_000)));
    await eventually(() => expect(end.frames()).toHaveLength(2));
    expect(end.links.counters.closed['frame-slow']).toBe(0);
  });

  it('cuts the connection inside a frame is told from one that ends between two', async () => {
    const end = await listening();
    const cutting = await connect(end);
    cutting.write(testFrame(2).subarray(0, 2_415));
    await eventually(() => expect(end.links.bufferedBytes).toBe(2_415));
    cutting.destroy();
    await closedBy(end, 'frame-cut');
    const orderly = await connect(end);
    orderly.end(testFrame(2));
    await closedBy(end, 'ended');
    expect(end.frames()).toEqual([testFrame(2)]);
  });

  it('breaks TLS in the middle is closed', async () => {
    const end = await listening();
    const relay = await relayTo(end.port);
    const through = tls.connect({ port: relay.port, host: '127.0.0.1', rejectUnauthorized: false });
    through.on('error', () => {});
    await new Promise<void>((resolve) => through.once('secureConnect', resolve));
    relay.inject(Uint8Array.of(0x17, 3, 3, 0, 32, ...new Uint8Array(32)));
    await closedBy(end, 'protocol');
  });

  it('floods is closed after its burst', async () => {
    const end = await listening();
    const socket = await connect(end);
    const flood = Uint8Array.from(Array.from({ length: 40 }, () => [...testFrame(2)]).flat());
    const pour = () => {
      while (!socket.destroyed && socket.write(flood)) {
        // Until the system is full.
      }
    };
    socket.on('drain', pour);
    pour();
    await closedBy(end, 'flood');
    const counted = end.links.counters;
    expect(counted.bytesReceived).toBeGreaterThan(CLIENT_BURST_BYTES_MAX);
    expect(counted.bytesReceived).toBeLessThan(CLIENT_BURST_BYTES_MAX * 3);
  });

  it('floods with the smallest frames is closed for their number', async () => {
    const end = await listening();
    const socket = await connect(end);
    await eventually(() => expect(end.kinds()).toEqual(['link-up']));
    socket.write(new Uint8Array(CLIENT_BURST_BYTES_MAX / FRAME_COST_BYTES_MIN - 1));
    await eventually(() => expect(end.links.counters.bytesReceived).toBeGreaterThan(3_000));
    expect(end.links.counters.closed.flood).toBe(0);
    socket.write(new Uint8Array(100_000));
    await closedBy(end, 'flood');
  });

  it('is held back waits with its frames, and is not blamed for the time', async () => {
    const end = await listening();
    end.links.holdBack(true);
    const socket = await connect(end);
    socket.write(testFrame(2).subarray(0, 100));
    await eventually(() => expect(end.kinds()).toEqual(['link-up']));
    await end.advance(2 * ALIVE_SILENCE_MS_MAX);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect([end.kinds(), end.links.counters.framesReceived]).toEqual([['link-up'], 0]);
    end.links.holdBack(false);
    socket.write(testFrame(2).subarray(100));
    await eventually(() => expect(end.frames()).toEqual([testFrame(2)]));
    // From here on it is: what is held back no more has its deadlines again.
    await end.advance(ALIVE_SILENCE_MS_MAX + 1);
    await closedBy(end, 'silent');
  });

  it('does not read fills its queue and no more, and is closed when that lasts', async () => {
    const end = await listening();
    const socket = await connect(end);
    socket.pause();
    await eventually(() => expect(end.kinds()).toEqual(['link-up']));
    // Until nothing moves: what the system itself holds is not ours to bound.
    await fill(end);
    expect(end.links.bufferedBytes).toBeLessThanOrEqual(QUEUED_BYTES_MAX);
    await end.advance(NOT_READING_MS_MAX + 1_000);
    await closedBy(end, 'not-reading');
    expect(end.links.bufferedBytes).toBe(0);
  });

  it('does not read, and is a provider, fills no more than a client of its own', async () => {
    const provider = await createEnd({ listen: onLoopback(true, 1) });
    const client = await createEnd({ key: null });
    client.links.setNeighbours([neighbourOf(provider)]);
    await eventually(() => expect(client.kinds()).toEqual(['link-up']));
    provider.links.holdBack(true);
    await fill(client, peerOf(provider));
    expect(client.links.bufferedBytes).toBeLessThanOrEqual(QUEUED_BYTES_MAX);
    expect(client.links.counters.framesQueueFull).toBeGreaterThan(0);
  });

  it('does not read is cut off soon after a link that this end chose to end', async () => {
    const end = await createEnd({ listen: onLoopback(true, 1) });
    const socket = await connect(end);
    socket.pause();
    await eventually(() => expect(end.kinds()).toEqual(['link-up']));
    await fill(end);
    const cut = end.links.counters.framesCutOff;
    const broken = new Promise((resolve) => socket.once('error', resolve));
    end.links.close('client:0');
    // It goes on sending, of which no more is taken than what buffers hold.
    const flood = new Uint8Array(100_000).fill(2);
    const pour = () => {
      while (socket.write(flood)) {
        // Until the system is full.
      }
    };
    socket.on('drain', pour);
    pour();
    await broken;
    expect(socket.bytesWritten - socket.writableLength).toBeLessThan(32_000_000);
    const counted = end.links.counters;
    await eventually(() => expect(counted.framesCutOff - cut).toBe(CLIENT_SEND_QUEUE_FRAMES_MAX));
    // Its place is free again.
    await connect(end);
    await eventually(() => expect(end.kinds()).toEqual(['link-up', 'link-down', 'link-up']));
  });

  it('does not read does not hold up an orderly end', async () => {
    const end = await listening();
    const [mute, lively] = [await connect(end), await connect(end)];
    mute.pause();
    await eventually(() => expect(end.kinds()).toEqual(['link-up', 'link-up']));
    await fill(end);
    const heard: number[] = [];
    lively.on('data', (chunk: Buffer) => heard.push(...chunk));
    end.links.send('client:1', testFrame(1));
    await end.links.end();
    await eventually(() => expect(heard).toEqual([...testFrame(1)]));
  });

  it('falls silent is closed; alive frames alone keep a link up, and reach no role', async () => {
    const end = await listening();
    const socket = await connect(end);
    await eventually(() => expect(end.kinds()).toEqual(['link-up']));
    await end.advance(ALIVE_SILENCE_MS_MAX - 1_000);
    socket.write(Uint8Array.of(ALIVE_KIND));
    await eventually(() => expect(end.links.counters.bytesReceived).toBeGreaterThan(0));
    await end.advance(ALIVE_SILENCE_MS_MAX - 1_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([end.links.counters.closed.silent, end.frames()]).toEqual([0, []]);
    await end.advance(2_000);
    await closedBy(end, 'silent');
  });
});

describe('a node', () => {
  it('that is alive without cover is given up', async () => {
    const a = await createEnd();
    const b = await createEnd({ listen: onLoopback(false) });
    b.links.setNeighbours([{ ...neighbourOf(a, false), silenceMsMax: 5_000 }]);
    a.links.setNeighbours([neighbourOf(b)]);
    await eventually(() => expect(b.kinds()).toEqual(['link-up']));
    a.links.send(neighbourOf(b).peer, testFrame(2));
    await eventually(() => expect(b.frames()).toHaveLength(1));
    await b.advance(4_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(b.links.counters.closed['no-cover']).toBe(0);
    await b.advance(1_500);
    await closedBy(b, 'no-cover');
  });

  it('is not blamed for the time in which this end stood, and is for the time in which it ran', async () => {
    const a = await createEnd();
    const b = await createEnd({ listen: onLoopback(false) });
    b.links.setNeighbours([{ ...neighbourOf(a, false), silenceMsMax: 1_000 }]);
    a.links.setNeighbours([neighbourOf(b)]);
    await eventually(() => expect(b.kinds()).toEqual(['link-up']));
    for (let stop = 1; stop <= 3; stop++) {
      // What came lies in the socket when the process has its turn again, and a timer comes first.
      a.links.send(neighbourOf(b).peer, testFrame(2));
      const untilMs = monotonicMs() + 1_200;
      while (monotonicMs() < untilMs);
      await eventually(() => expect(b.frames()).toHaveLength(stop));
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    // Nothing came at all, since the whole machine stood.
    b.stand(10_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([b.kinds().includes('link-down'), b.links.counters.closed['no-cover']]).toEqual([
      false,
      0,
    ]);
    await b.advance(1_000);
    await closedBy(b, 'no-cover');
  });

  it('that slept for longer than silence may last has lost its links, unless something comes', async () => {
    const end = await listening();
    const [mute, lively] = [await connect(end), await connect(end)];
    await eventually(() => expect(end.kinds()).toEqual(['link-up', 'link-up']));
    mute.pause();
    end.stand(ALIVE_SILENCE_MS_MAX + 1_000);
    lively.write(Uint8Array.of(ALIVE_KIND));
    await closedBy(end, 'silent');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(end.kinds()).toEqual(['link-up', 'link-up', 'link-down']);
  });

  it('sends alive frames at a constant interval, and no bunch of them after a sleep', async () => {
    const end = await listening();
    const socket = await connect(end);
    const heard: number[] = [];
    socket.on('data', (chunk: Buffer) => heard.push(...chunk));
    await eventually(() => expect(end.kinds()).toEqual(['link-up']));
    await end.advance(ALIVE_INTERVAL_MS);
    await eventually(() => expect(heard).toEqual([ALIVE_KIND]));
    socket.write(Uint8Array.of(ALIVE_KIND));
    await eventually(() => expect(end.links.counters.bytesReceived).toBeGreaterThan(0));
    end.stand(3 * ALIVE_INTERVAL_MS);
    await eventually(() => expect(heard).toEqual([ALIVE_KIND, ALIVE_KIND]));
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(heard).toEqual([ALIVE_KIND, ALIVE_KIND]);
  });
});

describe('connections', () => {
  it('of one address are bounded, and one that ends makes room', async () => {
    const end = await createEnd({ listen: onLoopback(true, 3) });
    const held = [await connect(end), await connect(end), await connect(end)];
    const refused = connectPlain(end);
    await new Promise((resolve) => refused.once('close', resolve));
    await closedBy(end, 'too-many');
    held[0]?.destroy();
    await eventually(() =>
      expect(end.kinds().filter((kind) => kind === 'link-down').length).toBe(1),
    );
    await connect(end);
    await eventually(() => expect(end.kinds().filter((kind) => kind === 'link-up').length).toBe(4));
  });
});

/** A relay before `port` into which bytes can be put that the client did not send. */
async function relayTo(port: number) {
  let upstream: net.Socket | null = null;
  const server = net.createServer((client) => {
    upstream = net.connect(port, '127.0.0.1');
    upstream.on('error', () => {});
    client.on('error', () => {});
    client.pipe(upstream);
    upstream.pipe(client);
    sockets.push(client, upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return {
    port: (server.address() as net.AddressInfo).port,
    inject: (bytes: Uint8Array) => upstream?.write(bytes),
  };
}
