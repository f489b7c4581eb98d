// Where a line stands in its chat. Own messages and notes come last when they are written. What
// comes in stands where it came in, by the own clock where it came at once, and by its provider's
// where it lay there. Mixes reorder, so one contact's messages are put in the order in which he
// sent them, as far as `ORDER_CORRECTION_MS_MAX` reaches: nobody's clock moves a line further, and
// only past lines of the same sender. A place never changes.

/**
 * How far a sender's clock moves what he sent. What took longer than this shows both its times.
 */
export const ORDER_CORRECTION_MS_MAX = 120_000;
/** His lines that are looked at for it. */
export const ORDER_LOOK_BACK_MAX = 64;
/** Between two lines of one instant. A double halves it twelve times; then ids decide. */
export const PLACE_STEP_MS = 1;

/** The place of an own message or a note; `newest` is the chat's last place, null for none. */
export function placeOfOwn(sentUnixMs: number, newest: number | null): number {
  return newest === null ? sentUnixMs : Math.max(sentUnixMs, newest + PLACE_STEP_MS);
}

export type Received = {
  /** By the sender's clock. */
  readonly sentUnixMs: number;
  /** By the provider's. */
  readonly arrivedUnixMs: number;
  /** By the own. */
  readonly receivedUnixMs: number;
};

/** Where it would stand if there were no other lines. */
export function instantOf({ arrivedUnixMs, receivedUnixMs }: Received): number {
  const hasWaited = receivedUnixMs - arrivedUnixMs > ORDER_CORRECTION_MS_MAX;
  return hasWaited ? arrivedUnixMs : receivedUnixMs;
}

/**
 * The place of a received message. `his` are lines of the same sender within
 * `ORDER_CORRECTION_MS_MAX` of its instant, the last first.
 */
export function placeOfReceived(
  received: Received,
  newest: number | null,
  his: readonly { readonly place: number; readonly sentUnixMs: number }[],
): number {
  const later = his.filter(({ sentUnixMs }) => sentUnixMs > received.sentUnixMs);
  if (later.length > 0) {
    const after = Math.min(...later.map(({ place }) => place));
    const before = his.find(({ place, sentUnixMs }) => {
      return place < after && sentUnixMs <= received.sentUnixMs;
    });
    const between = before === undefined ? -Infinity : (before.place + after) / 2;
    return Math.max(between, after - PLACE_STEP_MS / 2);
  }
  const instant = instantOf(received);
  const [last] = his;
  const inTurn = last === undefined ? instant : Math.max(instant, last.place + PLACE_STEP_MS);
  return instant === received.receivedUnixMs ? placeOfOwn(inTurn, newest) : inTurn;
}
