// A worker thread that is a SOCKS5 proxy and looks at what goes through, as somebody on the wire
// does: when each TLS record of a Sphinx frame's size was whole, by connection. It has a thread of
// its own so that no work of a client stands before its clock. The user name says whose connection
// it is.
import net from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClockMs } from './system-clock.ts';

/** One connection through the tap: `atMs` by `systemClockMs`. */
export type TappedConnection = { readonly user: string; readonly atMs: number[] };
export type TapData = { readonly recordSize: number };

const VERSION = 5;
const APPLICATION_DATA = 23;
const RECORD_HEADER_SIZE = 5;

const { recordSize } = workerData as TapData;
const connections: TappedConnection[] = [];

const server = net.createServer((client) => {
  client.on('error', () => {});
  client.setNoDelay(true);
  const conversation = converse(client);
  conversation.next();
  let said = Buffer.alloc(0);
  const take = (bytes: Buffer) => {
    said = Buffer.concat([said, bytes]);
    const isOver = conversation.next(said).done === true;
    if (isOver) client.off('data', take);
  };
  client.on('data', take);
});
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage({ port: (server.address() as net.AddressInfo).port });
});
parentPort?.on('message', (asked: 'report' | 'end') => {
  if (asked === 'report') parentPort?.postMessage({ connections });
  else process.exit(0);
});

/** Greeting, user, request, one message after the other; each is whole in one piece on loopback. */
function* converse(client: net.Socket): Generator<undefined, void, Buffer> {
  const greeting = yield;
  client.write(Uint8Array.of(VERSION, 2));
  const userStart = greeting.length + 2;
  const named = yield;
  const user = named.subarray(userStart, userStart + (named[greeting.length + 1] ?? 0)).toString();
  client.write(Uint8Array.of(1, 0));
  const asked = (yield).subarray(named.length);
  const [host, port] = destinationOf(asked);
  const upstream = net.connect(port, host);
  upstream.setNoDelay(true);
  upstream.on('error', () => client.destroy());
  upstream.on('close', () => client.destroy());
  client.on('close', () => upstream.destroy());
  upstream.once('connect', () => {
    client.write(Uint8Array.of(VERSION, 0, 0, 1, 0, 0, 0, 0, 0, 0));
    watch(client, user);
    client.pipe(upstream).pipe(client);
  });
}

/** An IPv4 address or a name, and the port. */
function destinationOf(asked: Buffer): [string, number] {
  const isName = asked[3] === 3;
  const host = isName
    ? asked.subarray(5, 5 + (asked[4] ?? 0)).toString()
    : asked.subarray(4, 8).join('.');
  return [host, asked.readUInt16BE(asked.length - 2)];
}

/** Notes when each record of the size was whole. */
function watch(client: net.Socket, user: string): void {
  const connection: TappedConnection = { user, atMs: [] };
  connections.push(connection);
  let header = Buffer.alloc(0);
  let left = 0;
  client.on('data', (chunk: Buffer) => {
    const atMs = systemClockMs();
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const part = chunk.subarray(at, at + RECORD_HEADER_SIZE - header.length);
        header = Buffer.concat([header, part]);
        at += part.length;
        if (header.length < RECORD_HEADER_SIZE) break;
        left = header.readUInt16BE(3);
      }
      const taken = Math.min(left, chunk.length - at);
      left -= taken;
      at += taken;
      if (left > 0) break;
      const isPacket = header[0] === APPLICATION_DATA && header.readUInt16BE(3) === recordSize;
      if (isPacket) connection.atMs.push(atMs);
      header = Buffer.alloc(0);
    }
  });
}
