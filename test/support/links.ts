// Ends of links for tests: real TLS on loopback, a clock that can be pushed forward, and everything
// that an end was told, in order.
import { setImmediate } from 'node:timers/promises';
import type { LinkInput, Neighbour, PeerId } from '../../main/mixnet/role.ts';
import { createLinkKey, type LinkKey } from '../../main/net/certificate.ts';
import { Links, type LinksOptions, SWEEP_MS } from '../../main/net/links.ts';
import { monotonicMs, systemRandom } from '../../main/system.ts';
import { toHex } from '../../shared/bytes.ts';

/** Kind 1: 8 bytes, kind 2: 2,416 bytes, as a Sphinx frame. */
export const testFrameSizes = (kind: number) => ({ 1: 8, 2: 2_416 })[kind] ?? null;

export function testFrame(kind: 1 | 2, second = 0): Uint8Array {
  const frame = new Uint8Array(testFrameSizes(kind) ?? 0).fill(7);
  frame[0] = kind;
  frame[1] = second;
  return frame;
}

export type TestEnd = {
  readonly links: Links;
  readonly key: LinkKey | null;
  readonly inputs: LinkInput[];
  readonly port: number;
  /** Lets so much time pass in which this end runs and looks at its deadlines. */
  readonly advance: (ms: number) => Promise<void>;
  /** Lets so much time pass in which this end stands still. */
  readonly stand: (ms: number) => void;
  readonly frames: () => Uint8Array[];
  readonly kinds: () => string[];
};

const open: Links[] = [];

/** Ends every end that was made; for `afterEach`. */
export async function endAll(): Promise<void> {
  await Promise.all(open.splice(0).map((links) => links.end()));
}

export async function createEnd(options: Partial<LinksOptions> = {}): Promise<TestEnd> {
  let aheadMs = 0;
  const inputs: LinkInput[] = [];
  const key = options.key === undefined ? createLinkKey() : options.key;
  const links = new Links({
    frameSizes: testFrameSizes,
    listen: null,
    random: systemRandom,
    onInput: (input) => inputs.push(input),
    ...options,
    nowMs: () => monotonicMs() + aheadMs,
    key,
  });
  open.push(links);
  const port = await links.listen();
  return {
    links,
    key,
    inputs,
    port,
    advance: async (ms) => {
      for (let leftMs = ms; leftMs > 0; leftMs -= SWEEP_MS) {
        aheadMs += Math.min(leftMs, SWEEP_MS);
        links.look();
        await setImmediate();
      }
    },
    stand: (ms) => {
      aheadMs += ms;
    },
    frames: () => inputs.flatMap((input) => (input.kind === 'frame' ? [input.frame] : [])),
    kinds: () => inputs.map(({ kind }) => kind),
  };
}

/** Where a listening test end takes peers. */
export const onLoopback = (acceptsAnonymous: boolean, perAddressMax = 64) => ({
  host: '127.0.0.1',
  port: 0,
  acceptsAnonymous,
  perAddressMax,
});

export function peerOf(end: TestEnd): PeerId {
  return `node:${toHex(end.key?.hash ?? new Uint8Array(0))}`;
}

/** `end` as a neighbour of somebody; `dials` false where it is the one that dials. */
export function neighbourOf(end: TestEnd, dials = true): Neighbour {
  return {
    peer: peerOf(end),
    addresses: dials ? [`127.0.0.1:${end.port}`] : [],
    linkKeyHash: end.key?.hash ?? new Uint8Array(0),
  };
}
