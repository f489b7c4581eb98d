// Doors (doors.ts) for what programs of this computer say to each other: the contract of
// shared/api.ts as text and as values, its lines on stdio, what host, worker and supervisors say
// beside it, what a browser asks of its shell, and the places that an address names.
import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { isAllowedUrl } from '../../main/app/session.ts';
import { faultLineSchema, nodeFaultSchema } from '../../main/cli/faults.ts';
import { createLineSplitter } from '../../main/cli/json-lines.ts';
import { noteOf, parseDemoReport } from '../../main/engine/demo-file.ts';
import {
  keychainNoteSchema,
  startNoteSchema,
  workerDataSchema,
} from '../../main/engine/worker-messages.ts';
import { createGate } from '../../main/shell/gate.ts';
import { parseLaunch } from '../../main/shell/launch.ts';
import { textsOf } from '../../main/texts.ts';
import { formatRoute, parseRoute } from '../../renderer/state/route.ts';
import {
  type CallName,
  callNames,
  calls,
  events,
  FRAME_LENGTH_MAX,
  isCallName,
  isRefusal,
  parseAnswer,
  parseAnswerText,
  parseRequest,
  parseRequestText,
} from '../../shared/api.ts';
import { toUtf8 } from '../../shared/bytes.ts';
import { canonicalNetworkFile } from '../../shared/network/network-file.ts';
import { type Door, door, taken, textOf } from './doors.ts';
import { makeNetwork } from './network.ts';
import { sampleOf } from './schema-samples.ts';

const TURNS = [0, 1, 2, 3];
const json = (value: unknown) => toUtf8(JSON.stringify(value));
const asBytes = (texts: readonly string[]) => texts.map(toUtf8);

export function contractDoors(): readonly Door[] {
  return [
    ...requestDoors(),
    ...answerDoors(),
    linesDoor(),
    ...processDoors(),
    shellDoor(),
    ...placeDoors(),
  ];
}

/** The value of a text of JSON; undefined where it is none. */
function jsonOf(input: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(input));
  } catch {
    return undefined;
  }
}

function sampleRequests(): Uint8Array[] {
  return callNames.flatMap((call) =>
    TURNS.map((turn) => json({ id: turn, call, args: sampleOf(calls[call].args, turn) })),
  );
}

function requestDoors(): Door[] {
  return [
    door(
      'request, text',
      sampleRequests(),
      (input) => {
        const request = parseRequestText(textOf(input));
        if (isRefusal(request)) return null;
        const again = parseRequest({ ...request });
        const isSame = isDeepStrictEqual(request, jsonOf(input));
        return taken(input, isSame && isDeepStrictEqual(again, request));
      },
      { isJson: true, sizeMax: FRAME_LENGTH_MAX },
    ),
    door(
      'request, value',
      sampleRequests(),
      (input) => {
        const [frame, again] = [0, 1].map(() => strange(jsonOf(input), input.length % 97));
        const request = parseRequest(frame);
        if (isRefusal(request)) return null;
        return taken(input, isDeepStrictEqual(frame, again) && isCallName(request.call));
      },
      { isJson: true },
    ),
  ];
}

/** What a structured clone can carry and JSON cannot. */
const strangers: readonly (() => unknown)[] = [
  () => undefined,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -0,
  () => 10n,
  () => new Map([['text', 'a']]),
  () => new Set(['a']),
  () => new Uint8Array(4),
  () => /a/,
  () => new Error('a'),
  () => Object.create(null) as unknown,
  () => Object.assign([], { length: 2 }),
  () => {
    const circle: { args?: unknown } = {};
    circle.args = circle;
    return circle;
  },
];

/** The frame with one of its parts exchanged for something strange; which one, `turn` says. */
function strange(frame: unknown, turn: number): unknown {
  const stranger = strangers[turn % strangers.length]?.();
  if (typeof frame !== 'object' || frame === null) return stranger;
  const args: unknown = 'args' in frame ? frame.args : null;
  const place = Math.floor(turn / strangers.length);
  if (place === 0) return { ...frame, id: stranger };
  if (place === 1) return { ...frame, args: stranger };
  if (place === 2) return { ...frame, call: stranger };
  if (place < 5 && typeof args === 'object' && args !== null) {
    const name = Object.keys(args)[place - 3];
    return name === undefined ? frame : { ...frame, args: { ...args, [name]: stranger } };
  }
  return frame;
}

