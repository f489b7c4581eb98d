// One established link: frames both ways over one TLS connection, its bounds and its deadlines. A
// link is alive while bytes come: each end sends an alive frame at a constant interval, whatever
// else flows, so that the sending end of a one-way link notices a dead peer too (design section 2,
// Links).
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { FrameReader, type FrameSizes } from './frame-reader.ts';
import type { LinkCloseReason, LinkCounters, SendOutcome } from './link-counters.ts';
import type { RunningClock } from './running-clock.ts';
import type { LinkGroup } from './tls.ts';

/**
 * Between two alive frames, counted from the link's start: a constant, for any user and any load.
 */
export const ALIVE_INTERVAL_MS = 10_000;
/** A link without one byte for so long is dead: three alive frames and some lag. */
export const ALIVE_SILENCE_MS_MAX = 32_000;
/**
 * From a frame's first byte to its last. Longer than a slow line needs, too short to sit on memory.
 */
export const FRAME_WHOLE_MS_MAX = 10_000;
/** A full send queue that does not move for so long ends the link. */
export const NOT_READING_MS_MAX = 10_000;
/** For what was written to leave after the end of a link that this end chose; cut off after it. */
export const LEAVING_MS_MAX = 2_000;
/** Frames that wait for the system on a link between nodes; the newest is refused. About 2.5 MB. */
export const SEND_QUEUE_FRAMES_MAX = 1_024;
/**
 * The same between a client and its provider, at either end: a few pull answers, about 200 kB; what
 * a client could not write is forfeited, and not made up for in one burst.
 */
export const CLIENT_SEND_QUEUE_FRAMES_MAX = 32;
/** What an anonymous peer may send, in bytes on the wire: 40 times what `test` traffic needs. */
export const CLIENT_BYTES_PER_SECOND_MAX = 4_000_000;
/** What it may send at once above that. */
export const CLIENT_BURST_BYTES_MAX = 2_000_000;
/**
 * What any frame of it is charged at least, so that tiny ones cost no more time than large ones.
 */
export const FRAME_COST_BYTES_MIN = 512;

/** The one frame that the link itself sends: its kind alone. Kind 0 is no role's. */
export const ALIVE_KIND = 0;
const aliveFrame = Uint8Array.of(ALIVE_KIND);

export type LinkOptions = {
  readonly socket: TLSSocket;
  /** The connection below TLS: bytes on the wire are counted there. */
  readonly raw: Socket;
  readonly isInbound: boolean;
  /** Whether the other end has no name: its bounds are tighter. */
  readonly isAnonymous: boolean;
  /** Whether this end has none. */
  readonly isClient: boolean;
  readonly group: LinkGroup;
  readonly frameSizes: FrameSizes;
  readonly counters: LinkCounters;
  /** What the other end owes is due by its running time, what this one owes by the time itself. */
  readonly clock: RunningClock;
  readonly onFrame: (frame: Uint8Array) => void;
  /** Called once. */
  readonly onClosed: (reason: LinkCloseReason) => void;
};

