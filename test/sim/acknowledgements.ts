// What a provider that means harm can do with the acknowledgement headers that it is handed: it
// reads them as the last hop's code does, knows them again among the packets that it sends, and
// withholds, repeats, hurries or exchanges them.
import { equalBytes } from '../../shared/bytes.ts';
import { decodePayload, FORWARD_DESTINATION } from '../../shared/network/payload.ts';
import { drawExponential, drawUnit, type RandomSource } from '../../shared/random.ts';
import { HEADER_SIZE, PACKET_SIZE, PAYLOAD_ZEROS_SIZE } from '../../shared/sphinx/geometry.ts';
import type { Sphinx } from '../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../shared/sphinx/payload.ts';
import type { Hostile } from './parts.ts';

export const ACKNOWLEDGEMENT_MISUSES = ['withhold', 'repeat', 'hurry', 'exchange'] as const;
export type AcknowledgementMisuse = (typeof ACKNOWLEDGEMENT_MISUSES)[number];

/** Of the payload table: kind 1, mailbox 16, token 16, then the delay. */
const DELAY_OFFSET = PAYLOAD_ZEROS_SIZE + 33;
const WITHHELD_SHARE = 0.5;

export type AcknowledgementDesk = {
  /** For the provider's role: notes every acknowledgement header that is unwrapped. */
  readonly sphinx: Sphinx;
  /** From here on the provider misuses them; gives what it does to the frames that it sends. */
  readonly misuse: (name: AcknowledgementMisuse, random: RandomSource) => Hostile;
};

/** Honest, and without memory, until it is told otherwise. */
export function createAcknowledgementDesk(sphinx: Sphinx): AcknowledgementDesk {
  let misuse: AcknowledgementMisuse | null = null;
  /** Headers that were handed over and have not left yet. */
  const held = new Set<string>();

  const note = (payload: Uint8Array): void => {
    const plaintext = unpadPayload(payload);
    const decoded = plaintext === null ? null : decodePayload(plaintext);
    if (decoded?.ok !== true) return;
    held.add(nameOf(decoded.payload.acknowledgement.header));
    // The role that waits no time is the production one still: it obeys a table that says so.
    if (misuse === 'hurry') payload.fill(0, DELAY_OFFSET, DELAY_OFFSET + 8);
  };
  const takes = (frame: Uint8Array): boolean => {
    const at = frame.length - PACKET_SIZE;
    return at >= 0 && held.delete(nameOf(frame.subarray(at, at + HEADER_SIZE)));
  };
  return {
    sphinx: {
      ...sphinx,
      unwrap: (...given) => {
        const unwrapped = sphinx.unwrap(...given);
        const isForward =
          unwrapped.kind === 'final' && equalBytes(unwrapped.destination, FORWARD_DESTINATION);
        if (misuse !== null && isForward) note(unwrapped.payload);
        return unwrapped;
      },
    },
    misuse: (name, random) => {
      misuse = name;
      const act = actOf(name, random);
      return (frame, to, atMs) => (takes(frame) ? act(frame, to, atMs) : [{ frame, laterMs: 0 }]);
    },
  };
}

function actOf(name: AcknowledgementMisuse, random: RandomSource): Hostile {
  const waiting = new Map<string, Uint8Array>();
  switch (name) {
    case 'withhold':
      return (frame) => (drawUnit(random) <= WITHHELD_SHARE ? [] : [{ frame, laterMs: 0 }]);
    case 'repeat':
      return (frame) => [
        { frame, laterMs: 0 },
        { frame: frame.slice(), laterMs: drawExponential(random, 5_000) },
      ];
    case 'hurry':
      // A copy, so that what was hurried is counted as an act.
      return (frame) => [{ frame: frame.slice(), laterMs: 0 }];
    case 'exchange':
      return (frame, to) => {
        const before = waiting.get(to);
        waiting.set(to, frame);
        return before === undefined ? [] : [{ frame: before, laterMs: 0 }];
      };
  }
}

function nameOf(header: Uint8Array): string {
  return Buffer.from(header.buffer, header.byteOffset, 32).toString('latin1');
}
