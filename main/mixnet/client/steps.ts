// Steps of the program: what a user, or a message that came in, has the program do, each in one
// transaction with what the client does for it (design section 4). A step runs in a moment in which
// no emission is near, like everything else that takes time, so that nothing a user does stands
// before bytes that are due.
import { assert } from '../../../shared/assert.ts';
import type { ClientHands, ClientStep, SendCommand, SendOutcome } from './contract.ts';
import type { Inbox } from './inbox.ts';
import type { Mail } from './mail.ts';
import type { Outbox } from './outbox.ts';
import type { ClientStore, StoredMessage } from './store.ts';

export type StepOptions = {
  readonly store: ClientStore;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly mail: () => Mail | null;
  /** Stores a message whole; what the outbox is to be given once that is durable. */
  readonly place: (send: Omit<SendCommand, 'kind' | 'ref'>) => SendOutcome & {
    readonly stored?: StoredMessage;
  };
};

/** The step was undone after the client had changed what it knows: it has to start anew. */
export class StepLostError extends Error {
  constructor(cause: unknown) {
    super('a step was undone after it had changed the client', { cause });
    this.name = 'StepLostError';
  }
}

/**
 * Runs a step. Where it throws, everything it did is undone and `onEnd` hears it; throws
 * `StepLostError` where only a restart from the store can undo it.
 */
export function runStep(options: StepOptions, step: ClientStep): void {
  const { store, outbox, inbox } = options;
  const placed: StoredMessage[] = [];
  const taken: number[] = [];
  let hasChanged = false;
  let isOpen = true;
  const now = <T>(work: () => T): T => {
    assert(isOpen, 'hands are used inside their step');
    return work();
  };
  const hands: ClientHands = {
    send: (send) =>
      now(() => {
        const outcome = options.place(send);
        if (outcome.stored !== undefined) placed.push(outcome.stored);
        return outcome.ok ? { ok: true, id: outcome.id } : outcome;
      }),
    take: (id) =>
      now(() => {
        store.take(id);
        taken.push(id);
      }),
    cancel: (id) =>
      now(() => {
        const isCancelled = outbox.cancel(id);
        hasChanged ||= isCancelled;
        return isCancelled;
      }),
    resend: (id) =>
      now(() => {
        const renewed = outbox.renew(id);
        hasChanged ||= renewed !== null;
        return renewed?.id ?? null;
      }),
    forget: (id) =>
      now(() => {
        hasChanged = true;
        outbox.forget(id);
      }),
    token: (command) =>
      now(() => {
        const numbered = options.mail()?.addCommand(command) ?? null;
        hasChanged ||= numbered !== null;
        return numbered?.number ?? null;
      }),
    setToken: (token) =>
      now(() => {
        hasChanged = true;
        options.mail()?.setToken(token);
      }),
  };
  try {
    store.atomically(() => step.run(hands));
  } catch (error) {
    isOpen = false;
    step.onEnd(error);
    if (hasChanged) throw new StepLostError(error);
    return;
  }
  isOpen = false;
  for (const stored of placed) outbox.add(stored);
  for (const id of taken) inbox.taken(id);
  step.onEnd(null);
}
