// Writes that follow from an emission and are not done in its step: they wait for a quiet moment,
// and for room on the disk.
import type { ClientEffect } from './contract.ts';
import type { Outbox } from './outbox.ts';
import type { StoreRoom } from './store-room.ts';

export type Writes = {
  /** Keeps a write; one that finds no room is done again. */
  readonly later: (write: () => void) => void;
  /** The first packet of a message has left: that is to be durable, and told. */
  readonly onLeft: (id: number) => void;
  readonly isWaiting: () => boolean;
  /** Does the oldest one. It waits on where it throws. */
  readonly step: () => readonly ClientEffect[];
};

export function createWrites(outbox: Outbox, room: StoreRoom): Writes {
  const waiting: (() => readonly ClientEffect[])[] = [];
  return {
    later: (write) => {
      waiting.push(() => {
        write();
        return [];
      });
    },
    onLeft: (id) => {
      waiting.push(() => {
        const progress = outbox.markInMix(id);
        return progress === null ? [] : [{ kind: 'progress', progress }];
      });
    },
    isWaiting: () => waiting.length > 0 && !room.isFull(),
    step: () => {
      const effects = waiting[0]?.() ?? [];
      waiting.shift();
      return effects;
    },
  };
}
