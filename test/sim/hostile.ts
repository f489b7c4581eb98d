// Nodes that act against the network on real packets: each turns what a production role sends into
// what a hostile one would. They see frames only, as the code of a node does.
import { frameKindOf } from '../../shared/network/frame-sizes.ts';
import { drawBelow, drawExponential, drawUnit, type RandomSource } from '../../shared/random.ts';
import { HEADER_SIZE, PACKET_SIZE } from '../../shared/sphinx/geometry.ts';
import type { Hostile } from './parts.ts';

const untouched = (frame: Uint8Array) => [{ frame, laterMs: 0 }];
const isPacket = (frame: Uint8Array) => frameKindOf(frame[0] ?? 0) === 'sphinx';
/** Where the packet's payload begins in its frame. */
const payloadOffset = (frame: Uint8Array) => frame.length - PACKET_SIZE + HEADER_SIZE;

/** Applies `act` to a share of the packets and leaves everything else alone. */
function toShare(
  random: RandomSource,
  share: number,
  act: (frame: Uint8Array) => ReturnType<Hostile>,
) {
  return (frame: Uint8Array) =>
    isPacket(frame) && drawUnit(random) <= share ? act(frame) : untouched(frame);
}

export type HostileName = 'lose' | 'delay' | 'replay' | 'tag' | 'flood' | 'spare';

/** The behaviours of one frame-level attacker, by name. `isSpared` tells what it treats well. */
export function hostile(
  name: HostileName,
  random: RandomSource,
  isSpared: (frame: Uint8Array) => boolean = () => false,
): Hostile {
  switch (name) {
    case 'lose':
      return toShare(random, 0.3, () => []);
    case 'delay':
      return toShare(random, 0.5, (frame) => [{ frame, laterMs: 2_000 }]);
    case 'replay':
      return toShare(random, 0.5, (frame) => [
        { frame, laterMs: 0 },
        { frame: frame.slice(), laterMs: drawExponential(random, 500) },
        { frame: frame.slice(), laterMs: drawExponential(random, 60_000) },
      ]);
    case 'tag':
      return toShare(random, 0.5, (frame) => {
        const tagged = frame.slice();
        const at = payloadOffset(frame) + drawBelow(random, PACKET_SIZE - HEADER_SIZE);
        tagged[at] = (tagged[at] ?? 0) ^ 1;
        return [{ frame: tagged, laterMs: 0 }];
      });
    case 'flood':
      return toShare(random, 0.2, (frame) => [
        { frame, laterMs: 0 },
        ...Array.from({ length: 50 }, () => {
          const garbage = frame.slice();
          random.fill(garbage.subarray(garbage.length - PACKET_SIZE));
          return { frame: garbage, laterMs: drawExponential(random, 100) };
        }),
      ]);
    case 'spare':
      return (frame) =>
        isPacket(frame) && !isSpared(frame) && drawUnit(random) <= 0.5 ? [] : untouched(frame);
  }
}
