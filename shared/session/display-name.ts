// The name that a user shows to others: what of Unicode it may be made of, so that a name from a
// stranger cannot turn the line around it or look like nothing at all.
import { fromUtf8, toUtf8 } from '../bytes.ts';

/** UTF-8. It has to fit a request into one packet. */
export const DISPLAY_NAME_SIZE_MAX = 64;

/**
 * Controls, lone surrogates and private characters, separators of lines, and the marks that turn
 * the direction of text. Joiners stay: emoji and several scripts need them. Unassigned characters
 * stay, since the other side may know a newer Unicode.
 */
const forbidden = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** At least one character that can be seen. */
const visible = /[^\p{Z}\p{C}\p{M}\u115f\u1160\u3164\uffa0]/u;

/** Whether `name` may stand beside messages: 1 to 64 bytes of UTF-8, no spaces around it, NFC. */
export function isDisplayName(name: string): boolean {
  if (forbidden.test(name) || !visible.test(name)) return false;
  if (name !== name.trim() || name !== name.normalize('NFC')) return false;
  return toUtf8(name).length <= DISPLAY_NAME_SIZE_MAX;
}

/** The name in these bytes of UTF-8, or null. */
export function readDisplayName(bytes: Uint8Array): string | null {
  const name = fromUtf8(bytes);
  return name !== null && isDisplayName(name) ? name : null;
}
