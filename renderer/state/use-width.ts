// How wide an element is drawn, so that a picture can be laid out in its own px: text in it then
// keeps its size, however wide the pane is.
import { type RefObject, useEffect, useState } from 'react';

/** Width of the element in px; `assumed` until it was measured. */
export function useWidth(element: RefObject<Element | null>, assumed: number): number {
  const [width, setWidth] = useState(assumed);
  useEffect(() => {
    const watched = element.current;
    if (watched === null || !('ResizeObserver' in window)) return;
    const observer = new ResizeObserver(([entry]) => {
      const measured = Math.round(entry?.contentRect.width ?? 0);
      if (measured > 0) setWidth(measured);
    });
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
