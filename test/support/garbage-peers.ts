// Peers that send a node's port what no peer should: random bytes, halves of a handshake, garbage
// inside TLS, whole frames that are not theirs to send, and more bytes than any frame has.
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { encodeFrame, type Frame } from '../../shared/network/frames.ts';

export const GARBAGE_KINDS = [
  'random-bytes',
  'half-handshake',
  'silent',
  'garbage-in-tls',
  'frames-of-others',
  'oversized',
] as const;
export type GarbageKind = (typeof GARBAGE_KINDS)[number];

/** A peer that was not ended by the node ends by itself, so that the next one can come. */
const HELD_MS_MAX = 400;
const OVERSIZED_BYTES = 1_000_000;

/** One peer from its connection to its end. Resolves whatever the node does. */
export function meet(port: number, kind: GarbageKind, pullMailCount: number): Promise<void> {
  return new Promise((resolve) => {
    const raw = net.connect(port, '127.0.0.1');
    const timer = setTimeout(() => raw.destroy(), HELD_MS_MAX);
    raw.on('error', () => {});
    raw.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    raw.once('connect', () => act(raw, kind, pullMailCount));
  });
}

function act(raw: net.Socket, kind: GarbageKind, pullMailCount: number): void {
  switch (kind) {
    case 'silent':
      return;
    case 'random-bytes':
      raw.write(randomBytes(8_192));
      return;
    case 'half-handshake':
      // Its first answer is where this peer is seen no more.
      raw.prependOnceListener('data', () => raw.destroy());
      secure(raw, () => raw.destroy());
      return;
    case 'garbage-in-tls':
      secure(raw, (socket) => socket.write(randomBytes(16_384)));
      return;
    case 'oversized':
      secure(raw, (socket) => {
        const [known = new Uint8Array(1)] = framesOfOthers(pullMailCount);
        socket.write(Buffer.concat([known.subarray(0, 1), Buffer.alloc(OVERSIZED_BYTES, 0xee)]));
      });
      return;
    case 'frames-of-others':
      secure(raw, (socket) => {
        for (const frame of framesOfOthers(pullMailCount)) socket.write(frame);
      });
  }
}

function secure(raw: net.Socket, act: (socket: tls.TLSSocket) => void): void {
  const socket = tls.connect({ socket: raw, rejectUnauthorized: false });
  socket.on('error', () => raw.destroy());
  socket.once('close', () => raw.destroy());
  socket.once('secureConnect', () => act(socket));
}

/** Whole frames of every kind that an anonymous peer has no business to send like this. */
function framesOfOthers(pullMailCount: number): Uint8Array[] {
  const random = (size: number) => new Uint8Array(randomBytes(size));
  const frames: Frame[] = [
    { kind: 'sphinx', parity: 0, packet: random(2_413) },
    {
      kind: 'pull-request',
      mailbox: random(16),
      proof: random(64),
      instance: random(8),
      serial: 1,
      mailSequence: 7,
      acknowledgementSequence: 7,
      command: null,
    },
    { kind: 'registration-request', authKey: random(32), proof: random(64), invite: null },
    {
      kind: 'registration-answer',
      result: 'registered',
      mailbox: random(16),
      retentionMs: 1,
      mailsMax: 1,
    },
    { kind: 'descriptor-answer', result: 'accepted' },
  ];
  return frames.map((frame) => encodeFrame(frame, pullMailCount));
}
