// One turn of the event loop, shared by all links of a process. TLS hands over what lies in a
// socket frame after frame, without a pause for anything else; so reading stops after a while, and
// what the frames before brought about is written and timers are looked at before it goes on.

/** Reading of all links in one turn: about eight frames that are unwrapped in the same thread. */
export const READ_MS_MAX = 1;
/** As many are read in any case: on a busy machine the time passes without work. */
export const READ_FRAMES_MIN = 4;

export class Turn {
  #startedAtMs: number | null = null;
  #frames = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * Told of each frame when it was dealt with. Where enough was read in this turn it takes
   * `goOn`, to be called in the next one, and gives true: the caller is to read no more until then.
   */
  isOver(nowMs: number, goOn: () => void): boolean {
    if (this.#startedAtMs === null) {
      this.#startedAtMs = nowMs;
      setImmediate(() => this.#end());
    }
    this.#frames += 1;
    if (this.#frames < READ_FRAMES_MIN || nowMs - this.#startedAtMs < READ_MS_MAX) return false;
    this.#waiting.push(goOn);
    return true;
  }

  #end(): void {
    this.#startedAtMs = null;
    this.#frames = 0;
    for (const goOn of this.#waiting.splice(0)) goOn();
  }
}