function answerDoors(): Door[] {
  const told = Object.entries(events).flatMap(([event, schema]) =>
    TURNS.map((turn) => json({ event, value: sampleOf(schema, turn) })),
  );
  const refused = { id: 3, ok: false, code: 'bad_arguments', message: 'text: too_big' };
  const replies = [json({ id: 3, ok: true, value: { count: 1 } }), json(refused)];
  const values = callNames.flatMap((call) =>
    TURNS.map((turn) => json({ call, value: sampleOf(calls[call].value, turn) })),
  );
  return [
    door(
      'answer, text',
      [...told, ...replies],
      (input) => {
        const answer = parseAnswerText(textOf(input));
        if (answer === null) return null;
        const isSame = isDeepStrictEqual(answer, jsonOf(input));
        return taken(input, isSame && isDeepStrictEqual(parseAnswer(answer), answer));
      },
      { isJson: true },
    ),
    door(
      'answer, its value',
      values,
      (input) => {
        const frame = jsonOf(input) as { call?: unknown; value?: unknown } | null | undefined;
        const call = frame?.call;
        if (typeof call !== 'string' || !isCallName(call)) return null;
        // Of a record, the parser leaves out this one name.
        const value: unknown = JSON.parse(JSON.stringify(frame?.value ?? null), (name, one) =>
          name === '__proto__' ? undefined : (one as unknown),
        );
        const parsed = z.safeParse(calls[call as CallName].value, frame?.value);
        return parsed.success ? taken(input, isDeepStrictEqual(parsed.data, value)) : null;
      },
      { isJson: true },
    ),
  ];
}

/** What a strict schema takes is what was given, all of it. */
function takenBy(schema: z.core.$ZodType, value: unknown, input: Uint8Array): Uint8Array | null {
  const parsed = z.safeParse(schema, value);
  return parsed.success ? taken(input, isDeepStrictEqual(parsed.data, value)) : null;
}

const LINE_SIZE = 64;

function splitLines(input: Uint8Array, sizeOf: (turn: number) => number): string[] {
  const told: string[] = [];
  const splitter = createLineSplitter(
    (bytes) => told.push(Buffer.from(bytes).toString('latin1')),
    () => told.push('too long'),
    LINE_SIZE,
  );
  for (let at = 0, turn = 0; at < input.length; turn++) {
    splitter.push(input.subarray(at, at + sizeOf(turn)));
    at += sizeOf(turn);
  }
  splitter.end();
  return told;
}

/** Lines of stdin: the same however they come in chunks, and those that a split gives. */
function linesDoor(): Door {
  const valid = ['{"id":1}\n{"id":2}\n', '\n\n{}\nlast', `${'x'.repeat(70)}\nshort\n`];
  return door('lines', asBytes(valid), (input) => {
    if (input.length === 0) return null;
    const whole = splitLines(input, () => input.length);
    const cut = splitLines(input, (turn) => 1 + ((input[turn % input.length] ?? 0) % 50));
    const lines = Buffer.from(input).toString('latin1').split('\n');
    const expected = lines
      .filter((line) => line !== '')
      .map((line) => (line.length > LINE_SIZE ? 'too long' : line));
    if (whole.length === 0 && expected.length === 0) return null;
    return taken(input, isDeepStrictEqual(whole, cut) && isDeepStrictEqual(whole, expected));
  });
}

