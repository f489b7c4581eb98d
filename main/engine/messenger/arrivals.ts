// What the client tells, brought into steps: messages that came in, and what became of those that
// went out. Whatever could not be done is told again by the client, or held here until it can be.
import type { MessageProgress } from '../../mixnet/client/outbox-message.ts';
import type { ReceivedMessage } from '../../mixnet/client/store.ts';
import { CallFailure, isPassing } from '../call-failure.ts';
import type { Deliveries } from './delivery.ts';
import type { Parts } from './parts.ts';
import type { Receiving } from './receiving.ts';

/** A message over which this program fails so often is put aside: it would come for ever. */
export const ATTEMPTS_MAX = 5;
/** Progress of so many messages is stored in one step. */
export const PROGRESS_PER_STEP = 16;
/** Before progress that could not be stored is stored again. */
const PROGRESS_AGAIN_MS = 5_000;

export type Arrivals = {
  readonly received: (message: ReceivedMessage) => boolean;
  readonly progress: (progress: MessageProgress) => void;
  readonly close: () => void;
};

export function createArrivals(
  parts: Parts,
  receiving: Receiving,
  deliveries: Deliveries,
  takesRaw: boolean,
): Arrivals {
  const { sessions, counts, log } = parts;
  const underWay = new Set<number>();
  const attempts = new Map<number, number>();
  /** By the client's id, the newest of each. */
  const waiting = new Map<number, MessageProgress>();
  let isStoring = false;
  let takeBack: (() => void) | null = null;

  const take = async (message: ReceivedMessage): Promise<void> => {
    const { id, contactTag, bytes, arrivedUnixMs } = message;
    const tries = (attempts.get(id) ?? 0) + 1;
    try {
      await parts.step((work) => {
        work.hands?.take(id);
        const target = sessions.tag(contactTag);
        if (target === null) counts.count('unknown_tag');
        else if (tries > ATTEMPTS_MAX) counts.count('failed');
        else receiving.receive(work, target, contactTag, { bytes, arrivedUnixMs });
      });
      attempts.delete(id);
    } catch (error) {
      // It is told again. A refusal for want of room or of the network is no fault of its own.
      if (isPassing(error)) return;
      attempts.set(id, tries);
      const code = error instanceof CallFailure ? error.code : null;
      const name = error instanceof Error ? error.name : 'unknown';
      log('error', 'receive_failed', { error: name, code });
    } finally {
      underWay.delete(id);
    }
  };

  const store = async (): Promise<void> => {
    if (isStoring) return;
    isStoring = true;
    try {
      while (waiting.size > 0) {
        const some = [...waiting.values()].slice(0, PROGRESS_PER_STEP);
        for (const { id } of some) waiting.delete(id);
        try {
          await parts.step((work) => {
            for (const one of some) deliveries.progressed(work, one);
          });
        } catch (error) {
          for (const one of some) if (!waiting.has(one.id)) waiting.set(one.id, one);
          throw error;
        }
      }
    } catch {
      takeBack ??= parts.later(() => {
        takeBack = null;
        void store();
      }, PROGRESS_AGAIN_MS);
    } finally {
      isStoring = false;
    }
  };

  return {
    received: (message) => {
      if (takesRaw && sessions.tag(message.contactTag) === null) return false;
      if (underWay.has(message.id)) return true;
      underWay.add(message.id);
      void take(message);
      return true;
    },
    progress: (progress) => {
      if (parts.outgoing.ofSent(progress.id) === null) return;
      waiting.set(progress.id, progress);
      void store();
    },
    close: () => takeBack?.(),
  };
}
