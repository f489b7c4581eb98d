// The frames between a client and its provider: registration and pulls (design section 2, "Traffic"
// and "Mailbox"). Each has one size whatever it carries: gaps in lists are filled, and a token
// command has its place in every pull, so that no act of a user makes a frame of its own.
import { assert } from '../assert.ts';
import { type ByteReader, ByteWriter, concatBytes, isAllZero, toUtf8 } from '../bytes.ts';
import {
  INSTANCE_SIZE,
  INVITE_SIZE,
  PULL_ACKNOWLEDGEMENT_COUNT,
  PULLED_ACKNOWLEDGEMENT_SIZE,
  PULLED_MAIL_SIZE,
  TOKEN_COMMAND_SIZE,
} from './frame-sizes.ts';
import {
  CONTENT_SIZE,
  IDENTIFIER_SIZE,
  KEY_SIZE,
  MAILBOX_SIZE,
  SIGNATURE_SIZE,
  TOKEN_SIZE,
} from './geometry.ts';
import { readUint53, writeUint53 } from './uint53.ts';

export type TokenKind = 'contacts' | 'address' | 'invite';
const tokenKinds: readonly TokenKind[] = ['contacts', 'address', 'invite'];

/**
 * `number` counts up with every command of a mailbox; one that was carried out before is passed
 * over.
 */
export type WireTokenCommand =
  | {
      readonly kind: 'put';
      readonly number: number;
      /** 16 bytes. */
      readonly token: Uint8Array;
      readonly tokenKind: TokenKind;
      /** Mails, 1 to 2^32 - 1; null for no quota of its own. */
      readonly quota: number | null;
      /** At least 1; null for no end. */
      readonly expiresUnixMs: number | null;
    }
  | { readonly kind: 'remove'; readonly number: number; readonly token: Uint8Array };

export type PullRequest = {
  readonly kind: 'pull-request';
  /** 16 bytes. */
  readonly mailbox: Uint8Array;
  /** Ed25519 over `pullProofMessage` of this link, 64 bytes: the same in every pull of one link. */
  readonly proof: Uint8Array;
  /** 8 random bytes of this run of the client. */
  readonly instance: Uint8Array;
  /** Comes back in the answer. */
  readonly serial: number;
  /** Everything up to these has arrived at the client; 0 for nothing yet. */
  readonly mailSequence: number;
  readonly acknowledgementSequence: number;
  readonly command: WireTokenCommand | null;
};

export type PulledMail = {
  /** From 1. */
  readonly sequence: number;
  readonly arrivedUnixMs: number;
  /** 1,627 bytes. */
  readonly content: Uint8Array;
};
export type PulledAcknowledgement = {
  readonly sequence: number;
  /** 16 bytes. */
  readonly identifier: Uint8Array;
  readonly arrivedUnixMs: number;
};

export type PullAnswer = {
  readonly kind: 'pull-answer';
  readonly serial: number;
  /** Whether a client with another instance pulled this mailbox since this one's last pull. */
  readonly isOtherCopySeen: boolean;
  /** Whether that last token command put a token for which the mailbox has no room. */
  readonly isTokenRefused: boolean;
  /** Number of the last token command that was done or refused, durably; 0 for none. */
  readonly tokenCommandNumber: number;
  /** What lies beyond the acknowledged sequences, what is in this answer included. */
  readonly mailBacklog: number;
  readonly acknowledgementBacklog: number;
  /** At most k; sequences ascend. */
  readonly mails: readonly PulledMail[];
  /** At most 16; sequences ascend. */
  readonly acknowledgements: readonly PulledAcknowledgement[];
};

export type RegistrationRequest = {
  readonly kind: 'registration-request';
  /** Ed25519 key made for this mailbox alone, 32 bytes. */
  readonly authKey: Uint8Array;
  /** Ed25519 over `registrationProofMessage` of this link, 64 bytes. */
  readonly proof: Uint8Array;
  /** 32 bytes; null for none. */
  readonly invite: Uint8Array | null;
};

export type RegistrationResult =
  | 'registered'
  | 'known'
  | 'wrong_proof'
  | 'invite_needed'
  | 'invite_unknown'
  | 'invite_used'
  | 'provider_full'
  | 'too_many_requests';
const registrationResults: readonly RegistrationResult[] = [
  'registered',
  'known',
  'wrong_proof',
  'invite_needed',
  'invite_unknown',
  'invite_used',
  'provider_full',
  'too_many_requests',
];

export type RegistrationAnswer = {
  readonly kind: 'registration-answer';
  readonly result: RegistrationResult;
  /** 16 bytes; zeros where refused. */
  readonly mailbox: Uint8Array;
  /** How long mail is kept that nobody pulls. */
  readonly retentionMs: number;
  /** Mails that the mailbox holds at most. */
  readonly mailsMax: number;
};

