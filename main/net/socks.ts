// SOCKS5 (RFC 1928, user and password by RFC 1929) for a client's dialler. The proxy is given the
// name, not an address, so that no lookup goes around it. The package for it brings two more and
// 900 kB.
import { isIP, type Socket } from 'node:net';
import type { NodeAddress } from '../../shared/network/node-address.ts';

export type SocksProxy = NodeAddress & { readonly username?: string; readonly password?: string };

/** Longest user name and password, RFC 1929. */
export const PROXY_WORD_SIZE_MAX = 255;

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const USER_AND_PASSWORD = 2;
const CONNECT = 1;
const SUCCEEDED = 0;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

/**
 * Asks the proxy at the other end of `socket`, which is connected, for a connection to `to`. `done`
 * is called at most once, with true when bytes now go through. Gives up at anything unexpected; the
 * caller bounds the time and hears of a broken connection itself.
 */
export function connectThrough(
  socket: Socket,
  proxy: SocksProxy,
  to: NodeAddress,
  done: (isThrough: boolean) => void,
): void {
  const steps = socksSteps(proxy, to);
  let step = steps.next();
  const read = () => {
    while (step.done !== true) {
      // Exactly what this step needs: what follows belongs to TLS.
      const bytes = socket.read(step.value.size) as Buffer | null;
      if (bytes === null) return;
      if (bytes.length < step.value.size) break;
      step = steps.next(bytes);
      say();
    }
    socket.off('readable', read);
    done(step.done === true && step.value);
  };
  const say = () => {
    if (step.done !== true && step.value.say !== undefined) socket.write(step.value.say);
  };
  socket.on('readable', read);
  say();
}

/** Words to say, if any, then `size` bytes to hear. */
export type SocksStep = { readonly say?: Uint8Array; readonly size: number };

/** The conversation without its socket: true at its end where bytes now go through. */
export function* socksSteps(
  proxy: SocksProxy,
  to: NodeAddress,
): Generator<SocksStep, boolean, Uint8Array> {
  const user = Buffer.from(proxy.username ?? '');
  const password = Buffer.from(proxy.password ?? '');
  if (user.length > PROXY_WORD_SIZE_MAX || password.length > PROXY_WORD_SIZE_MAX) return false;
  const method = user.length === 0 ? NO_AUTHENTICATION : USER_AND_PASSWORD;
  const [version, chosen] = yield { say: Uint8Array.of(VERSION, 1, method), size: 2 };
  if (version !== VERSION || chosen !== method) return false;
  if (method === USER_AND_PASSWORD) {
    const words = Buffer.concat([
      Uint8Array.of(1, user.length),
      user,
      Uint8Array.of(password.length),
      password,
    ]);
    const [, status] = yield { say: words, size: 2 };
    if (status !== SUCCEEDED) return false;
  }
  const port = Uint8Array.of(to.port >> 8, to.port & 0xff);
  const head = Uint8Array.of(VERSION, CONNECT, 0);
  const reply = yield { say: Buffer.concat([head, destination(to.host), port]), size: 4 };
  if (reply[0] !== VERSION || reply[1] !== SUCCEEDED) return false;
  // The address the proxy bound: of no use here, but in the way.
  const boundSize = new Map([
    [IPV4, 4],
    [IPV6, 16],
    [NAME, 0],
  ]).get(reply[3] ?? -1);
  if (boundSize === undefined) return false;
  const nameSize = boundSize === 0 ? ((yield { size: 1 })[0] ?? 0) : boundSize;
  yield { size: nameSize + 2 };
  return true;
}

function destination(host: string): Uint8Array {
  const bytes = Buffer.from(host);
  if (isIP(host) === 4) return Buffer.concat([Uint8Array.of(IPV4), ipv4Bytes(host)]);
  if (isIP(host) === 6) return Buffer.concat([Uint8Array.of(IPV6), ipv6Bytes(host)]);
  return Buffer.concat([Uint8Array.of(NAME, bytes.length), bytes]);
}

function ipv4Bytes(host: string): Uint8Array {
  return Uint8Array.from(host.split('.').map(Number));
}

function ipv6Bytes(host: string): Uint8Array {
  // An IPv4 tail counts as two groups; the URL parser writes every form in hexadecimal.
  const plain = new URL(`http://[${host}]`).hostname.slice(1, -1);
  const [left = '', right] = plain.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const before = groups(left);
  const after = right === undefined ? [] : groups(right);
  const gap = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const all = [...before, ...gap, ...after].map((group) => Number.parseInt(group, 16));
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
