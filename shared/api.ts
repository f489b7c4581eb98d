// The whole contract between engine and window: calls, events, and a parser for each. Three
// transports carry it: Electron IPC, the browser shell's WebSocket, JSON lines on stdio (design
// section 1). A value from the other side is `unknown` until a parser of this file has returned it.
import * as z from 'zod/mini';
import { chatCalls, chatEvents, chatFailureCodes } from './api-chat.ts';
import { healthCalls } from './api-health.ts';
import { networkCalls, networkEvents, networkFailureCodes } from './api-network.ts';
import { peopleCalls, peopleEvents, peopleFailureCodes } from './api-people.ts';
import { profileCalls, profileEvents, profileFailureCodes } from './api-profile.ts';

/**
 * Longest frame any transport takes, in UTF-16 units of its JSON: the largest message, as text, and
 * what is around it. A longer one is refused whole.
 */
export const FRAME_LENGTH_MAX = 6_291_456;
/**
 * Events on their way to a listener that has not taken them; later ones are left out and counted,
 * and told by one `missed` when there is room. An engine must not grow because a window stands
 * still.
 */
export const EVENTS_UNSEEN_MAX = 1_024;
/** Calls one window may have under way at once; the next is refused with `busy`. */
export const CALLS_OPEN_MAX = 256;

export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'de', 'pseudo']),
  /** Width of the list beside the page, px of the window. */
  sidebarWidth: z.int().check(z.minimum(260), z.maximum(420)),
  /** Whether contacts are told, unless it is set otherwise for one, that a message was read. */
  tellsRead: z.boolean(),
  /** Locks by itself after so long without its user; 0 for never. */
  autoLockMinutes: z.int().check(z.minimum(0), z.maximum(1_440)),
  /** Else Enter makes a new line, and Ctrl Enter sends. */
  enterSends: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const aboutSchema = z.strictObject({
  version: z.string(),
  runtime: z.string(),
  cryptoEngine: z.string(),
  sqlite: z.string(),
  cipher: z.string(),
});
export type About = z.infer<typeof aboutSchema>;

/** What is known of the engine's worker; told by its host, not by itself. */
export const engineStateSchema = z.strictObject({
  state: z.enum(['starting', 'running', 'restarting', 'failed']),
  /** Closed reason of a failure, for the window to word. */
  reason: z.nullable(
    z.enum([
      'stopped',
      'profile_in_use',
      'store_newer',
      'store_damaged',
      'store_key',
      'store_access',
      'store_full',
      'store_migration',
      /** The profile belongs to another network than the one asked for. */
      'other_network',
      'bad_network',
      'internal',
    ]),
  ),
});
export type EngineState = z.infer<typeof engineStateSchema>;

const missedSchema = z.strictObject({ count: z.int().check(z.positive()) });
const nothing = z.strictObject({});

/** Every call: what it takes and what it gives. */
export const calls = {
  about: { args: nothing, value: aboutSchema },
  'settings.get': { args: nothing, value: settingsSchema },
  'settings.set': { args: z.partial(settingsSchema), value: settingsSchema },
  ...networkCalls,
  ...profileCalls,
  ...peopleCalls,
  ...chatCalls,
  ...healthCalls,
} as const;

/** Every event: what it carries. */
export const events = {
  settings: settingsSchema,
  engine: engineStateSchema,
  /** So many events were left out since the listener fell behind: read anew what they told of. */
  missed: missedSchema,
  ...networkEvents,
  ...profileEvents,
  ...peopleEvents,
  ...chatEvents,
} as const;

export type CallName = keyof typeof calls;
/** All of them. */
export const callNames = Object.keys(calls) as CallName[];
export type CallArgs<N extends CallName> = z.infer<(typeof calls)[N]['args']>;
export type CallValue<N extends CallName> = z.infer<(typeof calls)[N]['value']>;
export type EventName = keyof typeof events;
export type EventValue<N extends EventName> = z.infer<(typeof events)[N]>;

