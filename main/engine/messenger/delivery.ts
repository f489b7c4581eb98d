// What is known of what went out: from the client's progress and from receipts, into the states
// that a user sees. A state names what is known and never goes back (design section 3).
import type { MessageDelivery } from '../../../shared/api-chat.ts';
import type { MessageProgress } from '../../mixnet/client/outbox-message.ts';
import type { ReceiptLevel, StoredOutgoing } from '../../store/outgoing-store.ts';
import type { ChatPort, Outlook, Parts, Work } from './parts.ts';
import { acceptanceOf, HANDSHAKE } from './posting.ts';

/** How often what its user did not write is tried again after its tries; then it is given up. */
export const PROGRAM_RESENDS_MAX = 6;
/** Before the first of these; each further wait is twice as long, six hours at most. */
export const PROGRAM_RESEND_MS = 60_000;
const PROGRAM_RESEND_MS_MAX = 6 * 3_600_000;
/** Messages that wait and are told anew at once, when the link goes or comes: some screens full. */
const RETOLD_MAX = 256;
/** Between two tries of a handshake, at most; it goes on until the provider's retention is over. */
export const HANDSHAKE_RESEND_MS_MAX = 24 * 3_600_000;
/**
 * An acceptance that lies at their provider goes again after so long, then after twice that, until
 * a message shows that its starter has it.
 */
export const ACCEPTANCE_AGAIN_MS = 3_600_000;
/** What nobody confirmed is kept so long for those who ask for it. */
export const KEPT_MS_MAX = 60 * 86_400_000;

type State = MessageDelivery['state'];
const order: readonly State[] = [
  'queued',
  'waiting',
  'in_the_mix',
  'retrying',
  'not_confirmed',
  'at_provider',
  'expired',
  'delivered',
  'read',
  'failed',
];
const rank = (state: State) => order.indexOf(state);

export type Deliveries = {
  /** What the client says of something it was given. */
  readonly progressed: (work: Work, progress: MessageProgress) => void;
  /** What the client knew when the program was not there to hear it. */
  readonly reconcile: (work: Work, known: readonly MessageProgress[]) => void;
  /** A contact says what he has, or has read. */
  readonly receipt: (
    work: Work,
    contact: number,
    level: ReceiptLevel,
    uids: readonly Uint8Array[],
  ) => void;
  /** Its provider keeps it no longer. */
  readonly expired: (work: Work, row: StoredOutgoing) => void;
  readonly outlook: (message: number) => Outlook;
  /** The message that has been queued last, where one waits. */
  readonly queuedLast: () => number | null;
  /** Tells those that wait anew, the newest `RETOLD_MAX` of them. */
  readonly outlookChanged: (work: Work) => void;
};

