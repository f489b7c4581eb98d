// A list of thousands of rows of one height, of which those in sight are drawn. One tab stop: the
// arrow keys, Page Up and Down, Home and End move inside it, also to rows that were not drawn. A
// screen reader is told how many rows there are and which one it is at.
import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { target } from '../state/roving.ts';
import './long-list.css';

/** Rows that are drawn beyond each edge, so that scrolling shows no gap. */
const ROWS_BEYOND = 8;
/** Rows that are drawn before the height of the list is known. */
const ROWS_ASSUMED = 20;

export type LongListProps<T> = {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => number;
  readonly rowHeightRem: number;
  /** Key of the row that is chosen; the tab stop while no row has been in focus. */
  readonly chosen: number | null;
  /** Draws a row; its link carries `data-roving`, and is the tab stop where that is said. */
  readonly children: (item: T, isTabStop: boolean) => ReactNode;
};

type Range = { readonly first: number; readonly last: number };

export function LongList<T>(props: LongListProps<T>) {
  const { items, keyOf } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = props.rowHeightRem * rootFontPx();
  const range = useRange(scroller, rowPx);
  const [focused, setFocused] = useState<number | null>(null);
  const wantsFocus = useRef(false);
  const keys = items.map(keyOf);
  const stop = [focused, props.chosen].find((key) => key !== null && keys.includes(key));
  const tabStop = stop ?? keys[0];
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${focused}"]`);
    row?.querySelector<HTMLElement>('[data-roving]')?.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target as Element).matches('[data-roving]')) return;
    const at = tabStop === undefined ? -1 : keys.indexOf(tabStop);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPx) - 1);
    const next = target(event.key, at, keys.length, page);
    if (next === null) return;
    event.preventDefault();
    if (scroller.current !== null) showRow(scroller.current, next, rowPx);
    wantsFocus.current = true;
    setFocused(keys[next] ?? null);
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const key = (event.target as Element).closest('[data-key]')?.getAttribute('data-key');
    if (key !== null && key !== undefined) setFocused(Number(key));
  };
  return (
    <div ref={scroller} className="long-list">
      <ul
        className="long-list-rows"
        aria-label={props.label}
        style={{ blockSize: `${items.length * rowPx}px` }}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        {items.map((item, index) => {
          const key = keyOf(item);
          if ((index < range.first || index > range.last) && key !== tabStop) return null;
          return (
            <li
              key={key}
              data-key={key}
              className="long-list-row"
              aria-setsize={items.length}
              aria-posinset={index + 1}
              style={{ insetBlockStart: `${index * rowPx}px` }}
            >
              {props.children(item, key === tabStop)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** First and last index in sight, and some beyond. */
function useRange(scroller: { readonly current: HTMLDivElement | null }, rowPx: number): Range {
  const [range, setRange] = useState<Range>({ first: 0, last: ROWS_ASSUMED });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      const rows = Math.ceil(element.clientHeight / rowPx) || ROWS_ASSUMED;
      const top = Math.floor(element.scrollTop / rowPx);
      const next = { first: top - ROWS_BEYOND, last: top + rows + ROWS_BEYOND };
      setRange((known) => (known.first === next.first && known.last === next.last ? known : next));
    };
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const observer = 'ResizeObserver' in window ? new ResizeObserver(measure) : null;
    observer?.observe(element);
    return () => {
      element.removeEventListener('scroll', measure);
      observer?.disconnect();
    };
  }, [scroller, rowPx]);
  return range;
}

function showRow(element: HTMLElement, index: number, rowPx: number): void {
  const top = index * rowPx;
  if (top < element.scrollTop) element.scrollTop = top;
  const bottom = top + rowPx - element.clientHeight;
  if (bottom > element.scrollTop) element.scrollTop = bottom;
}

function rootFontPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
