// What the system asks of a window (dark, reduced motion, forced colours), where it can be asked.

/** The query of a media feature; null where there is none, as in a test without a browser. */
export function mediaQuery(query: string): MediaQueryList | null {
  return typeof window.matchMedia === 'function' ? window.matchMedia(query) : null;
}
