// The clock that the other ends of links are judged by: it goes only while this process has its
// turns. A process that was itself held up (a busy machine, a stopped process, a suspended one) has
// read nothing meanwhile, so what it did not hear in that time is nobody's silence.

export type RunningClockOptions = {
  readonly nowMs: () => number;
  /** What passes between two looks at the most; the rest is time in which this process stood. */
  readonly lookMsMax: number;
  /**
   * Longer than this was a sleep: the others have given this end up meanwhile, so the whole of it
   * counts, and a link is over unless something came by the look after it.
   */
  readonly sleepMsMin: number;
};

export class RunningClock {
  readonly #options: RunningClockOptions;
  #lookedAtMs: number;
  #ranMs = 0;
  #isPutOff = false;

  constructor(options: RunningClockOptions) {
    this.#options = options;
    this.#lookedAtMs = options.nowMs();
  }

  /** The given clock, which stands still for nobody. */
  get nowMs(): number {
    return this.#options.nowMs();
  }

  /** Milliseconds for which this process ran; never goes back. */
  get runningMs(): number {
    return this.#ranMs + this.#ranSince(this.nowMs - this.#lookedAtMs);
  }

  /**
   * To be called by a timer several times in `lookMsMax`. True where others may be judged now: not
   * at the first look after a stop, since a timer comes before what lies in the sockets by then.
   */
  look(): boolean {
    const now = this.nowMs;
    const passedMs = now - this.#lookedAtMs;
    this.#ranMs += this.#ranSince(passedMs);
    this.#lookedAtMs = now;
    // Once and no more: between two looks the loop reads, however late the second one is.
    this.#isPutOff = passedMs > this.#options.lookMsMax && !this.#isPutOff;
    return !this.#isPutOff;
  }

  #ranSince(passedMs: number): number {
    const { lookMsMax, sleepMsMin } = this.#options;
    return passedMs > sleepMsMin ? passedMs : Math.min(passedMs, lookMsMax);
  }
}
