// Runs one role on sockets: gives it inputs with the time, carries out its effects in order, and
// keeps exactly one timer, for the instant it asked for. Nothing else in a process schedules a
// role's work, so when a frame leaves depends on the role's own instants alone. What falls due
// while inputs come one after another (a read may bring many frames) is woken between two of them.
import type { Now } from '../../shared/time.ts';
import type { LinkEffect, LinkInput, PeerId, Role } from '../mixnet/role.ts';
import type { SendOutcome } from './link-counters.ts';

/**
 * Longest sleep of the timer: a role sees a clock that jumped, or a machine that slept, within it.
 */
export const SLEEP_MS_MAX = 60_000;

/**
 * What a driver needs of links; `Links` of links.ts, made by the caller with `onInput` given here.
 */
export type DrivenLinks = {
  readonly send: (peer: PeerId, frame: Uint8Array) => SendOutcome;
  readonly setNeighbours: (neighbours: (LinkEffect & { kind: 'neighbours' })['neighbours']) => void;
  readonly close: (peer: PeerId) => void;
};

export type DriverOptions<Input, Effect extends { readonly kind: string }> = {
  readonly role: Role<Input | LinkInput, Effect | LinkEffect>;
  readonly now: () => Now;
  readonly links: (onInput: (input: LinkInput) => void) => DrivenLinks;
  /** Carries out what is not for links. */
  readonly carryOut: (effect: Effect) => void;
  /** Hears of each frame that was not sent, so that a ledger can be true. */
  readonly onLost?: (
    peer: PeerId,
    frame: Uint8Array,
    outcome: Exclude<SendOutcome, 'sent'>,
  ) => void;
  /**
   * Hears of what a step threw, once; the role is given nothing after it. Where absent, or where it
   * throws itself, nobody catches the exception and the process ends.
   */
  readonly onFault?: (error: unknown) => void;
};

/** How late wakes were, in ms after the instant asked for. */
export type Lag = { readonly wakes: number; readonly meanMs: number; readonly maxMs: number };

export class Driver<Input, Effect extends { readonly kind: string }> {
  readonly #options: DriverOptions<Input, Effect>;
  readonly #links: DrivenLinks;
  readonly #waiting: (Input | LinkInput)[] = [];
  #isRunning = false;
  #isEnded = false;
  #timer: NodeJS.Timeout | null = null;
  #armedForMs: number | null = null;
  #wakes = 0;
  #lagSumMs = 0;
  #lagMaxMs = 0;

  constructor(options: DriverOptions<Input, Effect>) {
    this.#options = options;
    this.#links = options.links((input) => this.input(input));
    this.#run(() => options.role.wake(options.now()));
  }

  /**
   * Gives the role an input. One that arises while effects are carried out waits for those behind.
   */
  input(input: Input | LinkInput): void {
    if (this.#isEnded) return;
    if (this.#isRunning) {
      this.#waiting.push(input);
      return;
    }
    // What was due comes before it, and what fell due meanwhile does not wait for a timer.
    if (this.#isDue()) this.#wake();
    this.#run(() => this.#options.role.receive(input, this.#options.now()));
    if (this.#isDue()) this.#wake();
  }

  get lag(): Lag {
    const meanMs = this.#wakes === 0 ? 0 : this.#lagSumMs / this.#wakes;
    return { wakes: this.#wakes, meanMs, maxMs: this.#lagMaxMs };
  }

  /** The role is given nothing from here on. Links are for their owner to end. */
  end(): void {
    this.#isEnded = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #run(step: () => readonly (Effect | LinkEffect)[]): void {
    this.#isRunning = true;
    try {
      for (const effect of step()) this.#carryOut(effect);
      for (let input = this.#waiting.shift(); input !== undefined; input = this.#waiting.shift()) {
        const effects = this.#options.role.receive(input, this.#options.now());
        for (const effect of effects) this.#carryOut(effect);
      }
    } catch (error) {
      const { onFault } = this.#options;
      if (onFault === undefined) throw error;
      this.end();
      onFault(error);
    } finally {
      this.#isRunning = false;
    }
    this.#arm();
  }

  #carryOut(effect: Effect | LinkEffect): void {
    if (!isLinkEffect(effect)) {
      this.#options.carryOut(effect);
      return;
    }
    switch (effect.kind) {
      case 'send': {
        const outcome = this.#links.send(effect.peer, effect.frame);
        if (outcome !== 'sent') this.#options.onLost?.(effect.peer, effect.frame, outcome);
        return;
      }
      case 'neighbours':
        this.#links.setNeighbours(effect.neighbours);
        return;
      case 'close':
        this.#links.close(effect.peer);
    }
  }

  #arm(): void {
    if (this.#isEnded) return;
    const at = this.#options.role.nextWakeAt();
    if (at === this.#armedForMs && this.#timer !== null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#armedForMs = at;
    const leftMs = at === null ? SLEEP_MS_MAX : at - this.#options.now().monotonicMs;
    // Rounded up: a timer that is early by a fraction would only be set again.
    const sleepMs = Math.min(SLEEP_MS_MAX, Math.max(1, Math.ceil(leftMs)));
    this.#timer = setTimeout(() => this.#wake(), sleepMs);
  }

  #isDue(): boolean {
    const at = this.#armedForMs;
    return !this.#isEnded && at !== null && this.#options.now().monotonicMs >= at;
  }

  #wake(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const now = this.#options.now();
    const at = this.#armedForMs;
    if (at !== null && now.monotonicMs >= at) {
      const lagMs = now.monotonicMs - at;
      this.#wakes += 1;
      this.#lagSumMs += lagMs;
      this.#lagMaxMs = Math.max(this.#lagMaxMs, lagMs);
    }
    this.#run(() => this.#options.role.wake(now));
  }
}

const linkEffectKinds: ReadonlySet<string> = new Set<LinkEffect['kind']>([
  'send',
  'neighbours',
  'close',
]);

function isLinkEffect(effect: { readonly kind: string }): effect is LinkEffect {
  return linkEffectKinds.has(effect.kind);
}
