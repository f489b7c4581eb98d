// Width of the list beside the page, in px of the window.
export const SIDEBAR_PX_MIN = 260;
export const SIDEBAR_PX_MAX = 420;
export const SIDEBAR_PX_DEFAULT = 320;
/** What an arrow key moves. */
export const SIDEBAR_PX_STEP = 10;

export function clampWidth(px: number): number {
  return Math.round(Math.min(SIDEBAR_PX_MAX, Math.max(SIDEBAR_PX_MIN, px)));
}

/** The width that a key leads to, null for a key that does not resize. */
export function widthAfterKey(key: string, px: number, direction: 'ltr' | 'rtl'): number | null {
  const outward = direction === 'ltr' ? 'ArrowRight' : 'ArrowLeft';
  const inward = direction === 'ltr' ? 'ArrowLeft' : 'ArrowRight';
  if (key === outward) return clampWidth(px + SIDEBAR_PX_STEP);
  if (key === inward) return clampWidth(px - SIDEBAR_PX_STEP);
  if (key === 'Home') return SIDEBAR_PX_MIN;
  if (key === 'End') return SIDEBAR_PX_MAX;
  return null;
}
