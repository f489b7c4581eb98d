// Promises that somebody else settles later, and cannot once he has failed: all that wait are
// rejected then, and so is each that comes after.

export class Unsettled {
  readonly #rejects = new Set<(error: unknown) => void>();
  #fault: { readonly error: unknown } | null = null;

  /** As `new Promise(begin)`. After `fail` it is rejected at once, and `begin` is not called. */
  promise<T>(
    begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== null) throw this.#fault.error;
      this.#rejects.add(reject);
      const settled = <V>(settle: (value: V) => void) => {
        return (value: V): void => {
          this.#rejects.delete(reject);
          settle(value);
        };
      };
      begin(settled<T>(resolve), settled<unknown>(reject));
    });
  }

  /** Nobody settles anything from here on. */
  fail(error: unknown): void {
    this.#fault = { error };
    for (const reject of this.#rejects) reject(error);
    this.#rejects.clear();
  }
}
