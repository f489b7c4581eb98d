// One attempt at a link: the connection, through the proxy where one is set, TLS, and the other
// end's pinned key. The name of the other end appears nowhere in the handshake.
import net from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { NodeAddress } from '../../shared/network/node-address.ts';
import type { LinkCloseReason } from './link-counters.ts';
import { connectThrough, type SocksProxy } from './socks.ts';
import { isPinnedPeer, type LinkGroup, type LinkTls, negotiatedGroup, type Pin } from './tls.ts';

/** From the first packet to a finished handshake; a proxy of several hops takes its time. */
export const DIAL_MS_MAX = 20_000;

export type DialOptions = {
  readonly to: NodeAddress;
  readonly pin: Pin;
  readonly tls: LinkTls;
  readonly proxy: SocksProxy | null;
};

export type Dialled =
  | {
      readonly kind: 'up';
      readonly socket: TLSSocket;
      readonly raw: net.Socket;
      readonly group: LinkGroup;
    }
  | { readonly kind: 'failed'; readonly reason: LinkCloseReason };

/** Dials once; `settle` is called once unless the returned function ends the attempt before. */
export function dial(options: DialOptions, settle: (result: Dialled) => void): () => void {
  const { proxy, to } = options;
  const raw = net.connect(proxy === null ? to : { host: proxy.host, port: proxy.port });
  let socket: TLSSocket | null = null;
  let reason: LinkCloseReason = proxy === null ? 'unreachable' : 'proxy';
  let isSettled = false;

  const finish = (result: Dialled | null) => {
    if (isSettled) return;
    isSettled = true;
    clearTimeout(timer);
    if (result?.kind !== 'up') {
      socket?.destroy();
      raw.destroy();
    }
    if (result !== null) settle(result);
  };
  const fail = (why = reason) => finish({ kind: 'failed', reason: why });
  const timer = setTimeout(() => {
    fail(reason === 'protocol' ? 'handshake-slow' : reason);
  }, DIAL_MS_MAX);

  const startTls = () => {
    if (isSettled) return;
    reason = 'protocol';
    const secured = connectTls({
      socket: raw,
      secureContext: options.tls.context,
      minVersion: 'TLSv1.3',
      // Nothing is trusted by name: the pinned hash below decides, before a byte of a role is
      // written.
      rejectUnauthorized: false,
      servername: '',
    });
    socket = secured;
    secured.on('error', () => fail());
    secured.on('close', () => fail());
    secured.once('secureConnect', () => {
      if (!isPinnedPeer(secured, options.pin)) fail('wrong-key');
      else finish({ kind: 'up', socket: secured, raw, group: negotiatedGroup(secured, raw) });
    });
  };

  raw.setNoDelay(true);
  raw.on('error', () => fail());
  raw.on('close', () => fail());
  raw.once('connect', () => {
    if (proxy === null) return startTls();
    connectThrough(raw, proxy, to, (isThrough) => {
      if (isThrough) startTls();
      else fail();
    });
  });
  return () => finish(null);
}
