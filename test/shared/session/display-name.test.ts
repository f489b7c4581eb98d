// Names of people: what a stranger may call himself.
import { describe, expect, it } from 'vitest';
import { toUtf8 } from '../../../shared/bytes.ts';
import {
  DISPLAY_NAME_SIZE_MAX,
  isDisplayName,
  readDisplayName,
} from '../../../shared/session/display-name.ts';

describe('a display name', () => {
  it.each(['Ada', 'Ada Lovelace', 'Ünal', '艾达', 'آدا', '👩‍👩‍👧', 'a', '1'])(
    'may be %s',
    (name) => {
      expect(isDisplayName(name)).toBe(true);
      expect(readDisplayName(toUtf8(name))).toBe(name);
    },
  );

  it.each([
    ['nothing', ''],
    ['a space', ' '],
    ['spaces around it', ' Ada'],
    ['a line break', 'A\nda'],
    ['a zero byte', 'A\0'],
    ['a turn of direction', 'A\u202eda'],
    ['a mark of direction', 'A\u200f'],
    ['an isolate', '\u2066Ada\u2069'],
    ['nothing to be seen', '\u200d\u200b'],
    ['a filler that looks like nothing', '\u3164'],
    ['a letter in parts', 'U\u0308'],
    ['half a letter', 'A\ud800'],
    ['a separator of lines', 'A\u2028da'],
  ])('may not be %s', (_, name) => {
    expect(isDisplayName(name)).toBe(false);
  });

  it('has at most 64 bytes of UTF-8', () => {
    expect(isDisplayName('a'.repeat(DISPLAY_NAME_SIZE_MAX))).toBe(true);
    expect(isDisplayName('a'.repeat(DISPLAY_NAME_SIZE_MAX + 1))).toBe(false);
    expect(isDisplayName('ü'.repeat(DISPLAY_NAME_SIZE_MAX / 2))).toBe(true);
    expect(isDisplayName(`a${'ü'.repeat(DISPLAY_NAME_SIZE_MAX / 2)}`)).toBe(false);
  });

  it('is not read from bytes that are not UTF-8', () => {
    expect(readDisplayName(Uint8Array.of(0x41, 0xff))).toBeNull();
    expect(readDisplayName(Uint8Array.of(0xc0, 0x80))).toBeNull();
  });
});
