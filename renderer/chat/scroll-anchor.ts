// Keeps in place what is looked at: at the end the end, elsewhere the first message in sight,
// whatever is added, taken away or grows above and below it.
import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';

/** So near to the end is at the end, px. */
const END_PX_MAX = 48;
/** From so near to an edge the next page is asked for, px. */
const EDGE_PX = 800;
/** Where a message that was gone to stands: so far below the top, as a share of the height. */
const GOAL_SHARE = 0.25;

type Anchor =
  | { readonly kind: 'end' }
  | { readonly kind: 'item'; readonly id: string; readonly topPx: number };

export type ScrollAnchorProps = {
  readonly scroller: RefObject<HTMLElement | null>;
  /** Whether what is drawn ends with the newest message. */
  readonly hasEnd: boolean;
  /** Grows when `goal` is to be gone to; an item's `data-item`, or null for the end. */
  readonly moves: number;
  readonly goal: string | null;
  readonly onEdge: (side: 'before' | 'after') => void;
  /** After scrolling and after anything changed. */
  readonly onSeen: (isAtEnd: boolean) => void;
};

/** Watches `scroller`, whose items carry `data-item`. */
export function useScrollAnchor(props: ScrollAnchorProps): void {
  const { scroller, hasEnd } = props;
  const anchor = useRef<Anchor>({ kind: 'end' });
  const movesDone = useRef(0);
  const seen = useRef({ top: 0, height: 0 });
  const look = useEffectEvent((element: HTMLElement) => {
    const belowPx = element.scrollHeight - element.scrollTop - element.clientHeight;
    const isAtEnd = hasEnd && belowPx <= END_PX_MAX;
    anchor.current = isAtEnd ? { kind: 'end' } : (firstInSight(element) ?? { kind: 'end' });
    seen.current = { top: element.scrollTop, height: element.scrollHeight };
    props.onSeen(isAtEnd);
    if (element.scrollTop < EDGE_PX) props.onEdge('before');
    if (belowPx < EDGE_PX) props.onEdge('after');
  });
  const hold = useEffectEvent((element: HTMLElement) => {
    // Scrolled by a focus that moved, and its event has not come yet: nothing is to be put back.
    const { top, height } = seen.current;
    if (element.scrollTop !== top && element.scrollHeight === height) return;
    if (anchor.current.kind === 'end') element.scrollTop = element.scrollHeight;
    else {
      const { id, topPx } = anchor.current;
      const item = itemOf(element, id);
      if (item !== null) element.scrollTop += topOf(element, item) - topPx;
    }
  });
  // After every drawing: whatever it changed, what is looked at stays.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (movesDone.current !== props.moves) {
      movesDone.current = props.moves;
      const item = props.goal === null ? null : itemOf(element, props.goal);
      if (item === null) anchor.current = { kind: 'end' };
      else {
        element.scrollTop += topOf(element, item) - element.clientHeight * GOAL_SHARE;
        anchor.current = { kind: 'item', id: props.goal ?? '', topPx: topOf(element, item) };
      }
      seen.current = { top: element.scrollTop, height: -1 };
    }
    hold(element);
    look(element);
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onScroll = () => look(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    const observer =
      'ResizeObserver' in window
        ? new ResizeObserver(() => {
            hold(element);
            look(element);
          })
        : null;
    observer?.observe(element);
    for (const child of element.children) observer?.observe(child);
    return () => {
      element.removeEventListener('scroll', onScroll);
      observer?.disconnect();
    };
  }, [scroller]);
}

function itemOf(element: HTMLElement, id: string): HTMLElement | null {
  return element.querySelector<HTMLElement>(`[data-item="${id}"]`);
}

function topOf(element: HTMLElement, item: HTMLElement): number {
  return item.getBoundingClientRect().top - element.getBoundingClientRect().top;
}

/** The first message whose end is below the upper edge. */
function firstInSight(element: HTMLElement): Anchor | null {
  const edge = element.getBoundingClientRect().top;
  const items = element.querySelectorAll<HTMLElement>('[data-item]');
  for (const item of items) {
    if (item.getBoundingClientRect().bottom <= edge) continue;
    return { kind: 'item', id: item.dataset['item'] ?? '', topPx: topOf(element, item) };
  }
  return null;
}

/** The last item of which something is in sight; null where nothing is measured. */
export function lastInSight(element: HTMLElement): string | null {
  const { top, bottom } = element.getBoundingClientRect();
  const items = [...element.querySelectorAll<HTMLElement>('[data-item]')];
  const seen = items.findLast((item) => {
    const box = item.getBoundingClientRect();
    return box.top < bottom && box.bottom > top;
  });
  return seen?.dataset['item'] ?? null;
}