export const failureCodes = [
  'bad_frame',
  'too_large',
  'unknown_call',
  'bad_arguments',
  'busy',
  'foreign_sender',
  'engine_unavailable',
  'store_full',
  'store_failed',
  ...networkFailureCodes,
  ...profileFailureCodes,
  ...peopleFailureCodes,
  ...chatFailureCodes,
  'internal',
] as const;
export type FailureCode = (typeof failureCodes)[number];

export type Request = { readonly id: number; readonly call: CallName; readonly args: unknown };
export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly code: FailureCode;
      readonly message: string;
    };
export type EventFrame = { readonly event: EventName; readonly value: unknown };

const requestSchema = z.strictObject({
  id: z.int().check(z.nonnegative()),
  call: z.string().check(z.maxLength(64)),
  args: z.unknown(),
});
const replySchema = z.union([
  z.strictObject({ id: z.int(), ok: z.literal(true), value: z.unknown() }),
  z.strictObject({
    id: z.int(),
    ok: z.literal(false),
    code: z.enum(failureCodes),
    message: z.string(),
  }),
]);
const eventSchema = z.strictObject({ event: z.string(), value: z.unknown() });

/**
 * The refusal of request `id`. `message` names field, expected and got; never a value of a user.
 */
export function refusal(id: number, code: FailureCode, message: string): Reply {
  return { id, ok: false, code, message };
}

/** Parses one request frame that arrived as text; a refusal where it is not one. */
export function parseRequestText(text: string): Request | Reply {
  if (text.length > FRAME_LENGTH_MAX) {
    return refusal(-1, 'too_large', `frame: expected at most ${FRAME_LENGTH_MAX}`);
  }
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return refusal(-1, 'bad_frame', 'frame: expected JSON');
  }
  return parseRequest(frame);
}

/** Parses one request: name known, arguments of the call's own shape, nothing beside them. */
export function parseRequest(frame: unknown): Request | Reply {
  const outer = requestSchema.safeParse(frame);
  if (!outer.success) {
    const id = numberField(frame);
    return refusal(id, 'bad_frame', explain(outer.error));
  }
  const { id, call } = outer.data;
  if (!isCallName(call)) return refusal(id, 'unknown_call', 'call: not one of the contract');
  // A map or a date has no keys of its own and would pass for an object with none.
  if (Object.prototype.toString.call(outer.data.args) !== '[object Object]') {
    return refusal(id, 'bad_arguments', 'args: expected an object');
  }
  const args = calls[call].args.safeParse(outer.data.args);
  if (!args.success) return refusal(id, 'bad_arguments', explain(args.error));
  return { id, call, args: args.data };
}

/** Whether what `parseRequest` gave is the refusal of a frame. */
export function isRefusal(parsed: Request | Reply): parsed is Reply {
  return 'ok' in parsed;
}

/** Parses what comes back to a window: a reply or an event; null for anything else. */
export function parseAnswer(frame: unknown): Reply | EventFrame | null {
  const reply = replySchema.safeParse(frame);
  if (reply.success) return reply.data;
  const event = eventSchema.safeParse(frame);
  if (!event.success || !isEventName(event.data.event)) return null;
  const value = events[event.data.event].safeParse(event.data.value);
  return value.success ? { event: event.data.event, value: value.data } : null;
}

/** The same for a frame that comes back as text. */
export function parseAnswerText(text: string): Reply | EventFrame | null {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  return parseAnswer(frame);
}

export function isCallName(name: string): name is CallName {
  return Object.hasOwn(calls, name);
}

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(events, name);
}

function numberField(frame: unknown): number {
  if (typeof frame !== 'object' || frame === null || !Object.hasOwn(frame, 'id')) return -1;
  const id = (frame as { id: unknown }).id;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : -1;
}

/** Field and rule of the first problem. Never the value: it may be a user's text. */
function explain(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not of the expected shape';
  const field = issue.path.map(String).join('.') || 'arguments';
  if (issue.code === 'unrecognized_keys') return `${field}: unknown key`;
  return `${field}: ${issue.code}${'expected' in issue ? `, expected ${issue.expected}` : ''}`;
}