export function createDeliveries(parts: Parts, chats: ChatPort): Deliveries {
  const { outgoing } = parts;

  const forget = (work: Work, sent: number): void => {
    const { hands } = work;
    work.atEnd.push(() => hands?.forget(sent));
  };

  /** Only ever forward; the same state again where its numbers have changed. */
  const advance = (work: Work, message: number, to: State, progress?: MessageProgress): void => {
    const before = chats.delivery(message);
    if (before === null || rank(to) < rank(before.state)) return;
    const tryCount = to === 'retrying' ? (progress?.tryCount ?? 2) : 1;
    const confirmed = progress?.fragmentsAcknowledged ?? before.all;
    const isSame = to === before.state;
    if (isSame && tryCount === before.tryCount && confirmed === before.confirmed) return;
    const atUnixMs = isSame ? before.atUnixMs : work.now.unixMs;
    chats.setDelivery(work, message, { ...before, state: to, atUnixMs, tryCount, confirmed });
  };

  /** Counted contents wait for their receipt; what is not counted has done its work. */
  const atProvider = (work: Work, row: StoredOutgoing, sent: number): void => {
    forget(work, sent);
    if (acceptanceOf(row) !== null) {
      const againUnixMs = handshakeAt(work, row, ACCEPTANCE_AGAIN_MS);
      outgoing.put({ ...row, sent: null, againUnixMs });
      return;
    }
    if (row.sequence === 0) {
      outgoing.remove(row.id);
      return;
    }
    const expiresUnixMs = row.message === null ? null : work.now.unixMs + parts.retentionMs();
    outgoing.put({ ...row, sent: null, againUnixMs: null, expiresUnixMs });
  };

  const notConfirmed = (work: Work, row: StoredOutgoing, sent: number): void => {
    if (row.message !== null) {
      // Its user sees to it, unless it is known to have been there before.
      const state = chats.delivery(row.message)?.state ?? 'not_confirmed';
      if (rank(state) < rank('at_provider')) return;
      forget(work, sent);
      outgoing.put({ ...row, sent: null, expiresUnixMs: work.now.unixMs + parts.retentionMs() });
      return;
    }
    if (row.kind === HANDSHAKE) {
      outgoing.put({ ...row, againUnixMs: handshakeAt(work, row, PROGRAM_RESEND_MS) });
      return;
    }
    if (row.resendCount < PROGRAM_RESENDS_MAX) {
      const waitMs = Math.min(PROGRAM_RESEND_MS * 2 ** row.resendCount, PROGRAM_RESEND_MS_MAX);
      outgoing.put({ ...row, againUnixMs: work.now.unixMs + waitMs });
      return;
    }
    forget(work, sent);
    if (row.sequence === 0) outgoing.remove(row.id);
    else outgoing.put({ ...row, sent: null, againUnixMs: null });
  };

  const progressed: Deliveries['progressed'] = (work, progress) => {
    const row = outgoing.ofSent(progress.id);
    if (row === null) return;
    const { message } = row;
    const say = (state: State) => {
      if (message !== null) advance(work, message, state, progress);
    };
    switch (progress.state) {
      case 'queued':
        break;
      case 'in_mix':
        say(progress.tryCount > 1 ? 'retrying' : 'in_the_mix');
        break;
      case 'at_provider':
        say('at_provider');
        atProvider(work, row, progress.id);
        break;
      case 'not_confirmed':
        say('not_confirmed');
        if (row.againUnixMs === null) notConfirmed(work, row, progress.id);
        break;
    }
  };

  return {
    progressed,
    reconcile: (work, known) => {
      for (const progress of known) progressed(work, progress);
      const ids = new Set(known.map(({ id }) => id));
      // Whatever the client has no more of begins anew.
      for (const row of outgoing.sent()) {
        if (row.sent === null || ids.has(row.sent)) continue;
        if (row.plaintext.length === 0) outgoing.remove(row.id);
        else if (row.sequence === 0 && row.kind !== HANDSHAKE) outgoing.remove(row.id);
        else outgoing.put({ ...row, sent: null, againUnixMs: work.now.unixMs });
      }
    },
    receipt: (work, contact, level, uids) => {
      for (const uid of uids) {
        const row = outgoing.ofUid(contact, uid);
        if (row !== null) {
          if (row.sent !== null) forget(work, row.sent);
          outgoing.remove(row.id);
        }
        const message = row?.message ?? chats.ownOfUid(contact, uid);
        if (message !== null) advance(work, message, level);
      }
    },
    expired: (work, row) => {
      outgoing.put({ ...row, expiresUnixMs: null });
      if (row.message !== null) advance(work, row.message, 'expired');
    },
    outlookChanged: (work) => {
      for (const { message, contact } of outgoing.queued(RETOLD_MAX)) {
        work.changed.messages.add(message);
        work.changed.conversations.add(contact);
      }
    },
    queuedLast: () => outgoing.queued(1)[0]?.message ?? null,
    outlook: (message) => {
      const client = parts.mixnet()?.client ?? null;
      const sent = outgoing.ofMessage(message)?.sent ?? null;
      const forecast = client === null || sent === null ? null : client.forecast(sent);
      const isOnline = client?.status().state === 'online';
      return { isOnline, leavesInMs: isOnline ? (forecast?.departureMs ?? null) : null };
    },
  };
}

/** When a handshake goes again that was sent again so often: each wait is twice the one before. */
function handshakeAt({ now }: Work, { resendCount }: StoredOutgoing, firstMs: number): number {
  return now.unixMs + Math.min(firstMs * 2 ** resendCount, HANDSHAKE_RESEND_MS_MAX);
}
