// The part of the contract that is about the network: who one is in it, sending and receiving
// bytes, and what is known of delivery (design sections 1 and 2). Bytes travel as unpadded
// base64url.
import * as z from 'zod/mini';

/** Characters of the largest message, 4 MiB, as base64url. */
export const MESSAGE_LENGTH_MAX = 5_592_406;
/**
 * Messages in one answer of `message.list`: as many as are gathered, checked and handed over within
 * the 8 ms for which no emission is due. More come by `after`.
 */
export const MESSAGES_LISTED_MAX = 256;
/** Characters of a network file or link. */
export const NETWORK_TEXT_LENGTH_MAX = 16_384;

const count = z.int().check(z.nonnegative());
const counts = z.record(z.string(), count);
const id = z.int().check(z.nonnegative());
const one = z.strictObject({ id });

export const networkStatusSchema = z.strictObject({
  /** Null where this profile has joined none. */
  network: z.nullable(z.strictObject({ name: z.string(), hash: z.string() })),
  state: z.enum([
    'none',
    'no_document',
    'provider_gone',
    'clock_wrong',
    'connecting',
    'registering',
    'refused',
    'online',
  ]),
  /** Why the provider refused, a closed word. */
  refusal: z.nullable(z.string()),
  /** How much the provider's clock is ahead of this computer's, where it is too much. */
  clockAheadMs: z.nullable(z.number()),
  epoch: z.nullable(z.int()),
  /** Key exchange of the link to the provider, as it was negotiated. */
  linkGroup: z.nullable(z.string()),
  /** How long the provider keeps mail that nobody pulls. */
  retentionMs: z.nullable(z.number()),
  /** The disk is full: messages and mail stay where they are until it has room, cover goes on. */
  isStoreFull: z.boolean(),
});
export type NetworkStatus = z.infer<typeof networkStatusSchema>;

export const messageSchema = z.strictObject({
  id,
  state: z.enum(['queued', 'in_mix', 'at_provider', 'not_confirmed']),
  fragmentCount: count,
  fragmentsAcknowledged: count,
  /** Which try of a packet is the latest, or the next after a lost one: 1 to 5. */
  tryCount: count,
  /** While something of it is queued and can go; null while it is held back, or nothing can. */
  forecast: z.nullable(
    z.strictObject({ slots: z.number(), departureMs: z.number(), arrivalMs: z.number() }),
  ),
});
export type MessageStatus = z.infer<typeof messageSchema>;

export const receivedSchema = z.strictObject({
  id,
  bytes: z.string(),
  /** Hex of 8 bytes. */
  contactTag: z.string(),
  arrivedUnixMs: z.number(),
});

export const ledgerSchema = z.strictObject({
  /** By kind of probe: what became of it. */
  probes: z.record(z.string(), counts),
  voided: counts,
  /** By stream: packets sent, and slots forfeited by reason. */
  streams: z.record(z.string(), z.strictObject({ sent: count, forfeited: counts })),
  outbox: counts,
  /** What is unfinished, what waits to be taken, and what was refused by reason. */
  inbox: z.strictObject({ partials: count, partialBytes: count, waiting: count, refused: counts }),
  /** Frames, documents and packets that were not as they should be, and what else is counted. */
  events: counts,
  backlog: z.strictObject({ mails: count, acknowledgements: count }),
  days: z.array(z.strictObject({ day: z.int(), sent: count, received: count })),
});

const nothing = z.strictObject({});

export const networkCalls = {
  'network.status': { args: nothing, value: networkStatusSchema },
  /** The raw address of this profile's mailbox; null before the network's first document. */
  address: { args: nothing, value: z.strictObject({ address: z.nullable(z.string()) }) },
  send: {
    args: z.strictObject({
      address: z.string().check(z.maxLength(256)),
      /** Base64url; decoded, and refused where it is none, in a moment without emissions. */
      bytes: z.string().check(z.maxLength(MESSAGE_LENGTH_MAX)),
      priority: z.optional(z.enum(['interactive', 'background'])),
    }),
    value: one,
  },
  'message.get': { args: one, value: z.nullable(messageSchema) },
  /**
   * Raw messages by id, `MESSAGES_LISTED_MAX` at most: those behind the message `after`, else from
   * the first on. An answer that is full may have a next one behind its last id.
   */
  'message.list': {
    args: z.strictObject({ after: z.optional(id) }),
    value: z.array(messageSchema).check(z.maxLength(MESSAGES_LISTED_MAX)),
  },
  /**
   * Takes back a message of which nothing has left. A message that was sent again, of which nothing
   * has left since, is not confirmed again: it may have arrived before.
   */
  'message.cancel': { args: one, value: nothing },
  'message.resend': { args: one, value: one },
  'message.forget': { args: one, value: nothing },
  /** A received message is the caller's from now on; until then it is told again. */
  'received.take': { args: one, value: nothing },
  ledger: { args: nothing, value: ledgerSchema },
} as const;

export const networkEvents = {
  network: networkStatusSchema,
  message: messageSchema,
  received: receivedSchema,
  /**
   * Something that a person should know: two documents for one epoch, another copy of the profile.
   */
  alarm: z.strictObject({ reason: z.enum(['two_documents', 'other_document', 'other_copy']) }),
} as const;

/** Why a call about the network was not carried out. */
export const networkFailureCodes = [
  'no_network',
  'bad_address',
  'foreign_network',
  'empty',
  'outbox_full',
  'left_already',
  'unknown_message',
] as const;
