// What falls due by the clock: receipts, requests for what is missing, contents that go again,
// codes and states that end. One timer, for the earliest of them; the work itself is done in steps.
import {
  forgetOfContact,
  forgetReplaced,
  SKIPPED_KEYS_GLOBAL_MAX,
} from '../../../shared/session/contact-sessions.ts';
import { SKIPPED_KEYS_MAX } from '../../../shared/session/session-state.ts';
import type { ReceiptLevel, StoredOutgoing } from '../../store/outgoing-store.ts';
import type { StoredContact } from '../../store/people-store.ts';
import type { IncomingStream } from '../../store/session-store.ts';
import { CallFailure, isPassing } from '../call-failure.ts';
import type { Codes } from './codes.ts';
import type { ContactsTokens } from './contacts-tokens.ts';
import { type Deliveries, KEPT_MS_MAX } from './delivery.ts';
import type { Handshakes } from './handshakes.ts';
import type { Parts, Work } from './parts.ts';
import type { Receipts } from './receipts.ts';
import type { Repair } from './repair.ts';
import type { Sending } from './sending.ts';

/** Between two looks at what is too old to be kept. */
export const FORGET_MS = 3_600_000;
/** The longest that the timer is set for: a clock may be set meanwhile. */
const TIMER_MS_MAX = 60_000;
/** Where due work could not be done, since there is no room or no network. */
const AGAIN_MS = 5_000;
/** Before what failed over something of its own, as a contact's address, is tried again. */
export const PUT_OFF_MS = 600_000;

export type Due = {
  /**
   * Sets the timer anew, since something may be due earlier; `isTelling` where contacts may have to
   * be told the own address or name.
   */
  readonly arm: (isTelling: boolean) => void;
  readonly close: () => void;
};

type Item =
  | { readonly kind: 'receipts'; readonly contact: number; readonly level: ReceiptLevel }
  | { readonly kind: 'tell'; readonly contact: StoredContact }
  | { readonly kind: 'again' | 'expired'; readonly row: StoredOutgoing }
  | { readonly kind: 'stream'; readonly stream: IncomingStream & { readonly contact: number } }
  | { readonly kind: 'codes' | 'forget' };

export type DueParts = {
  readonly parts: Parts;
  readonly codes: Codes;
  readonly tokens: ContactsTokens;
  readonly deliveries: Deliveries;
  readonly receipts: Receipts;
  readonly repair: Repair;
  readonly sending: Sending;
  readonly handshakes: Handshakes;
};

export function createDue(options: DueParts): Due {
  const { parts, tokens } = options;
  const { people, sessions, outgoing } = parts;
  const { carryOut, putOff } = createHandling(options);
  let disarm: (() => void) | null = null;
  let timerAtUnixMs = Infinity;
  let isWorking = false;
  let isClosed = false;
  let forgetAtUnixMs = parts.now().unixMs;
  /** Whether somebody may have to be told the own address or name. */
  let mayTell = true;
  /** Contacts whom telling it failed, and when it is tried again. */
  const untold = new Map<number, number>();
  /** Nothing is sent before, since there is no room or no network. */
  let postAtUnixMs = 0;

  const tellAt = (): number => (mayTell ? 0 : Math.min(Infinity, ...untold.values()));

  const nextAt = (): number => {
    const post = Math.min(
      outgoing.nextDue() ?? Infinity,
      outgoing.nextReceipt() ?? Infinity,
      sessions.nextStreamDue() ?? Infinity,
      tellAt(),
    );
    return Math.min(
      Math.max(post, postAtUnixMs),
      outgoing.nextExpiry() ?? Infinity,
      people.nextCodeOver() ?? Infinity,
      forgetAtUnixMs,
    );
  };

  /** What is to be done next; null for nothing. */
  const next = (work: Work): Item | null => {
    const { unixMs: nowUnixMs } = work.now;
    const item = nowUnixMs < postAtUnixMs ? null : nextPost(work);
    if (item !== null) return item;
    const [row] = outgoing.expired(nowUnixMs, 1);
    if (row !== undefined) return { kind: 'expired', row };
    if ((people.nextCodeOver() ?? Infinity) <= nowUnixMs) return { kind: 'codes' };
    if (forgetAtUnixMs > nowUnixMs) return null;
    forgetAtUnixMs = nowUnixMs + FORGET_MS;
    return { kind: 'forget' };
  };

  /** Of what is sent. */
  const nextPost = (work: Work): Item | null => {
    const { unixMs: nowUnixMs } = work.now;
    const [receipts] = outgoing.receiptsDue(nowUnixMs, 1);
    if (receipts !== undefined) return { kind: 'receipts', ...receipts };
    if (tellAt() <= nowUnixMs) {
      for (const [id, atUnixMs] of untold) if (atUnixMs <= nowUnixMs) untold.delete(id);
      const contact = work.hands === null ? null : tokens.toTell(untold);
      mayTell = contact !== null;
      if (contact !== null) return { kind: 'tell', contact };
    }
    const [row] = outgoing.due(nowUnixMs, 1);
    if (row !== undefined) return { kind: 'again', row };
    const [stream] = sessions.streamsDue(nowUnixMs, 1);
    return stream === undefined ? null : { kind: 'stream', stream };
  };

  /** Throws where nothing else is to be tried before `AGAIN_MS`. */
  const failed = async (error: unknown, item: Item | null): Promise<void> => {
    if (isClosed || item === null || item.kind === 'codes' || item.kind === 'forget') throw error;
    if (isPassing(error)) {
      if (item.kind === 'expired') throw error;
      postAtUnixMs = parts.now().unixMs + AGAIN_MS;
      return;
    }
    warn(error);
    if (item.kind === 'tell') untold.set(item.contact.id, parts.now().unixMs + PUT_OFF_MS);
    else await parts.step((work) => putOff(work, item));
  };

  const warn = (error: unknown): void => {
    const name = error instanceof Error ? error.name : 'unknown';
    const code = error instanceof CallFailure ? error.code : null;
    parts.log('warn', 'due_failed', { error: name, code });
  };

  /** Does one thing that is due; false where nothing is. */
  const one = async (): Promise<boolean> => {
    const tried: { item: Item | null } = { item: null };
    try {
      return await parts.step((work) => {
        tried.item = next(work);
        if (tried.item !== null) carryOut(work, tried.item);
        return tried.item !== null;
      });
    } catch (error) {
      await failed(error, tried.item);
      return true;
    }
  };

  const work = async (): Promise<void> => {
    if (isWorking) return;
    isWorking = true;
    let waitMs = 0;
    try {
      while (!isClosed && nextAt() <= parts.now().unixMs) {
        if (!(await one())) break;
      }
    } catch (error) {
      waitMs = AGAIN_MS;
      if (!isClosed && !isPassing(error)) warn(error);
    } finally {
      isWorking = false;
    }
    arm(waitMs);
  };

  const arm = (waitMs: number): void => {
    if (isClosed || isWorking) return;
    const nowUnixMs = parts.now().unixMs;
    const atUnixMs = Math.max(nextAt(), nowUnixMs + waitMs);
    if (disarm !== null && timerAtUnixMs <= atUnixMs && waitMs === 0) return;
    disarm?.();
    timerAtUnixMs = atUnixMs;
    const run = () => {
      disarm = null;
      timerAtUnixMs = Infinity;
      void work();
    };
    disarm = parts.later(run, Math.min(TIMER_MS_MAX, Math.max(0, atUnixMs - nowUnixMs)));
  };

  return {
    arm: (isTelling) => {
      mayTell ||= isTelling;
      arm(0);
    },
    close: () => {
      isClosed = true;
      disarm?.();
    },
  };
}

