// What a pull answer brings, in one transaction: mail into the spool, acknowledgements to their
// fragments, token commands that were carried out, and only then the sequences that the next pull
// acknowledges (design section 2, "Mailbox"). A crash at any point loses nothing.
import { equalBytes, toHex } from '../../../shared/bytes.ts';
import { PULL_ACKNOWLEDGEMENT_COUNT } from '../../../shared/network/frame-sizes.ts';
import type { PullAnswer, WireTokenCommand } from '../../../shared/network/mailbox-frames.ts';
import type { Now } from '../../../shared/time.ts';
import { MAILBOX_ACKNOWLEDGEMENTS_MAX } from '../mailbox-store.ts';
import type { Inbox } from './inbox.ts';
import type { Ledger } from './ledger.ts';
import type { Outbox } from './outbox.ts';
import type { MessageProgress } from './outbox-message.ts';
import type { OpenRequest } from './pulls.ts';
import type {
  ClientAccount,
  ClientStore,
  PullSequences,
  StoredClient,
  TokenCommand,
} from './store.ts';

/** Token commands that wait for their pulls; a further one is refused. */
export const TOKEN_COMMANDS_MAX = 512;

/**
 * Pulls that a backlog of acknowledgements excuses what is overdue for: twice what the longest one
 * takes. A provider that claims more than it can have withholds, and its client tries again.
 */
export const BACKLOG_PULLS_MAX = (2 * MAILBOX_ACKNOWLEDGEMENTS_MAX) / PULL_ACKNOWLEDGEMENT_COUNT;

export type MailNews = {
  /** Each as it is after the answer. */
  readonly progress: readonly MessageProgress[];
  readonly received: readonly number[];
  /** Numbers of token commands that are durable at the provider. */
  readonly tokensDone: readonly number[];
  /** Identifiers that nobody waited for: repeated, forged, or of packets from before a restart. */
  readonly unknownAcknowledgements: number;
};

export type Mail = {
  readonly sequences: () => PullSequences;
  /** The one token command that rides in the next pull. */
  readonly command: () => WireTokenCommand | null;
  readonly addCommand: (command: TokenCommand) => WireTokenCommand | null;
  /** The account's token from now on; the provider is to know it. */
  readonly setToken: (token: Uint8Array) => void;
  /** Whether the provider knows a token by now. */
  readonly isTokenThere: (token: Uint8Array) => boolean;
  /** The provider began the mailbox anew: sequences and tokens too. */
  readonly beginAnew: () => void;
  readonly take: (answer: PullAnswer, request: OpenRequest, now: Now) => MailNews;
  /** A link has ended: what gathers meanwhile is a backlog like any other. */
  readonly linkDown: () => void;
  /** Begins anew with what is durable. */
  readonly reload: (stored: StoredClient) => void;
  readonly backlog: () => { readonly mails: number; readonly acknowledgements: number };
  /** Whether the newest answer left no mail at the provider; false before the first. */
  readonly isDrained: () => boolean;
  /** When the newest pull was answered; null before the first. */
  readonly pulledAtMs: () => number | null;
};

export type MailOptions = {
  readonly store: ClientStore;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly account: ClientAccount;
  /** How much the provider's clock is ahead of this one. */
  readonly clockAheadMs: (now: Now) => number;
};

