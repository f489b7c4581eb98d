// What the program asks of its client between emissions: steps, looks and whether it holds back,
// each answered when the role has come to it (docs/architecture.md).
import type { ClientCommand } from '../mixnet/client/client.ts';
import { StepsFullError } from '../mixnet/client/commands.ts';
import type { ClientLook, ClientStep } from '../mixnet/client/contract.ts';
import { isStoreFull } from '../mixnet/store-full.ts';
import { CallFailure } from './call-failure.ts';
import type { Mixnet, NetworkListener } from './mixnet.ts';
import type { Steps } from './steps.ts';
import type { Unsettled } from './unsettled.ts';

/** A driver, of a role that takes these. */
export type Takes<Command> = { readonly input: (command: Command) => void };

/** What waits leaves at no time that could be told: the program says so of its messages. */
export function holdOver(
  driver: Takes<ClientCommand>,
  program: Pick<NetworkListener, 'statusChanged'>,
): Mixnet['hold'] {
  return (isHeld) => {
    driver.input({ kind: 'hold', isHeld });
    program.statusChanged();
  };
}

/** Runs a step of the store in a quiet moment. */
export function stepsOver(driver: Takes<ClientStep>, unsettled: Unsettled): Steps {
  return (run, quietMs) =>
    unsettled.promise((resolve, reject) => {
      let value: ReturnType<typeof run>;
      driver.input({
        kind: 'step',
        run: (hands) => {
          value = run(hands);
        },
        onEnd: (error) => (error === null ? resolve(value) : reject(asFailure(error))),
        ...(quietMs === undefined ? {} : { quietMs }),
      });
    });
}

/** A step, and what follows it before anything else does. */
export function exchangeOver(driver: Takes<ClientStep>, unsettled: Unsettled): Mixnet['exchange'] {
  return ({ run, after }, quietMs) =>
    unsettled.promise<void>((resolve, reject) => {
      const onEnd = (error: unknown): void => {
        try {
          if (error !== null) throw error;
          after();
          resolve();
        } catch (failure) {
          reject(asFailure(failure));
        }
      };
      driver.input({ kind: 'step', run, onEnd, quietMs });
    });
}

/** Reads what the role holds, while no emission is near. */
export function lookOver<T>(
  driver: Takes<ClientLook>,
  unsettled: Unsettled,
  read: () => T,
): Promise<T> {
  return unsettled.promise((resolve, reject) => {
    const look = (): void => {
      try {
        resolve(read());
      } catch (error) {
        reject(error);
      }
    };
    const onFull = (): void => reject(asFailure(new StepsFullError()));
    driver.input({ kind: 'look', look, onFull });
  });
}

/** What a call is refused with. */
export function asFailure(error: unknown): unknown {
  if (isStoreFull(error))
    return new CallFailure('store_full', 'the disk is full; nothing was changed');
  if (!(error instanceof StepsFullError)) return error;
  return new CallFailure('busy', 'steps: too many wait already');
}
