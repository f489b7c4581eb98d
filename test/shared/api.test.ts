// The contract's parsers: what is taken, and what each wrong frame is refused as.
import { describe, expect, it } from 'vitest';
import { FRAME_LENGTH_MAX, parseAnswer, parseRequest, parseRequestText } from '../../shared/api.ts';

const code = (parsed: unknown) => (parsed as { code?: string }).code;

describe('a request', () => {
  it('is taken when call and arguments are of the contract', () => {
    expect(parseRequest({ id: 1, call: 'settings.set', args: { theme: 'dark' } })).toEqual({
      id: 1,
      call: 'settings.set',
      args: { theme: 'dark' },
    });
  });

  it.each([
    ['an unknown call', { id: 1, call: 'eval', args: {} }, 'unknown_call'],
    ['a prototype name as call', { id: 1, call: 'constructor', args: {} }, 'unknown_call'],
    ['an extra key in the frame', { id: 1, call: 'about', args: {}, more: 1 }, 'bad_frame'],
    ['an extra key in the arguments', { id: 1, call: 'about', args: { x: 1 } }, 'bad_arguments'],
    [
      'a value of another type',
      { id: 1, call: 'settings.set', args: { theme: 3 } },
      'bad_arguments',
    ],
    ['a fractional id', { id: 1.5, call: 'about', args: {} }, 'bad_frame'],
    ['no frame at all', null, 'bad_frame'],
  ])('is refused: %s', (_name, frame, expected) => {
    expect(code(parseRequest(frame))).toBe(expected);
  });

  it('is refused with prototype keys in its text', () => {
    const text = '{"id":1,"call":"settings.set","args":{"__proto__":{"theme":"dark"}}}';
    expect(code(parseRequestText(text))).toBe('bad_arguments');
  });

  it('is refused one unit past the frame limit, and 10 MB long', () => {
    const frame = (length: number) => {
      const empty = JSON.stringify({ id: 1, call: 'x', args: '' });
      return JSON.stringify({ id: 1, call: 'x', args: 'a'.repeat(length - empty.length) });
    };
    expect(code(parseRequestText(frame(FRAME_LENGTH_MAX)))).toBe('unknown_call');
    expect(code(parseRequestText(frame(FRAME_LENGTH_MAX + 1)))).toBe('too_large');
    expect(code(parseRequestText(frame(10_000_000)))).toBe('too_large');
  });
});

describe('an answer', () => {
  it('is nothing when its event or value is not of the contract', () => {
    expect(parseAnswer({ event: 'toString', value: 1 })).toBeNull();
    expect(parseAnswer({ event: 'settings', value: { theme: 'pink' } })).toBeNull();
    expect(parseAnswer('text')).toBeNull();
  });
});