/** A challenge makes a proof worthless on any other link; provider and network, anywhere else. */
export type ProofContext = {
  readonly networkHash: Uint8Array;
  readonly providerKey: Uint8Array;
  /** From the provider's hello on this link. */
  readonly challenge: Uint8Array;
};
const pullLabel = toUtf8('eddy pull v1');
const registrationLabel = toUtf8('eddy registration v1');

/** What the proof in every pull of a link signs. */
export function pullProofMessage(context: ProofContext, mailbox: Uint8Array): Uint8Array {
  const { networkHash, providerKey, challenge } = context;
  return concatBytes(pullLabel, networkHash, providerKey, challenge, mailbox);
}

/** What the proof in a registration signs. */
export function registrationProofMessage(
  context: ProofContext,
  authKey: Uint8Array,
  invite: Uint8Array | null,
): Uint8Array {
  const { networkHash, providerKey, challenge } = context;
  const inviteBytes = invite ?? new Uint8Array(INVITE_SIZE);
  return concatBytes(registrationLabel, networkHash, providerKey, challenge, authKey, inviteBytes);
}

export function writePullRequest(writer: ByteWriter, request: PullRequest): void {
  assert(request.mailbox.length === MAILBOX_SIZE, 'a mailbox is 16 bytes');
  assert(request.proof.length === SIGNATURE_SIZE, 'a proof is 64 bytes');
  assert(request.instance.length === INSTANCE_SIZE, 'an instance is 8 bytes');
  writer.raw(request.mailbox).raw(request.proof).raw(request.instance).u32(request.serial);
  writeUint53(writer, request.mailSequence);
  writeUint53(writer, request.acknowledgementSequence);
  writer.raw(encodeCommand(request.command));
}

export function readPullRequest(reader: ByteReader): PullRequest | null {
  const mailbox = reader.raw(MAILBOX_SIZE);
  const proof = reader.raw(SIGNATURE_SIZE);
  const instance = reader.raw(INSTANCE_SIZE);
  const serial = reader.u32();
  const mailSequence = readUint53(reader);
  const acknowledgementSequence = readUint53(reader);
  const command = readCommand(reader);
  if (mailSequence === null || acknowledgementSequence === null || command === 'malformed') {
    return null;
  }
  const kind = 'pull-request' as const;
  const progress = { mailSequence, acknowledgementSequence };
  return { kind, mailbox, proof, instance, serial, ...progress, command };
}

const PUT = 1;
const REMOVE = 2;

function encodeCommand(command: WireTokenCommand | null): Uint8Array {
  if (command === null) return new Uint8Array(TOKEN_COMMAND_SIZE);
  assert(command.token.length === TOKEN_SIZE, 'a token is 16 bytes');
  assert(command.number >= 1, 'a command has a number');
  const writer = new ByteWriter(TOKEN_COMMAND_SIZE);
  const isPut = command.kind === 'put';
  writer.u8(isPut ? PUT : REMOVE).u8(isPut ? tokenKinds.indexOf(command.tokenKind) + 1 : 0);
  writeUint53(writer, command.number);
  writer.raw(command.token).u32(isPut ? (command.quota ?? 0) : 0);
  writeUint53(writer, isPut ? (command.expiresUnixMs ?? 0) : 0);
  return writer.finish();
}

function readCommand(reader: ByteReader): WireTokenCommand | null | 'malformed' {
  const code = reader.u8();
  const kindCode = reader.u8();
  const number = readUint53(reader);
  const token = reader.raw(TOKEN_SIZE);
  const quota = reader.u32();
  const expiresUnixMs = readUint53(reader);
  if (number === null || expiresUnixMs === null) return 'malformed';
  if (code === 0) {
    const isEmpty = kindCode === 0 && number === 0 && quota === 0 && expiresUnixMs === 0;
    return isEmpty && isAllZero(token) ? null : 'malformed';
  }
  if (number === 0) return 'malformed';
  if (code === REMOVE) {
    const isPlain = kindCode === 0 && quota === 0 && expiresUnixMs === 0;
    return isPlain ? { kind: 'remove', number, token } : 'malformed';
  }
  const tokenKind = tokenKinds[kindCode - 1];
  if (code !== PUT || tokenKind === undefined) return 'malformed';
  const limits = {
    quota: quota === 0 ? null : quota,
    expiresUnixMs: expiresUnixMs === 0 ? null : expiresUnixMs,
  };
  return { kind: 'put', number, token, tokenKind, ...limits };
}

