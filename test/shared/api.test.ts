// The contract's parsers: what is taken, and what each wrong frame is refused as.
import { describe, expect, it } from 'vitest';
import {
  type CallName,
  calls,
  type EventName,
  events,
  FRAME_LENGTH_MAX,
  failureCodes,
  parseAnswer,
  parseAnswerText,
  parseRequest,
  parseRequestText,
} from '../../shared/api.ts';

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
    expect(parseAnswerText('{"event":"engine"')).toBeNull();
    expect(parseAnswerText('{"id":1,"ok":true,"value":2}')).toEqual({ id: 1, ok: true, value: 2 });
  });
});

/** An array in an array, `depth` deep. */
function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

/** An object with an own key of that name, as a parser of JSON makes it. */
const withKey = (key: string, value: unknown) =>
  JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`) as Record<string, unknown>;

const hostile: [string, unknown][] = [
  ['a string of 10 MB', 'a'.repeat(10_000_000)],
  ['an array of a million', Array.from({ length: 1_000_000 }, () => 0)],
  ['an array 10,000 deep', nested(10_000)],
  ['NaN', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['a big integer', 10n],
  ['a number', 1],
  ['true', true],
  ['null', null],
  ['bytes', new Uint8Array(4)],
  ['a map', new Map([['theme', 'dark']])],
  ['a function', () => 'dark'],
  ['a symbol', Symbol('dark')],
  ['a date', new Date(0)],
  ['an object of its own key', withKey('dark', 1)],
];
const prototypeKeys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
const callNames = Object.keys(calls) as CallName[];
const eventNames = Object.keys(events) as EventName[];

describe('every call', () => {
  const cases = callNames.flatMap((call) =>
    hostile.map(([what, value]) => ({ call, what, value })),
  );
  it.each(cases)('$call refuses $what as its arguments', ({ call, value }) => {
    expect(code(parseRequest({ id: 1, call, args: value }))).toBe('bad_arguments');
  });

  it.each(cases)('$call refuses $what under an extra key', ({ call, value }) => {
    expect(code(parseRequest({ id: 1, call, args: { more: value } }))).toBe('bad_arguments');
  });

  it.each(callNames.flatMap((call) => prototypeKeys.map((key) => ({ call, key }))))(
    '$call refuses the key $key',
    ({ call, key }) => {
      const frame = { id: 1, call, args: withKey(key, { theme: 'dark' }) };
      expect(code(parseRequest(frame))).toBe('bad_arguments');
      expect(code(parseRequestText(JSON.stringify(frame)))).toBe('bad_arguments');
    },
  );

  it.each(hostile)('settings.set refuses %s as a theme', (_what, value) => {
    const parsed = parseRequest({ id: 1, call: 'settings.set', args: { theme: value } });
    expect(code(parsed)).toBe('bad_arguments');
    expect(JSON.stringify(parsed).length).toBeLessThan(200);
  });
});

describe('a frame', () => {
  it.each(hostile)('is refused when it is %s', (_what, frame) => {
    expect(code(parseRequest(frame))).toBe('bad_frame');
  });

  it.each(hostile.filter(([what]) => what !== 'a number'))(
    'is refused when its id is %s, and names no id',
    (_what, id) => {
      const parsed = parseRequest({ id, call: 'about', args: {} });
      expect(parsed).toMatchObject({ id: -1, ok: false, code: 'bad_frame' });
    },
  );

  it.each([-1, 0.5, 2 ** 53, -0.5])('is refused when its id is %d', (id) => {
    expect(code(parseRequest({ id, call: 'about', args: {} }))).toBe('bad_frame');
  });

  it.each(prototypeKeys)('is refused when its call is %s', (call) => {
    expect(parseRequest({ id: 3, call, args: {} })).toMatchObject({ id: 3, code: 'unknown_call' });
  });

  it.each(prototypeKeys)('is refused with the key %s beside its own', (key) => {
    const frame = { ...withKey(key, 1), id: 1, call: 'about', args: {} };
    const text = `{${JSON.stringify(key)}:1,"id":1,"call":"about","args":{}}`;
    expect(code(parseRequestText(text))).toBe('bad_frame');
    if (key !== '__proto__') expect(code(parseRequest(frame))).toBe('bad_frame');
  });

  it('is refused when its call is a name of more than 64 units, or its arguments are missing', () => {
    expect(code(parseRequest({ id: 1, call: 'a'.repeat(64), args: {} }))).toBe('unknown_call');
    expect(code(parseRequest({ id: 1, call: 'a'.repeat(65), args: {} }))).toBe('bad_frame');
    expect(code(parseRequest({ id: 1, call: 'about' }))).toBe('bad_frame');
  });

  it.each([
    ['brackets without end', '['.repeat(100_000)],
    ['objects as deep as a frame may be long', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
    ['a number too large', '1e999'],
    ['NaN', '{"id":NaN}'],
    ['a text cut off', '{"id":1,"call":"about"'],
    ['two frames', '{"id":1,"call":"about","args":{}}{}'],
    ['nothing', ''],
  ])('is refused when its text is %s', (_what, text) => {
    expect(code(parseRequestText(text))).toBe('bad_frame');
  });

  it('leaves prototypes as they were', () => {
    parseRequestText('{"id":1,"call":"settings.set","args":{"__proto__":{"polluted":1}}}');
    parseAnswer(withKey('__proto__', { ok: true, id: 1 }));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('every event', () => {
  it.each(eventNames.flatMap((event) => hostile.map(([what, value]) => ({ event, what, value }))))(
    '$event is not read from $what',
    ({ event, value }) => {
      expect(parseAnswer({ event, value })).toBeNull();
      expect(parseAnswer({ event, value: { more: value } })).toBeNull();
    },
  );

  it.each(prototypeKeys)('is none of the name %s', (event) => {
    expect(parseAnswer({ event, value: {} })).toBeNull();
  });

  it('has nothing beside name and value', () => {
    const frame = { event: 'missed', value: { count: 1 } };
    expect(parseAnswer(frame)).toEqual(frame);
    expect(parseAnswer({ ...frame, more: 1 })).toBeNull();
    expect(parseAnswer({ event: 'missed', value: { count: 0 } })).toBeNull();
  });
});

describe('a reply', () => {
  it.each(hostile)('is not read from %s', (_what, frame) => {
    expect(parseAnswer(frame)).toBeNull();
  });

  it('has a code of the closed union', () => {
    for (const known of failureCodes) {
      const reply = { id: 1, ok: false, code: known, message: 'm' };
      expect(parseAnswer(reply)).toEqual(reply);
    }
    expect(parseAnswer({ id: 1, ok: false, code: 'toString', message: 'm' })).toBeNull();
    expect(parseAnswer({ id: 1, ok: true, value: 1, more: 1 })).toBeNull();
    expect(parseAnswer({ id: 1, ok: 'true', value: 1 })).toBeNull();
  });
});