export class Link {
  readonly isInbound: boolean;
  readonly group: LinkGroup;
  readonly startedAtMs: number;
  /** Longest running time without a frame of a role; null where none is due. */
  silenceMsMax: number | null = null;
  readonly #options: LinkOptions;
  readonly #reader: FrameReader;
  readonly #queueMax: number;
  /** Frames behind the one that is being written: one at a time, else two would share a record. */
  readonly #queue: Uint8Array[] = [];
  #isWriting = false;
  // By the running time.
  #queueMovedAtMs: number;
  #byteAtMs: number;
  #frameAtMs: number;
  #partialSinceMs: number | null = null;
  // By the time itself.
  #aliveDueMs: number;
  #budget = CLIENT_BURST_BYTES_MAX;
  #budgetAtMs: number;
  #rawBytesSeen: number;
  #isClosed = false;
  #isHeldBack = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.isInbound = options.isInbound;
    this.group = options.group;
    const hasClient = options.isAnonymous || options.isClient;
    this.#queueMax = hasClient ? CLIENT_SEND_QUEUE_FRAMES_MAX : SEND_QUEUE_FRAMES_MAX;
    this.#reader = new FrameReader((kind) => (kind === ALIVE_KIND ? 1 : options.frameSizes(kind)));
    const { nowMs: now, runningMs } = options.clock;
    this.startedAtMs = now;
    this.#queueMovedAtMs = runningMs;
    this.#byteAtMs = runningMs;
    this.#frameAtMs = runningMs;
    this.#budgetAtMs = now;
    this.#aliveDueMs = now + ALIVE_INTERVAL_MS;
    this.#rawBytesSeen = options.raw.bytesRead;
    const { socket } = options;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.end(this.#reader.buffered > 0 ? 'frame-cut' : 'ended'));
    socket.on('error', (error: NodeJS.ErrnoException) => this.end(this.#reasonOf(error)));
    socket.on('close', () => this.end(this.#reader.buffered > 0 ? 'frame-cut' : 'reset'));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Bytes that wait in this process, both ways. */
  get bufferedBytes(): number {
    const queued = this.#queue.reduce((size, frame) => size + frame.length, 0);
    return this.#reader.buffered + this.#options.socket.writableLength + queued;
  }

  /**
   * Writes the frame at once, in a TLS record of its own; behind others where the system is still
   * busy with those, and not at all where the queue is full.
   */
  send(frame: Uint8Array): SendOutcome {
    if (this.#isClosed) return 'no-link';
    if (!this.#isWriting) this.#write(frame);
    else if (this.#queue.length >= this.#queueMax) return 'queue-full';
    else this.#queue.push(frame);
    return 'sent';
  }

  /**
   * Whether bytes are left at the other end because this one has enough to do. What would be its
   * fault otherwise, silence and unfinished frames, counts from the end of that.
   */
  holdBack(isHeldBack: boolean): void {
    if (this.#isClosed || isHeldBack === this.#isHeldBack) return;
    this.#isHeldBack = isHeldBack;
    const { socket, clock } = this.#options;
    if (isHeldBack) {
      socket.pause();
      return;
    }
    const { runningMs } = clock;
    this.#byteAtMs = runningMs;
    this.#frameAtMs = runningMs;
    if (this.#partialSinceMs !== null) this.#partialSinceMs = runningMs;
    socket.resume();
  }

  /**
   * Looks at every deadline; called several times a second. `mayJudge` false where this process has
   * just stood still, and has not read yet what came meanwhile.
   */
  check(mayJudge: boolean): void {
    const { nowMs, runningMs } = this.#options.clock;
    if (this.#isClosed || this.#noteBytes(nowMs)) return;
    if (!this.#isWriting) this.#queueMovedAtMs = runningMs;
    const reason = mayJudge ? this.#passedDeadline(runningMs) : null;
    if (reason !== null) this.end(reason);
    else if (nowMs >= this.#aliveDueMs) {
      // In the phase of the link's start, and one at most: after a sleep nothing is made up for.
      const missed = Math.floor((nowMs - this.#aliveDueMs) / ALIVE_INTERVAL_MS);
      this.#aliveDueMs += (missed + 1) * ALIVE_INTERVAL_MS;
      this.send(aliveFrame);
    }
  }

  /**
   * Ends the link. What was written goes out first where this end chose to leave, for as long as
   * `LEAVING_MS_MAX`; nothing is read meanwhile.
   */
  end(reason: LinkCloseReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { socket, counters } = this.#options;
    counters.closed[reason] += 1;
    if (reason === 'shutdown' || reason === 'asked' || reason === 'not-neighbour') {
      this.#leave();
    } else socket.destroy();
    counters.framesCutOff += this.#queue.length;
    this.#queue.length = 0;
    this.#options.onClosed(reason);
  }

  /** Whoever does not read would keep the connection, and what it sends was read, for ever. */
  #leave(): void {
    const { socket, counters } = this.#options;
    socket.pause();
    for (const frame of this.#queue.splice(0)) {
      socket.write(frame, (error) => {
        if (error instanceof Error) counters.framesCutOff += 1;
      });
    }
    const timer = setTimeout(() => socket.destroy(), LEAVING_MS_MAX);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
    socket.destroySoon();
  }

  #write(frame: Uint8Array): void {
    this.#isWriting = true;
    this.#options.socket.write(frame, () => {
      this.#isWriting = false;
      this.#queueMovedAtMs = this.#options.clock.runningMs;
      const next = this.#isClosed ? undefined : this.#queue.shift();
      if (next !== undefined) this.#write(next);
    });
  }

  #passedDeadline(runningMs: number): LinkCloseReason | null {
    const isStuck = runningMs - this.#queueMovedAtMs > NOT_READING_MS_MAX;
    if (this.#isHeldBack) return isStuck ? 'not-reading' : null;
    if (this.#partialSinceMs !== null && runningMs - this.#partialSinceMs > FRAME_WHOLE_MS_MAX) {
      return 'frame-slow';
    }
    if (runningMs - this.#byteAtMs > ALIVE_SILENCE_MS_MAX) return 'silent';
    if (this.silenceMsMax !== null && runningMs - this.#frameAtMs > this.silenceMsMax) {
      return 'no-cover';
    }
    return isStuck ? 'not-reading' : null;
  }

  #take(chunk: Buffer): void {
    if (this.#isClosed) return;
    const { nowMs, runningMs } = this.#options.clock;
    if (this.#noteBytes(nowMs)) return;
    // `silent` is about bytes that decrypt; what TLS itself exchanges is no sign of life.
    this.#byteAtMs = runningMs;
    let hasFinished = false;
    const isSound = this.#reader.push(chunk, (frame) => {
      hasFinished = true;
      this.#budget -= Math.max(0, FRAME_COST_BYTES_MIN - frame.length);
      if (this.#isOverspent()) return false;
      if (frame[0] !== ALIVE_KIND) {
        this.#frameAtMs = runningMs;
        this.#options.counters.framesReceived += 1;
        this.#options.onFrame(frame);
      }
      return !this.#isClosed;
    });
    if (this.#isClosed) return;
    if (!isSound) this.end('frame-unknown');
    else if (this.#reader.buffered === 0) this.#partialSinceMs = null;
    else if (hasFinished || this.#partialSinceMs === null) this.#partialSinceMs = runningMs;
  }

  /** Counts bytes on the wire; true where the peer sent more than it may, and the link is over. */
  #noteBytes(nowMs: number): boolean {
    const { raw, counters } = this.#options;
    const fresh = raw.bytesRead - this.#rawBytesSeen;
    this.#rawBytesSeen += fresh;
    counters.bytesReceived += fresh;
    const earned = ((nowMs - this.#budgetAtMs) / 1_000) * CLIENT_BYTES_PER_SECOND_MAX;
    this.#budgetAtMs = nowMs;
    this.#budget = Math.min(CLIENT_BURST_BYTES_MAX, this.#budget + earned) - fresh;
    return this.#isOverspent();
  }

  #isOverspent(): boolean {
    if (this.#budget >= 0 || !this.#options.isAnonymous) return false;
    this.end('flood');
    return true;
  }

  #reasonOf(error: NodeJS.ErrnoException): LinkCloseReason {
    if (error.code?.startsWith('ERR_SSL') === true) return 'protocol';
    return this.#reader.buffered > 0 ? 'frame-cut' : 'reset';
  }
}
