// Where the window stood and which theme it had, kept beside the profile in plain JSON: both are
// needed before the engine has opened its store, and neither says anything of a conversation.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { settingsSchema } from '../../shared/api.ts';

/** Pixels of a window that must lie on some display, so that it can be grabbed. */
export const VISIBLE_PIXELS_MIN = 80;
/** Longest state file that is read; what is longer is not ours. */
export const STATE_LENGTH_MAX = 4_096;

const pixel = z.int().check(z.gte(-100_000), z.lte(100_000));
const side = z.int().check(z.gte(1), z.lte(100_000));
const stateSchema = z.strictObject({
  bounds: z.union([
    z.strictObject({ x: pixel, y: pixel, width: side, height: side }),
    z.strictObject({ width: side, height: side }),
  ]),
  isMaximized: z.boolean(),
  theme: settingsSchema.shape.theme,
});
export type WindowState = z.infer<typeof stateSchema>;
export type Bounds =
  | { readonly width: number; readonly height: number }
  | { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type Area = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

const first: WindowState = {
  bounds: { width: 1280, height: 832 },
  isMaximized: false,
  theme: 'system',
};

/** The kept state; that of a first start where there is none or it cannot be read. */
export function readWindowState(file: string): WindowState {
  try {
    return parseWindowState(readFileSync(file, 'utf8')) ?? first;
  } catch {
    return first;
  }
}

/** The state that a file's text says; null where it is not of this version, or not ours. */
export function parseWindowState(text: string): WindowState | null {
  if (text.length > STATE_LENGTH_MAX) return null;
  try {
    const parsed = stateSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Replaces the file whole; where that fails (no disk) the state is that of the last time. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {
    return;
  }
}

/**
 * `bounds` as they may be shown on `areas` (the displays' work areas): never smaller than `least`,
 * never larger than the display, and without a position where too little of the window would be
 * visible.
 */
export function fitBounds(
  bounds: Bounds,
  areas: readonly Area[],
  least: { readonly width: number; readonly height: number },
): Bounds {
  const home =
    'x' in bounds ? areas.find((area) => overlap(bounds, area) >= VISIBLE_PIXELS_MIN) : undefined;
  const area = home ?? areas[0];
  const within = (size: number, smallest: number, largest: number | undefined) =>
    Math.max(smallest, Math.min(size, largest ?? size));
  const width = within(bounds.width, least.width, area?.width);
  const height = within(bounds.height, least.height, area?.height);
  if (home === undefined || !('x' in bounds)) return { width, height };
  // The title bar is what a window is grabbed by, so its top stays on the display.
  return { x: bounds.x, y: Math.max(home.y, bounds.y), width, height };
}

/** The smaller side of what two rectangles share; 0 where they share nothing. */
function overlap(a: Area, b: Area): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, Math.min(across, down));
}
