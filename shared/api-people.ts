// The part of the contract that is about people: contacts, the codes by which somebody becomes one,
// and requests of strangers (design section 3).
import * as z from 'zod/mini';
import { NAME_LENGTH_MAX } from './api-profile.ts';

/** Characters of a contact code that is pasted. */
export const CODE_TEXT_LENGTH_MAX = 8_192;
/** Contacts of one profile, blocked ones included. */
export const CONTACTS_MAX = 5_000;
/** Requests that wait for their user; beyond, further ones are dropped and counted. */
export const REQUESTS_MAX = 200;
/** Strangers whose requests are dropped; beyond, no further one can be blocked. */
export const STRANGERS_MAX = 1_000;
/** Codes that can be used at once. */
export const CODES_MAX = 100;

const nothing = z.strictObject({});
const id = z.int().check(z.positive());
const one = z.strictObject({ id });
const hexId = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const codeText = z.string().check(z.maxLength(CODE_TEXT_LENGTH_MAX));

export const contactSchema = z.strictObject({
  id,
  /**
   * What to call him: the user's own name for him, or else what he calls himself; empty before he
   * has said it.
   */
  name: z.string(),
  theirName: z.string(),
  alias: z.nullable(z.string()),
  /** base64url of the container's bytes. */
  avatar: z.nullable(z.string()),
  /** Which of the six pairs of colours stands for him: by his key. */
  pair: z.int().check(z.minimum(0), z.maximum(5)),
  /** `requested`: the own request is on its way, or waits there for acceptance. */
  state: z.enum(['requested', 'accepted', 'blocked']),
  /** The own request is given up: nobody accepted it as long as it could be. */
  isUnanswered: z.boolean(),
  knownSinceUnixMs: z.number(),
  /** Who gave a code to whom, and of what kind. */
  via: z.enum(['own_invite', 'own_address', 'their_invite', 'their_address']),
  verifiedUnixMs: z.nullable(z.number()),
  /**
   * A request signed by his key named other keys, and nobody compared the safety number since.
   * `wasVerified`: until then he was verified, which ended with it.
   */
  keysChange: z.nullable(z.strictObject({ atUnixMs: z.number(), wasVerified: z.boolean() })),
  /** Whether this user tells him what was read. */
  tellsRead: z.boolean(),
  /** Name of his provider in the network's document; null where that does not list it. */
  provider: z.nullable(z.string()),
});
export type Contact = z.infer<typeof contactSchema>;

export const codeSchema = z.strictObject({
  id: hexId,
  kind: z.enum(['invite', 'address']),
  /** `eddy:c/…` */
  text: z.string(),
  createdUnixMs: z.number(),
  expiresUnixMs: z.number(),
  state: z.enum(['open', 'used', 'withdrawn', 'expired']),
  /** Whether the own provider knows its token: before that nobody can use it. */
  isReady: z.boolean(),
  /** The contact that a used invite led to. */
  contact: z.nullable(id),
});
export type Code = z.infer<typeof codeSchema>;

/** Why a pasted code cannot be used; `ContactCodeRefusal` of shared/session/contact-code.ts. */
export const codeRefusals = [
  'empty',
  'network_link',
  'not_a_code',
  'too_long',
  'truncated',
  'altered',
  'newer_version',
  'malformed',
  'forged',
  'own',
  'foreign_network',
  'reused',
  'expired',
  /** Its owner is a contact already. */
  'known',
] as const;

export const codeCheckSchema = z.union([
  z.strictObject({
    ok: z.literal(true),
    kind: z.enum(['invite', 'address']),
    networkName: z.string(),
    expiresUnixMs: z.number(),
    pair: z.int(),
  }),
  z.strictObject({
    ok: z.literal(false),
    reason: z.enum(codeRefusals),
    /** Of the code, where it could be read. */
    networkName: z.nullable(z.string()),
    expiresUnixMs: z.nullable(z.number()),
    /** The contact, where it is known. */
    contact: z.nullable(id),
  }),
]);
export type CodeCheck = z.infer<typeof codeCheckSchema>;

