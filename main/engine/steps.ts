// How the program's parts do what takes time: one step after another, each a transaction, in
// moments in which no emission is near (main/mixnet/client/steps.ts).
import type { ClientHands } from '../mixnet/client/contract.ts';
import { type OpenDb, transaction } from '../store/handle.ts';

/**
 * Runs `run` in its turn as one transaction; resolves with what it gives once that is durable.
 * Rejects with what it throws, undone. `hands` is null where no network was joined. Events are told
 * after it, never in it: a step that was undone has told nothing.
 */
export type Steps = <T>(run: (hands: ClientHands | null) => T, quietMs?: number) => Promise<T>;

/** Steps of a program that has joined no network: at once. */
export function directSteps(db: OpenDb): Steps {
  return async (run) => transaction(db, () => run(null));
}
