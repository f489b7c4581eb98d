// The only way to state a programmer error: a condition that must hold whatever the input is.
// Always on, in production too. Input from outside is never checked with this; it gets a value that
// says so.

/** Throws when `condition` does not hold; `what` says what must hold and carries no secret. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`must hold: ${what}`);
}

/** Ends a switch over a closed union; reached only when a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`case not handled: ${typeof value}`);
}
