// A SOCKS5 proxy for tests: a small real one, and ways in which one can be of no use.
import net from 'node:net';

const servers: net.Server[] = [];

/** Ends every proxy that was started; for `afterEach`. */
export function endProxies(): void {
  for (const server of servers.splice(0)) server.close();
}

export type ProxyBehaviour = {
  readonly password?: string;
  readonly reply?: number;
  readonly garbage?: boolean;
  /** Whether it connects, whatever it answers; true unless said. */
  readonly passes?: boolean;
  /** The bound address of the answer: its type byte and bytes. */
  readonly bound?: readonly number[];
};

/** A small proxy that connects every name to `port` and notes what it was asked for, in hex. */
export async function startProxy(port: number, behaviour: ProxyBehaviour = {}) {
  const asked: string[] = [];
  const server = net.createServer((client) => {
    client.on('error', () => {});
    let step = behaviour.password === undefined ? 'greeting' : 'greeting-password';
    const take = (bytes: Buffer) => {
      if (behaviour.garbage === true) {
        client.write('HTTP/1.1 400 Bad Request\r\n\r\n');
      } else if (step === 'greeting') {
        step = 'connect';
        client.write(Uint8Array.of(5, bytes[2] === 0 ? 0 : 0xff));
      } else if (step === 'greeting-password') {
        step = 'password';
        client.write(Uint8Array.of(5, 2));
      } else if (step === 'password') {
        step = 'connect';
        const given = bytes.subarray(3 + (bytes[1] ?? 0)).toString();
        client.write(Uint8Array.of(1, given === behaviour.password ? 0 : 1));
      } else {
        asked.push(bytes.toString('hex'));
        client.off('data', take);
        const bound = behaviour.bound ?? [1, 0, 0, 0, 0];
        const answer = Uint8Array.of(5, behaviour.reply ?? 0, 0, ...bound, 0, 0);
        // In two pieces: a reader that takes a chunk for an answer fails.
        client.write(answer.subarray(0, 3));
        setTimeout(() => {
          client.write(answer.subarray(3));
          if (behaviour.passes === false) return;
          const upstream = net.connect(port, '127.0.0.1');
          upstream.on('error', () => {});
          client.pipe(upstream).pipe(client);
        }, 20);
      }
    };
    client.on('data', take);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, port: (server.address() as net.AddressInfo).port };
}
