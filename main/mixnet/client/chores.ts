// What a client does from time to time: it tells of received messages again until they are taken,
// and forgets what is too old to be kept.
import type { Now } from '../../../shared/time.ts';
import { EXPIRE_MS, RECEIVED_AGAIN_MS } from './contract.ts';
import type { Inbox } from './inbox.ts';
import type { ClientStore } from './store.ts';

export type Chores = {
  readonly dueAtMs: () => number;
  /** Does what is due. */
  readonly run: (now: Now) => void;
  readonly received: (ids: readonly number[]) => void;
  /** Everything that waits is told again. */
  readonly tellAgain: () => void;
  readonly hasToTell: () => boolean;
  /** The next message to tell of, once. */
  readonly takeToTell: () => number | null;
};

export function createChores(inbox: Inbox, store: ClientStore, start: Now): Chores {
  let toTell: number[] = [...inbox.waiting()];
  let tellAgainAtMs = start.monotonicMs + RECEIVED_AGAIN_MS;
  let expireAtMs = start.monotonicMs + EXPIRE_MS;
  const tellAgain = (): void => {
    toTell = [...inbox.waiting()];
  };
  return {
    dueAtMs: () => (inbox.isEmpty() ? expireAtMs : Math.min(tellAgainAtMs, expireAtMs)),
    run: (now) => {
      if (now.monotonicMs >= tellAgainAtMs) {
        tellAgainAtMs = now.monotonicMs + RECEIVED_AGAIN_MS;
        tellAgain();
      } else if (now.monotonicMs >= expireAtMs) {
        expireAtMs = now.monotonicMs + EXPIRE_MS;
        inbox.expire(now.unixMs);
        store.expire(now.unixMs);
      }
    },
    received: (ids) => toTell.push(...ids),
    tellAgain,
    hasToTell: () => toTell.length > 0,
    takeToTell: () => toTell.shift() ?? null,
  };
}