export function writePullAnswer(writer: ByteWriter, answer: PullAnswer, mailCount: number): void {
  assert(answer.mails.length <= mailCount, 'an answer holds k mails');
  assert(
    answer.acknowledgements.length <= PULL_ACKNOWLEDGEMENT_COUNT,
    'an answer holds 16 acknowledgements',
  );
  writer.u32(answer.serial).u8((answer.isOtherCopySeen ? 1 : 0) | (answer.isTokenRefused ? 2 : 0));
  writeUint53(writer, answer.tokenCommandNumber);
  writer.u32(answer.mailBacklog).u32(answer.acknowledgementBacklog);
  for (const mail of answer.mails) {
    assert(mail.sequence >= 1 && mail.content.length === CONTENT_SIZE, 'a mail is whole');
    writeUint53(writer, mail.sequence);
    writeUint53(writer, mail.arrivedUnixMs);
    writer.raw(mail.content);
  }
  writer.raw(new Uint8Array((mailCount - answer.mails.length) * PULLED_MAIL_SIZE));
  for (const one of answer.acknowledgements) {
    assert(
      one.sequence >= 1 && one.identifier.length === IDENTIFIER_SIZE,
      'an identifier is whole',
    );
    writeUint53(writer, one.sequence);
    writer.raw(one.identifier);
    writeUint53(writer, one.arrivedUnixMs);
  }
  const gap = PULL_ACKNOWLEDGEMENT_COUNT - answer.acknowledgements.length;
  writer.raw(new Uint8Array(gap * PULLED_ACKNOWLEDGEMENT_SIZE));
}

export function readPullAnswer(reader: ByteReader, mailCount: number): PullAnswer | null {
  const serial = reader.u32();
  const flags = reader.u8();
  const tokenCommandNumber = readUint53(reader);
  const mailBacklog = reader.u32();
  const acknowledgementBacklog = reader.u32();
  const mails: PulledMail[] = [];
  const acknowledgements: PulledAcknowledgement[] = [];
  let isSound = tokenCommandNumber !== null && flags <= 3;
  for (let index = 0; index < mailCount; index++) {
    const sequence = readUint53(reader);
    const arrivedUnixMs = readUint53(reader);
    const content = reader.raw(CONTENT_SIZE);
    if (sequence === null || arrivedUnixMs === null) isSound = false;
    else if (sequence > 0) mails.push({ sequence, arrivedUnixMs, content });
  }
  for (let index = 0; index < PULL_ACKNOWLEDGEMENT_COUNT; index++) {
    const sequence = readUint53(reader);
    const identifier = reader.raw(IDENTIFIER_SIZE);
    const arrivedUnixMs = readUint53(reader);
    if (sequence === null || arrivedUnixMs === null) isSound = false;
    else if (sequence > 0) acknowledgements.push({ sequence, identifier, arrivedUnixMs });
  }
  if (!isSound || tokenCommandNumber === null) return null;
  if (!isAscending(mails) || !isAscending(acknowledgements)) return null;
  const kind = 'pull-answer' as const;
  const backlog = { mailBacklog, acknowledgementBacklog };
  const told = { isOtherCopySeen: (flags & 1) !== 0, isTokenRefused: (flags & 2) !== 0 };
  return { kind, serial, ...told, tokenCommandNumber, ...backlog, mails, acknowledgements };
}

function isAscending(items: readonly { readonly sequence: number }[]): boolean {
  return items.every(
    (item, index) => index === 0 || (items[index - 1]?.sequence ?? 0) < item.sequence,
  );
}

export function writeRegistrationRequest(writer: ByteWriter, request: RegistrationRequest): void {
  assert(request.authKey.length === KEY_SIZE, 'an authentication key is 32 bytes');
  assert(request.proof.length === SIGNATURE_SIZE, 'a proof is 64 bytes');
  const invite = request.invite ?? new Uint8Array(INVITE_SIZE);
  assert(invite.length === INVITE_SIZE, 'an invite is 32 bytes');
  writer.raw(request.authKey).raw(request.proof).raw(invite);
}

export function readRegistrationRequest(reader: ByteReader): RegistrationRequest {
  const authKey = reader.raw(KEY_SIZE);
  const proof = reader.raw(SIGNATURE_SIZE);
  const invite = reader.raw(INVITE_SIZE);
  return {
    kind: 'registration-request',
    authKey,
    proof,
    invite: isAllZero(invite) ? null : invite,
  };
}

export function writeRegistrationAnswer(writer: ByteWriter, answer: RegistrationAnswer): void {
  assert(answer.mailbox.length === MAILBOX_SIZE, 'a mailbox is 16 bytes');
  writer.u8(registrationResults.indexOf(answer.result)).raw(answer.mailbox);
  writeUint53(writer, answer.retentionMs);
  writer.u32(answer.mailsMax);
}

export function readRegistrationAnswer(reader: ByteReader): RegistrationAnswer | null {
  const result = registrationResults[reader.u8()];
  const mailbox = reader.raw(MAILBOX_SIZE);
  const retentionMs = readUint53(reader);
  const mailsMax = reader.u32();
  if (result === undefined || retentionMs === null) return null;
  return { kind: 'registration-answer', result, mailbox, retentionMs, mailsMax };
}
