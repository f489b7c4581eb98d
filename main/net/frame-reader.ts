// Cuts a byte stream into frames. The first byte of a frame is its kind and the kind decides the
// size, so there is no length that a peer could choose and never more than one unfinished frame in
// memory.

/**
 * Whole size of a frame of this kind in bytes, the kind byte included; null where there is no such
 * kind.
 */
export type FrameSizes = (kind: number) => number | null;

export class FrameReader {
  readonly #sizeOf: FrameSizes;
  #frame: Uint8Array | null = null;
  #filled = 0;

  constructor(sizeOf: FrameSizes) {
    this.#sizeOf = sizeOf;
  }

  /** Bytes of the unfinished frame that are here. */
  get buffered(): number {
    return this.#frame === null ? 0 : this.#filled;
  }

  /**
   * Takes the next bytes of the stream and hands on every frame they finish: a copy of its own, so
   * that a frame that waits somewhere does not hold the whole chunk. Gives false at a kind that
   * does not exist; what follows means nothing then. Stops where `take` gives false.
   */
  push(chunk: Uint8Array, take: (frame: Uint8Array) => boolean): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#frame === null) {
        const size = this.#sizeOf(chunk[at] ?? 0);
        if (size === null) return false;
        this.#frame = new Uint8Array(size);
        this.#filled = 0;
      }
      const frame = this.#frame;
      const end = Math.min(chunk.length, at + frame.length - this.#filled);
      frame.set(chunk.subarray(at, end), this.#filled);
      this.#filled += end - at;
      at = end;
      if (this.#filled === frame.length) {
        this.#frame = null;
        if (!take(frame)) return true;
      }
    }
    return true;
  }
}
