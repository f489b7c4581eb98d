// Colours of the style sheet for what is drawn on a canvas, which knows no custom properties; and
// when they change.

import { type RefObject, useEffect, useState } from 'react';
import { mediaQuery } from '../state/media.ts';

const names = {
  ink: '--ink-3',
  strong: '--ink-2',
  line: '--line',
  accent: '--accent',
  band: '--band',
  expected: '--line-strong',
  lost: '--caution-mark',
  ground: '--surface',
} as const;
export type ChartColours = { readonly [N in keyof typeof names]: string } & {
  /** Family of the axis labels. */
  readonly family: string;
};

/** The colours as they are at an element; null before it is there. */
export function useChartColours(element: RefObject<HTMLElement | null>): ChartColours | null {
  const [colours, setColours] = useState<ChartColours | null>(null);
  useEffect(() => {
    const read = () => {
      if (element.current !== null) setColours(readColours(element.current));
    };
    read();
    // By the setting, on the root element; by the system, as a media query.
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const dark = mediaQuery('(prefers-color-scheme: dark)');
    const forced = mediaQuery('(forced-colors: active)');
    dark?.addEventListener('change', read);
    forced?.addEventListener('change', read);
    return () => {
      observer.disconnect();
      dark?.removeEventListener('change', read);
      forced?.removeEventListener('change', read);
    };
  }, [element]);
  return colours;
}

function readColours(element: HTMLElement): ChartColours {
  const probe = element.appendChild(document.createElement('span'));
  const style = getComputedStyle(probe);
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return style.color;
  };
  const colours = Object.fromEntries(
    Object.entries(names).map(([key, name]) => [key, colour(name)]),
  ) as { readonly [N in keyof typeof names]: string };
  const family = style.fontFamily;
  probe.remove();
  return { ...colours, family };
}