export function createMail(options: MailOptions, stored: StoredClient): Mail {
  const { store, inbox, outbox, ledger, account } = options;
  let sequences: PullSequences = stored.sequences;
  let commands: readonly WireTokenCommand[] = stored.tokenCommands;
  let backlog = { mails: 0, acknowledgements: 0 };
  /** Answers in a row after which there were acknowledgements left. */
  let answersBehind = 0;
  let pulledAtMs: number | null = null;
  let isDrained = false;

  /** When something was at the provider, by this computer's monotonic clock. */
  const arrivalMs = (arrivedUnixMs: number, now: Now): number => {
    const agoMs = now.unixMs - (arrivedUnixMs - options.clockAheadMs(now));
    return now.monotonicMs - Math.max(0, agoMs);
  };

  /** The mails of an answer that are new, and how far they were taken. */
  const takeMails = (answer: PullAnswer, isBehind: boolean, now: Now) => {
    const received: number[] = [];
    let sequence = isBehind ? 0 : sequences.mailSequence;
    let isDurable = isBehind;
    let isAll = true;
    for (const mail of answer.mails) {
      if (mail.sequence <= sequence) continue;
      if (!inbox.hasRoom()) {
        isAll = false;
        break;
      }
      const taken = inbox.take(mail, account, now.unixMs);
      if (taken.kind === 'loop') {
        const atMs = arrivalMs(mail.arrivedUnixMs, now);
        ledger.arrived(toHex(taken.messageId), atMs, now.monotonicMs);
      } else if (taken.kind !== 'refused') isDurable = true;
      if (taken.kind === 'received') received.push(taken.id);
      sequence = mail.sequence;
    }
    return { received, sequence, isDurable, isAll };
  };

  const takeAcknowledgements = (answer: PullAnswer, isBehind: boolean, now: Now) => {
    const progress = new Map<number, MessageProgress>();
    let sequence = isBehind ? 0 : sequences.acknowledgementSequence;
    let unknown = 0;
    for (const one of answer.acknowledgements) {
      if (one.sequence <= sequence) continue;
      const key = toHex(one.identifier);
      const isProbe = ledger.isExpected(key);
      ledger.arrived(key, arrivalMs(one.arrivedUnixMs, now), now.monotonicMs);
      const told = outbox.acknowledge(one.identifier);
      if (told !== null) progress.set(told.id, told);
      if (told === null && !isProbe) unknown += 1;
      sequence = one.sequence;
    }
    return { progress, sequence, unknown };
  };

  const takeCommands = (answer: PullAnswer): number[] => {
    const done = commands.filter(({ number }) => number <= answer.tokenCommandNumber);
    const last = done.at(-1);
    if (last === undefined) return [];
    const isRefused = answer.isTokenRefused && last.number === answer.tokenCommandNumber;
    // A locked profile numbers no command anew: it asks with this one until it is unlocked.
    if (isRefused && store.isLocked()) return [];
    store.removeTokenCommands(answer.tokenCommandNumber);
    commands = commands.slice(done.length);
    if (!isRefused) return done.map(({ number }) => number);
    const { number: _, ...command } = last;
    // Behind the others, which may make room; not where a later one says what becomes of it.
    const isSaidLater = commands.some(({ token }) => equalBytes(token, last.token));
    if (!isSaidLater) commands = [...commands, store.addTokenCommand(command)];
    return done.slice(0, -1).map(({ number }) => number);
  };

  return {
    sequences: () => sequences,
    command: () => commands[0] ?? null,
    addCommand: (command) => {
      if (commands.length >= TOKEN_COMMANDS_MAX) return null;
      const numbered = store.addTokenCommand(command);
      commands = [...commands, numbered];
      return numbered;
    },
    setToken: (token) => {
      store.setToken(token);
      account.token = token;
    },
    isTokenThere: (token) =>
      !commands.some((one) => one.kind === 'put' && equalBytes(one.token, token)),
    beginAnew: () => {
      store.atomically(() => {
        sequences = { mailSequence: 0, acknowledgementSequence: 0 };
        store.setSequences(sequences);
        commands = store.renewTokens();
      });
    },
    take: (answer, request, now) =>
      store.atomically(() => {
        // A provider that gives what was acknowledged has lost it, and counts from the start again.
        pulledAtMs = now.monotonicMs;
        const asked = request.sequences;
        const isMailBehind = answer.mails.some((mail) => mail.sequence <= asked.mailSequence);
        const isAckBehind = answer.acknowledgements.some(
          (one) => one.sequence <= asked.acknowledgementSequence,
        );
        const mails = takeMails(answer, isMailBehind, now);
        const acks = takeAcknowledgements(answer, isAckBehind, now);
        const tokensDone = takeCommands(answer);
        const isMoved = mails.isDurable || acks.progress.size > 0 || isAckBehind;
        sequences = {
          mailSequence: mails.sequence,
          acknowledgementSequence: acks.sequence,
        };
        // Own loops alone are not worth a flush of the disk: pulled again, they are known.
        if (isMoved) store.setSequences(sequences);
        backlog = {
          mails: Math.max(0, answer.mailBacklog - answer.mails.length),
          acknowledgements: Math.max(
            0,
            answer.acknowledgementBacklog - answer.acknowledgements.length,
          ),
        };
        isDrained = backlog.mails === 0 && mails.isAll;
        if (isDrained) ledger.drained('loop', request.sentAtMs);
        if (backlog.acknowledgements === 0) ledger.drained('acknowledgement', request.sentAtMs);
        answersBehind = backlog.acknowledgements === 0 ? 0 : answersBehind + 1;
        if (answersBehind === 0 || answersBehind > BACKLOG_PULLS_MAX) {
          for (const told of outbox.overdue(request.sentAtMs, now.monotonicMs)) {
            acks.progress.set(told.id, told);
          }
        }
        return {
          progress: [...acks.progress.values()],
          received: mails.received,
          tokensDone,
          unknownAcknowledgements: acks.unknown,
        };
      }),
    linkDown: () => {
      isDrained = false;
      answersBehind = 0;
    },
    reload: (from) => {
      sequences = from.sequences;
      commands = from.tokenCommands;
    },
    backlog: () => backlog,
    isDrained: () => isDrained,
    pulledAtMs: () => pulledAtMs,
  };
}
