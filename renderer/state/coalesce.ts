// Many events in a short time are one change of what is shown: the first is taken at once, those
// that come within `waitMs` after it together.

/** Hands what is given to `take`, in order; `end` forgets what waits. */
export function coalesce<T>(
  waitMs: number,
  take: (items: readonly T[]) => void,
): { readonly give: (item: T) => void; readonly end: () => void } {
  let waiting: T[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = () => {
    timer = null;
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    timer = setTimeout(flush, waitMs);
    take(items);
  };
  return {
    give: (item) => {
      waiting.push(item);
      if (timer === null) flush();
    },
    end: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      waiting = [];
    },
  };
}
