// One tab stop for a list: the arrow keys, Home and End move inside it.
import type { KeyboardEvent } from 'react';

/** A key handler for the list's element; its items carry `data-roving`. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-roving]')];
  const at = items.findIndex((item) => item.matches(':focus'));
  const next = target(event.key, at, items.length);
  if (next === null) return;
  event.preventDefault();
  items[next]?.focus();
}

/**
 * The index that a key leads to from `at`; null for a key that does not move. `page` rows are in
 * sight.
 */
export function target(key: string, at: number, length: number, page = 10): number | null {
  if (length === 0) return null;
  if (key === 'ArrowDown') return Math.min(length - 1, at + 1);
  if (key === 'ArrowUp') return Math.max(0, at - 1);
  if (key === 'PageDown') return Math.min(length - 1, at + page);
  if (key === 'PageUp') return Math.max(0, at - page);
  if (key === 'Home') return 0;
  if (key === 'End') return length - 1;
  return null;
}
