// A token bucket: how much of something a peer may send. The published rates are Poisson, so an
// honest client exceeds any rate now and then; depth is what tells that from a flood.

export type RateLimit = {
  /** Takes one unit if there is one. */
  readonly take: (nowMs: number) => boolean;
};

/** Fills at `perSecond` up to `depth`, and starts full. */
export function createRateLimit(perSecond: number, depth: number): RateLimit {
  let level = depth;
  let filledAtMs: number | null = null;
  return {
    take: (nowMs) => {
      const elapsedMs = filledAtMs === null ? 0 : Math.max(0, nowMs - filledAtMs);
      filledAtMs = nowMs;
      level = Math.min(depth, level + (elapsedMs / 1_000) * perSecond);
      if (level < 1) return false;
      level -= 1;
      return true;
    },
  };
}
