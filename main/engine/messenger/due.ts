// What falls due by the clock: receipts, requests for what is missing, contents that go again,
// codes and states that end. One timer, for the earliest of them; the work itself is done in steps.
import {
  forgetOfContact,
  forgetReplaced,
  SKIPPED_KEYS_GLOBAL_MAX,
} from '../../../shared/session/contact-sessions.ts';
import { SKIPPED_KEYS_MAX } from '../../../shared/session/session-state.ts';
import { CallFailure } from '../call-failure.ts';
import type { Codes } from './codes.ts';
import type { ContactsTokens } from './contacts-tokens.ts';
import { type Deliveries, KEPT_MS_MAX } from './delivery.ts';
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

export type Due = {
  /**
   * Sets the timer anew, since something may be due earlier; `isTelling` where contacts may have to
   * be told the own address or name.
   */
  readonly arm: (isTelling: boolean) => void;
  readonly close: () => void;
};

export type DueParts = {
  readonly parts: Parts;
  readonly codes: Codes;
  readonly tokens: ContactsTokens;
  readonly deliveries: Deliveries;
  readonly receipts: Receipts;
  readonly repair: Repair;
  readonly sending: Sending;
};

export function createDue(options: DueParts): Due {
  const { parts, codes, tokens, deliveries, receipts, repair, sending } = options;
  const { people, sessions, outgoing } = parts;
  let disarm: (() => void) | null = null;
  let timerAtUnixMs = Infinity;
  let isWorking = false;
  let isClosed = false;
  let forgetAtUnixMs = parts.now().unixMs;
  /** Whether somebody may have to be told the own address or name. */
  let mayTell = true;

  const nextAt = (): number =>
    Math.min(
      outgoing.nextDue() ?? Infinity,
      outgoing.nextExpiry() ?? Infinity,
      outgoing.nextReceipt() ?? Infinity,
      sessions.nextStreamDue() ?? Infinity,
      people.nextCodeOver() ?? Infinity,
      forgetAtUnixMs,
      mayTell ? 0 : Infinity,
    );

  const forget = (work: Work): void => {
    const { unixMs: nowUnixMs } = work.now;
    const retentionMs = parts.retentionMs() + FORGET_MS;
    forgetAtUnixMs = nowUnixMs + FORGET_MS;
    for (const contact of sessions.contactsWithMore()) {
      const before = sessions.load(contact);
      sessions.save(contact, before, forgetReplaced(before, { nowUnixMs, retentionMs }));
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

  /** One thing that is due; false where nothing is. */
  const one = (work: Work): boolean => {
    const { unixMs: nowUnixMs } = work.now;
    const [receipt] = outgoing.receiptsDue(nowUnixMs, 1);
    if (receipt !== undefined) {
      receipts.pay(work, receipt.contact, receipt.level);
      return true;
    }
    if (mayTell) {
      mayTell = tokens.tellOne(work);
      return true;
    }
    const [again] = outgoing.due(nowUnixMs, 1);
    if (again !== undefined) {
      sending.again(work, again);
      return true;
    }
    const [stream] = sessions.streamsDue(nowUnixMs, 1);
    if (stream !== undefined) {
      const contact = people.contact(stream.contact);
      if (contact?.state === 'accepted') repair.ask(work, contact, stream);
      else sessions.setStream(stream.contact, { ...stream, askUnixMs: null });
      return true;
    }
    const [expired] = outgoing.expired(nowUnixMs, 1);
    if (expired !== undefined) {
      deliveries.expired(work, expired);
      return true;
    }
    if ((people.nextCodeOver() ?? Infinity) <= nowUnixMs) {
      codes.expire(work);
      return true;
    }
    if (forgetAtUnixMs > nowUnixMs) return false;
    forget(work);
    return true;
  };

  const work = async (): Promise<void> => {
    if (isWorking) return;
    isWorking = true;
    let waitMs = 0;
    try {
      while (!isClosed && nextAt() <= parts.now().unixMs) {
        if (!(await parts.step(one))) break;
      }
    } catch (error) {
      waitMs = AGAIN_MS;
      if (!isClosed && !(error instanceof CallFailure)) {
        const name = error instanceof Error ? error.name : 'unknown';
        parts.log('warn', 'due_failed', { error: name });
      }
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
