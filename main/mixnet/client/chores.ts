// What a client does from time to time: it tells of received messages again until they are taken,
// ends messages whose recipient's provider is gone, and forgets what is too old to be kept.
import type { Now } from '../../../shared/time.ts';
import type { Absence } from './absence.ts';
import { type ClientEffect, EXPIRE_MS, RECEIVED_AGAIN_MS } from './contract.ts';
import type { Inbox } from './inbox.ts';
import type { ClientStore } from './store.ts';

export type Chores = {
  readonly dueAtMs: () => number;
  /** Does one thing that is due. */
  readonly run: (now: Now) => readonly ClientEffect[];
  readonly received: (ids: readonly number[]) => void;
  /** Everything that waits is told again. */
  readonly tellAgain: () => void;
  readonly hasToTell: () => boolean;
  /** The next message to tell of, once. */
  readonly takeToTell: () => number | null;
};

export type ChoreParts = {
  readonly store: ClientStore;
  readonly inbox: Inbox;
  readonly absence: Absence;
  /** The client has its link, and room to write. */
  readonly isKnown: () => boolean;
  /** Nothing that belongs to unfinished messages can lie at the provider. */
  readonly isMailDrained: () => boolean;
};

export function createChores(parts: ChoreParts, start: Now): Chores {
  const { store, inbox, absence } = parts;
  let toTell: number[] = [...inbox.waiting()];
  let tellAgainAtMs = start.monotonicMs + RECEIVED_AGAIN_MS;
  let expireAtMs = start.monotonicMs + EXPIRE_MS;
  const tellAgain = (): void => {
    toTell = [...inbox.waiting()];
  };
  const dueAtMs = (): number => {
    const ownAtMs = Math.min(expireAtMs, absence.dueAtMs());
    return inbox.isEmpty() ? ownAtMs : Math.min(tellAgainAtMs, ownAtMs);
  };
  return {
    dueAtMs,
    run: (now) => {
      if (now.monotonicMs >= absence.dueAtMs()) {
        const over = absence.look(now, parts.isKnown());
        return over.map((progress) => ({ kind: 'progress', progress }));
      }
      if (now.monotonicMs >= tellAgainAtMs) {
        tellAgainAtMs = now.monotonicMs + RECEIVED_AGAIN_MS;
        tellAgain();
      } else if (now.monotonicMs >= expireAtMs) {
        expireAtMs = now.monotonicMs + EXPIRE_MS;
        // The rest of an unfinished message may be in the backlog.
        if (parts.isMailDrained()) inbox.expire(now.unixMs);
        store.expire(now.unixMs);
      }
      return [];
    },
    received: (ids) => toTell.push(...ids),
    tellAgain,
    hasToTell: () => toTell.length > 0,
    takeToTell: () => toTell.shift() ?? null,
  };
}
