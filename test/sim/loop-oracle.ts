// Which packets are loops of nodes: what no node can tell, and a hostile one in the simulator is
// told. It notes what nodes build, and follows it through every hop.
import { HEADER_SIZE, PACKET_SIZE } from '../../shared/sphinx/geometry.ts';
import type { Sphinx } from '../../shared/sphinx/packet.ts';

export type LoopOracle = {
  /** For every node, which builds nothing but loops. */
  readonly ofNodes: (sphinx: Sphinx) => Sphinx;
  /** From here on it keeps what it needs; without memory before. */
  readonly open: () => void;
  readonly isNodeLoop: (frame: Uint8Array) => boolean;
};

export function createLoopOracle(): LoopOracle {
  const headers = new Set<string>();
  let isOpen = false;
  const note = (header: Uint8Array | undefined): void => {
    if (isOpen && header !== undefined) headers.add(nameOf(header));
  };
  return {
    ofNodes: (sphinx) => ({
      wrap: (options) => {
        const packet = sphinx.wrap(options);
        note(packet ?? undefined);
        return packet;
      },
      createHeader: (options) => {
        const ready = sphinx.createHeader(options);
        note(ready?.header);
        return ready;
      },
      unwrap: (packet, ...given) => {
        const isKnown = isOpen && headers.has(nameOf(packet));
        const unwrapped = sphinx.unwrap(packet, ...given);
        if (isKnown && unwrapped.kind === 'forward') note(unwrapped.packet);
        return unwrapped;
      },
    }),
    open: () => {
      isOpen = true;
    },
    isNodeLoop: (frame) => {
      const at = frame.length - PACKET_SIZE;
      return at >= 0 && headers.has(nameOf(frame.subarray(at, at + HEADER_SIZE)));
    },
  };
}

/** A header's first field, which differs in every packet and at every hop. */
function nameOf(header: Uint8Array): string {
  return Buffer.from(header.buffer, header.byteOffset, 40).toString('latin1');
}
