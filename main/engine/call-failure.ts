// A call that could not be carried out for a reason the contract names.
import type { FailureCode } from '../../shared/api.ts';

/** What it failed for may be over by and by: no room, no network. */
const passing: readonly FailureCode[] = [
  'busy',
  'codes_full',
  'locked',
  'no_network',
  'outbox_full',
  'store_full',
];

/** Whether the same may be done later, and not because of anything in it. */
export function isPassing(error: unknown): boolean {
  return error instanceof CallFailure && passing.includes(error.code);
}

/** Thrown by a handler; becomes the reply's code. The message names no value of a user. */
export class CallFailure extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}