function processDoors(): Door[] {
  const network = textOf(canonicalNetworkFile(makeNetwork({ mixes: 1 }).network));
  const demo = (turn: number) => ({ ...(sampleOf(events.demo, turn) as object) });
  const reports = [0, 1, 2].map((turn) => ({
    pid: 12,
    state: demo(turn),
    network: turn === 0 ? null : network,
    correspondent: turn === 2 ? 'eddy:c/x' : null,
  }));
  const launches = [{}, { session: 'A'.repeat(43), port: 8_080, isRestart: true }, { network }];
  const notes = [{ start: null }, { start: 'store_full' }];
  const works = [
    { profileDir: 'a', version: '1' },
    { profileDir: 'a', version: '1', network },
  ];
  const faults = [{ drop: 0.3 }, { delayMs: 20 }, {}];
  const named = [{ fault: { node: 'mix-1', drop: 0.3, pauseMs: 5, kill: true } }];
  const of = (name: string, values: readonly object[], schema: z.core.$ZodType) =>
    door(name, values.map(json), (input) => takenBy(schema, jsonOf(input), input), {
      isJson: true,
    });
  return [
    of('start of a worker', works, workerDataSchema),
    of('note of a worker', notes, startNoteSchema),
    of('fault of a node', faults, nodeFaultSchema),
    of('fault of a network', named, faultLineSchema),
    door(
      'keychain question of a worker',
      [json({ keychain: { id: 1, op: 'wrap', bytes: [1, 2] } })],
      (input) => {
        const value = jsonOf(input) as { keychain?: { bytes?: unknown } } | null | undefined;
        const bytes = value?.keychain?.bytes;
        const isBytes = Array.isArray(bytes) && bytes.every((byte) => typeof byte === 'number');
        if (value?.keychain?.bytes !== undefined && isBytes) {
          value.keychain.bytes = Uint8Array.from(bytes as number[]);
        }
        return takenBy(keychainNoteSchema, value, input);
      },
      { isJson: true },
    ),
    door(
      'report of the demo network',
      reports.map(json),
      (input) => {
        const report = parseDemoReport(textOf(input));
        if (report === null) return null;
        const note = noteOf(report);
        const isSame = isDeepStrictEqual(report, jsonOf(input));
        return taken(input, isSame && (report.network !== null || note.network === null));
      },
      { isJson: true },
    ),
    door(
      'launch of the browser shell',
      launches.map(json),
      (input) => {
        const launch = parseLaunch(textOf(input));
        if (launch === null) return null;
        const { port = 0 } = launch;
        const isPort = port >= 0 && port <= 65_535;
        return taken(input, isPort && isDeepStrictEqual(launch, jsonOf(input)));
      },
      { isJson: true },
    ),
  ];
}

/** Headers of a request: let in is who has our host, our origin or none, and the right cookie. */
function shellDoor(): Door {
  const secret = 'S'.repeat(43);
  const gate = createGate(8_080, secret);
  const host = '127.0.0.1:8080';
  const cookie = `eddy-8080=${secret}`;
  const own = { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
  const valid = [
    { host, cookie },
    { host, cookie: `a=b; ${cookie}; c`, ...own },
  ];
  const isText = (value: unknown) => value === undefined || typeof value === 'string';
  return door(
    'headers of a browser',
    valid.map(json),
    (input) => {
      const headers = jsonOf(input) as Record<string, unknown> | null | undefined;
      if (typeof headers !== 'object' || headers === null) return null;
      // Node gives texts; a header that comes twice it joins.
      const names = ['host', 'cookie', 'origin', 'sec-fetch-site'] as const;
      if (!names.every((name) => isText(headers[name]))) return null;
      const header = (name: (typeof names)[number]) => headers[name] as string | undefined;
      const request = { headers } as unknown as IncomingMessage;
      if (gate.checkSource(request) !== null || !gate.hasSession(request)) return null;
      const isOurs = [undefined, own.origin].includes(header('origin'));
      const isSite = [undefined, 'none', 'same-origin'].includes(header('sec-fetch-site'));
      const hasCookie = header('cookie')?.includes(cookie) === true;
      return taken(input, header('host') === host && isOurs && isSite && hasCookie);
    },
    { isJson: true },
  );
}

function placeDoors(): Door[] {
  const routes = ['#/', '#/chat/7/at/12', '#/contact/3', '#/settings/privacy', '#/network'];
  const places = ['/', 'chat', 'at', '0', '9007199254740993', '%2f', '#', 'settings', '-1'];
  const urls = ['app://eddy/index.html', 'blob:app://eddy/0-0', 'app://eddy/'];
  const hosts = [
    'app://',
    'eddy',
    'http://',
    '@',
    ':80',
    '.',
    '\\',
    'devtools://',
    'file:///',
    '?',
  ];
  const tags = ['de-AT,de;q=0.9', 'en', 'fr, de', '*'];
  return [
    door(
      'place of a window',
      asBytes(routes),
      (input) => {
        const route = parseRoute(textOf(input));
        return taken(input, isDeepStrictEqual(parseRoute(formatRoute(route)), route));
      },
      { pieces: asBytes(places) },
    ),
    door(
      'address of a window',
      asBytes(urls),
      (input) => {
        const text = textOf(input);
        if (!isAllowedUrl(text, true)) return null;
        const { href } = new URL(text);
        // A name before the host leads to no other one.
        return taken(input, /^(blob:)?app:\/\/([^/?#]*@)?eddy(\/|\?|#|$)/.test(href));
      },
      { pieces: asBytes(hosts) },
    ),
    door(
      'languages of a browser',
      asBytes(tags),
      (input) => taken(input, ['en', 'de'].includes(textsOf(textOf(input)).language)),
      { pieces: asBytes([',', '-', ';', 'de', 'en', ' ']) },
    ),
  ];
}
