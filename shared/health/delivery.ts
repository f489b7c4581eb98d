// What own loops say of delivery, loop by loop: a window of the newest, an interval of the share
// that came back, and a state that stays between two thresholds (design section 2, "Health";
// docs/decisions/0047). Knows no clock: times are given, on one axis.
import { type Interval, wilson } from './interval.ts';

/** Decided loops that the state is made from at most. */
export const WINDOW_LOOPS_MAX = 150;
/** Older ones say nothing of now. */
export const WINDOW_MS_MAX = 15 * 60_000;
/** Below this many decided loops nothing is claimed. */
export const LOOPS_MIN = 20;
/** Losing where the whole interval of what comes back lies below; failing likewise. */
export const DEGRADED_BELOW = 0.95;
export const FAILING_BELOW = 0.8;
/**
 * Better again where the interval of the newest so many lies above the same threshold: all of 75,
 * or 29 of 30. What went before them is forgotten then.
 */
export const GOOD_AGAIN_LOOPS = 75;
export const DEGRADED_AGAIN_LOOPS = 30;
/** Slow where the interval of the share that is late lies above, no longer where it lies below. */
export const SLOW_LATE_SHARE = 0.2;
/** Mean intervals of the loop stream without a return: happens by itself once in 10^12. */
export const SILENCE_MEANS = 27.6;
/** Known losses that a silence must hold: without packets that left there is none. */
export const SILENCE_LOST_MIN = 5;

export type LoopOutcome = 'returned' | 'late' | 'lost' | 'void';
export type Delivery = 'measuring' | 'good' | 'slow' | 'degraded' | 'failing';

export type DecidedLoop = { readonly outcome: LoopOutcome; readonly atMs: number };

/** What a silence is measured by. */
export type Silence = {
  /** Since when the link stands and pulls are answered without backlog; null where they are not. */
  readonly listeningSinceMs: number | null;
  /** 1 / λL. */
  readonly loopIntervalMsMean: number;
  /** Until a loop that comes back is here at the latest. */
  readonly roundTripMsMax: number;
};

export class DeliveryMonitor {
  #window: DecidedLoop[] = [];
  #state: Delivery = 'measuring';
  #lastReturnMs: number | null = null;
  #lostSinceReturn = 0;

  get state(): Delivery {
    return this.#state;
  }

  /** Decided loops that the state is made from. */
  get decided(): number {
    return this.#window.length;
  }

  /** Of the window, what came back; null while it is empty. */
  get rate(): Interval | null {
    return wilson(this.#window.filter(isBack).length, this.#window.length);
  }

  /** Takes a loop that was decided. What is void says nothing, neither way. */
  decide(loop: DecidedLoop): void {
    if (loop.outcome === 'void') return;
    this.#window.push(loop);
    if (this.#window.length > WINDOW_LOOPS_MAX) this.#window.shift();
    if (isBack(loop)) {
      this.#lastReturnMs = Math.max(loop.atMs, this.#lastReturnMs ?? loop.atMs);
      this.#lostSinceReturn = 0;
    } else this.#lostSinceReturn += 1;
    this.#judge();
  }

  /** Looks at the time: what is too old goes, and a silence may have lasted too long. */
  look(nowMs: number, silence: Silence): void {
    const oldestMs = nowMs - WINDOW_MS_MAX;
    const kept = this.#window.filter(({ atMs }) => atMs >= oldestMs);
    if (kept.length < this.#window.length) {
      this.#window = kept;
      if (kept.length < LOOPS_MIN) this.#state = 'measuring';
    }
    const { listeningSinceMs, loopIntervalMsMean, roundTripMsMax } = silence;
    if (listeningSinceMs === null || this.#lostSinceReturn < SILENCE_LOST_MIN) return;
    const sinceMs = Math.max(listeningSinceMs, this.#lastReturnMs ?? -Infinity);
    const limitMs = SILENCE_MEANS * loopIntervalMsMean + roundTripMsMax;
    if (nowMs - sinceMs > limitMs) this.#state = 'failing';
  }

  /** For the better first, by the newest alone; then for the worse, by the whole window. */
  #judge(): void {
    if (this.#state === 'failing' && this.#isAbove(DEGRADED_AGAIN_LOOPS, FAILING_BELOW)) {
      this.#state = 'degraded';
    } else if (this.#state === 'degraded' && this.#isAbove(GOOD_AGAIN_LOOPS, DEGRADED_BELOW)) {
      this.#state = 'good';
    }
    const { rate } = this;
    if (rate === null || this.#window.length < LOOPS_MIN || this.#state === 'failing') return;
    if (rate.high < FAILING_BELOW) this.#state = 'failing';
    else if (rate.high < DEGRADED_BELOW) this.#state = 'degraded';
    else if (this.#state === 'measuring') this.#state = 'good';
    this.#judgeLateness();
  }

  #judgeLateness(): void {
    if (this.#state !== 'good' && this.#state !== 'slow') return;
    const back = this.#window.filter(isBack);
    const late = wilson(back.filter(({ outcome }) => outcome === 'late').length, back.length);
    if (late === null) return;
    if (late.low > SLOW_LATE_SHARE) this.#state = 'slow';
    else if (late.high < SLOW_LATE_SHARE) this.#state = 'good';
  }

  /** Whether the newest `count` show that more than `threshold` come back; they remain alone. */
  #isAbove(count: number, threshold: number): boolean {
    const newest = this.#window.slice(-count);
    const rate = wilson(newest.filter(isBack).length, newest.length);
    if (newest.length < count || rate === null || rate.low < threshold) return false;
    this.#window = newest;
    return true;
  }
}

function isBack({ outcome }: DecidedLoop): boolean {
  return outcome === 'returned' || outcome === 'late';
}
