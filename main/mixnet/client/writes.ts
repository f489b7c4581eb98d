// Writes that follow from an emission and are not done in its step: they wait for a quiet moment,
// and for room on the disk.
import type { ClientEffect } from './contract.ts';
import type { Outbox } from './outbox.ts';
import type { MessageProgress } from './outbox-message.ts';
import type { StoreRoom } from './store-room.ts';

export type Writes = {
  /** Keeps a write; one that finds no room is done again. */
  readonly later: (write: () => void) => void;
  /** The first packet of a message has left: that is to be durable, and told. */
  readonly onLeft: (id: number) => void;
  /** No packet can be made for a message: it is over, and that is told. */
  readonly onUnbuildable: (id: number) => void;
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
      waiting.push(() => told(outbox.markInMix(id)));
    },
    onUnbuildable: (id) => {
      waiting.push(() => told(outbox.giveUp(id)));
    },
    isWaiting: () => waiting.length > 0 && !room.isFull(),
    step: () => {
      const effects = waiting[0]?.() ?? [];
      waiting.shift();
      return effects;
    },
  };
}

const told = (progress: MessageProgress | null): readonly ClientEffect[] =>
  progress === null ? [] : [{ kind: 'progress', progress }];