export const requestSchema = z.strictObject({
  id,
  /** What the sender calls himself. */
  name: z.string(),
  pair: z.int(),
  arrivedUnixMs: z.number(),
  kind: z.enum(['invite', 'address']),
});
export type ContactRequest = z.infer<typeof requestSchema>;

export const strangerSchema = z.strictObject({
  id,
  /** What his request called him; empty where that is not known. */
  name: z.string(),
  pair: z.int(),
  sinceUnixMs: z.number(),
});
/** Somebody who is no contact and was blocked. */
export type Stranger = z.infer<typeof strangerSchema>;

export const peopleCalls = {
  'contact.list': { args: nothing, value: z.array(contactSchema) },
  'contact.get': { args: one, value: z.nullable(contactSchema) },
  'contact.set': {
    args: z.strictObject({
      id,
      alias: z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(NAME_LENGTH_MAX)))),
      tellsRead: z.optional(z.boolean()),
    }),
    value: contactSchema,
  },
  /**
   * Nothing is sent to him and nothing of his is shown; the others' token is renewed. Messages
   * under way to him end as not confirmed. Not of one who has not answered a request yet.
   */
  'contact.block': { args: one, value: contactSchema },
  'contact.unblock': { args: one, value: contactSchema },
  /** Forgets him and the chat. */
  'contact.remove': { args: one, value: nothing },
  /** 60 digits, and the text of the QR picture. */
  'contact.safety': {
    args: one,
    value: z.strictObject({ digits: z.string(), scan: z.string() }),
  },
  'contact.verify': {
    args: z.strictObject({ id, isVerified: z.boolean() }),
    value: contactSchema,
  },
  /** What a scanned picture of his safety number says. A match marks him as verified. */
  'contact.scan': {
    args: z.strictObject({ id, text: z.string().check(z.maxLength(1_024)) }),
    value: z.strictObject({
      outcome: z.enum(['match', 'mismatch', 'own', 'newer_version', 'not_a_number']),
    }),
  },
  /** Renews the encryption with him; shown in both chats. */
  'contact.reset': { args: one, value: nothing },

  'code.list': { args: nothing, value: z.array(codeSchema) },
  'code.create': {
    args: z.strictObject({
      kind: z.enum(['invite', 'address']),
      /** An invite at most 30 days, an address at most 366. */
      lifetimeMs: z.int().check(z.minimum(60_000), z.maximum(366 * 86_400_000)),
    }),
    value: codeSchema,
  },
  'code.withdraw': { args: z.strictObject({ id: hexId }), value: codeSchema },
  'code.check': { args: z.strictObject({ text: codeText }), value: codeCheckSchema },
  /** Sends the request; fails with `bad_code` where `code.check` would say no. */
  'code.use': { args: z.strictObject({ text: codeText }), value: contactSchema },

  'request.list': { args: nothing, value: z.array(requestSchema) },
  /**
   * Whoever else asked by the same invite is dropped with it; fails with `code_used` where somebody
   * came in by it before.
   */
  'request.accept': { args: one, value: contactSchema },
  'request.decline': { args: one, value: nothing },
  /**
   * Declines, and drops whatever else comes from these keys; fails with `strangers_full` beyond
   * `STRANGERS_MAX`.
   */
  'request.block': { args: one, value: nothing },
  /** Whom `request.block` blocked, the latest first. */
  'request.blocked': { args: nothing, value: z.array(strangerSchema) },
  /** By the id in that list: further requests of his are shown. */
  'request.unblock': { args: one, value: nothing },
} as const;

export const peopleEvents = {
  /** New or changed. */
  contact: contactSchema,
  'contact.gone': one,
  code: codeSchema,
  /** All that wait. */
  requests: z.array(requestSchema),
} as const;

export const peopleFailureCodes = [
  'unknown_contact',
  'unknown_code',
  'unknown_request',
  'unknown_stranger',
  'bad_code',
  'code_used',
  'codes_full',
  'strangers_full',
  'contacts_full',
  'not_accepted',
] as const;
