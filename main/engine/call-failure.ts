// A call that could not be carried out for a reason the contract names.
import type { FailureCode } from '../../shared/api.ts';

/** Thrown by a handler; becomes the reply's code. The message names no value of a user. */
export class CallFailure extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}