/** How an item is done, and how it waits where that fails. */
function createHandling(options: DueParts) {
  const { parts, codes, tokens, deliveries, receipts, repair, sending, handshakes } = options;
  const { people, sessions, outgoing } = parts;

  const forget = (work: Work): void => {
    const { unixMs: nowUnixMs } = work.now;
    const retentionMs = parts.retentionMs() + FORGET_MS;
    for (const contact of sessions.contactsWithMore()) {
      const before = sessions.load(contact);
      const after = forgetReplaced(before, { nowUnixMs, retentionMs });
      sessions.save(contact, before, after);
      handshakes.giveUp(work, contact, before, after);
    }
    let room = SKIPPED_KEYS_GLOBAL_MAX;
    for (const { contact, count } of sessions.skippedKeys().toReversed()) {
      const before = sessions.load(contact);
      const limits = {
        keepMax: Math.min(SKIPPED_KEYS_MAX, room),
        olderThanUnixMs: nowUnixMs - retentionMs,
      };
      const { contact: after } = forgetOfContact(before, limits);
      sessions.save(contact, before, after);
      room = Math.max(0, room - count);
    }
    sessions.forgetEarly(nowUnixMs - retentionMs);
    outgoing.forget(nowUnixMs - KEPT_MS_MAX);
    tokens.removeOld(work);
    codes.expire(work);
  };

  const carryOut = (work: Work, item: Item): void => {
    switch (item.kind) {
      case 'receipts':
        receipts.pay(work, item.contact, item.level);
        break;
      case 'tell':
        tokens.tell(work, item.contact);
        break;
      case 'again':
        sending.again(work, item.row);
        break;
      case 'stream': {
        const { stream } = item;
        const contact = people.contact(stream.contact);
        if (contact?.state === 'accepted') repair.ask(work, contact, stream);
        else sessions.setStream(stream.contact, { ...stream, askUnixMs: null });
        break;
      }
      case 'expired':
        deliveries.expired(work, item.row);
        break;
      case 'codes':
        codes.expire(work);
        break;
      case 'forget':
        forget(work);
    }
  };

  /** What failed over something of its own waits by itself, and holds up nothing behind it. */
  const putOff = (work: Work, item: Item): void => {
    const atUnixMs = work.now.unixMs + PUT_OFF_MS;
    switch (item.kind) {
      case 'receipts':
        outgoing.putReceiptsOff(item.contact, item.level, atUnixMs);
        break;
      case 'again': {
        const row = outgoing.get(item.row.id);
        if (row !== null) outgoing.put({ ...row, againUnixMs: atUnixMs });
        break;
      }
      case 'stream': {
        const { contact, stream } = item.stream;
        sessions.setStream(contact, { ...sessions.stream(contact, stream), askUnixMs: atUnixMs });
        break;
      }
      case 'expired': {
        const row = outgoing.get(item.row.id);
        if (row !== null) outgoing.put({ ...row, expiresUnixMs: atUnixMs });
        break;
      }
      case 'tell':
      case 'codes':
      case 'forget':
        break;
    }
  };

  return { carryOut, putOff };
}
