// What the program asks of its client, carried out one step at a time in moments when no emission
// is near: storing a large message takes several of them. Every command is answered once.
import { equalBytes, isAllZero } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import {
  CONTACT_TAG_SIZE,
  FRAGMENT_BODY_SIZE,
  FRAGMENT_SIZE,
  MESSAGE_ID_SIZE,
} from '../../../shared/network/geometry.ts';
import { sealContent } from '../../../shared/network/seal.ts';
import { commonQuietMs, type Traffic } from '../../../shared/network/traffic.ts';
import { drawBytes, type RandomSource } from '../../../shared/random.ts';
import { isStoreFull } from '../store-full.ts';
import {
  type ClientCommand,
  type ClientEffect,
  COMMANDS_MAX,
  type SendCommand,
  type SendRefusal,
} from './contract.ts';
import type { Inbox } from './inbox.ts';
import type { Mail } from './mail.ts';
import type { Outbox } from './outbox.ts';
import { WORK_GUARD_MS } from './slots.ts';
import { runStep, type StepOptions } from './steps.ts';
import type { ClientStore, NewMessage } from './store.ts';
import { StoreFullError, type StoreRoom } from './store-room.ts';

/** Fragments stored in one step, so that a large message stands before no emission: 100 KB. */
export const FRAGMENTS_PER_STEP = 64;

type Send = SendCommand;
type Storing = {
  readonly send: Send;
  readonly message: NewMessage;
  readonly id: number;
  at: number;
};

/** Too many commands wait already; the step was not taken in. */
export class StepsFullError extends Error {}

/** A message that was just given: nothing of it has been taken. */
const untouched = { state: 'queued', acknowledged: [], flights: [], nextIndex: 0 } as const;

export type CommandOptions = {
  readonly engine: CryptoEngine;
  readonly random: RandomSource;
  readonly networkHash: Uint8Array;
  readonly messageSizeMax: number;
  readonly store: ClientStore;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly mail: () => Mail | null;
  readonly setHeld: (isHeld: boolean) => void;
  readonly tellAgain: () => void;
  readonly room: StoreRoom;
  /** Keeps a write for a quiet moment, and for room on the disk. */
  readonly later: (write: () => void) => void;
};

export type Commands = {
  /** Takes a command in, or refuses it at once. */
  readonly add: (command: ClientCommand) => readonly ClientEffect[];
  readonly isWaiting: () => boolean;
  /** How long no emission is to be due for the next one; no quiet that hardly ever comes. */
  readonly guardMs: (traffic: Traffic | null) => number;
  /** One step of the oldest command. */
  readonly step: () => readonly ClientEffect[];
};

export function createCommands(options: CommandOptions): Commands {
  const { engine, random, store, outbox, inbox } = options;
  const waiting: ClientCommand[] = [];
  /** Those of them that nobody is answered. */
  const unanswered = new Map<string, Unanswered>();
  let storing: Storing | null = null;

  const refusalOf = (send: Omit<Send, 'kind' | 'ref'>): SendRefusal | null => {
    const { address, bytes, contactTag } = send;
    if (bytes.length === 0) return 'empty';
    if (bytes.length > options.messageSizeMax) return 'too_large';
    if (!equalBytes(address.networkHash, options.networkHash)) return 'foreign_network';
    if (contactTag !== undefined && isAllZero(contactTag)) return 'bad_address';
    if (!outbox.hasRoom(bytes.length)) return 'outbox_full';
    const probe = sealContent(engine, random, address.mailboxKey, new Uint8Array(FRAGMENT_SIZE));
    return probe === null ? 'bad_address' : null;
  };

  const messageOf = (send: Omit<Send, 'kind' | 'ref'>): NewMessage => {
    const { providerKey, mailbox, token, mailboxKey } = send.address;
    return {
      messageId: drawBytes(random, MESSAGE_ID_SIZE),
      contactTag: send.contactTag ?? drawBytes(random, CONTACT_TAG_SIZE),
      recipient: { providerKey, mailbox, token, mailboxKey },
      priority: send.priority,
      fragmentCount: Math.ceil(send.bytes.length / FRAGMENT_BODY_SIZE),
      size: send.bytes.length,
    };
  };

  const begin = (send: Send): readonly ClientEffect[] => {
    const reason = refusalOf(send);
    if (reason !== null) return [{ kind: 'refused', ref: send.ref, reason }];
    const message = messageOf(send);
    storing = { send, message, id: store.addMessage(message), at: 0 };
    return goOn(storing);
  };

  const goOn = (job: Storing): readonly ClientEffect[] => {
    const { message, id, send } = job;
    const end = Math.min(message.fragmentCount, job.at + FRAGMENTS_PER_STEP);
    const isLast = end === message.fragmentCount;
    store.addFragments(id, job.at, bodiesOf(send.bytes, job.at, end), isLast);
    job.at = end;
    if (!isLast) return [];
    storing = null;
    outbox.add({ ...message, id, ...untouched });
    return [{ kind: 'queued', ref: send.ref, id }];
  };

  const place: StepOptions['place'] = (send) => {
    const reason = refusalOf(send);
    if (reason !== null) return { ok: false, reason };
    const message = messageOf(send);
    const id = store.addMessage(message);
    store.addFragments(id, 0, bodiesOf(send.bytes, 0, message.fragmentCount), true);
    return { ok: true, id, stored: { ...message, id, ...untouched } };
  };

  const carryOut = (command: ClientCommand): readonly ClientEffect[] => {
    switch (command.kind) {
      case 'send':
        return begin(command);
      case 'cancel': {
        const { ref, id } = command;
        const ended = outbox.endResend(id);
        if (ended !== null) {
          return [
            { kind: 'progress', progress: ended },
            { kind: 'cancelled', ref, id },
          ];
        }
        if (outbox.cancel(id)) return [{ kind: 'cancelled', ref, id }];
        const reason = outbox.progress(id) === null ? 'unknown' : 'left_already';
        return [{ kind: 'refused', ref, reason }];
      }
      case 'resend': {
        const { ref } = command;
        const renewed = outbox.renew(command.id);
        if (renewed === null) return [{ kind: 'refused', ref, reason: 'unknown' }];
        return [{ kind: 'queued', ref, id: renewed.id }];
      }
      case 'forget':
        outbox.forget(command.id);
        return [];
      case 'taken':
        inbox.done(command.id);
        return [];
      case 'token': {
        const { ref } = command;
        const numbered = options.mail()?.addCommand(command.command) ?? null;
        if (numbered === null) return [{ kind: 'refused', ref, reason: 'tokens_full' }];
        return [{ kind: 'token-queued', ref, number: numbered.number }];
      }
      case 'hold':
        options.setHeld(command.isHeld);
        return [];
      case 'tell-again':
        options.tellAgain();
        return [];
      case 'look':
        command.look();
        return [];
      case 'step':
        runStep({ ...options, place }, command);
        return [];
    }
  };

  /**
   * What nobody is answered waits once: as many as there are messages, and one of each other kind.
   * Of two that hold and let go, the later one counts.
   */
  const addUnanswered = (command: Unanswered): void => {
    const key = keyOf(command);
    const before = unanswered.get(key);
    if (command.kind === 'forget' && outbox.progress(command.id) === null) return;
    if (command.kind === 'taken' && !inbox.isWaiting(command.id)) return;
    if (before !== undefined && command.kind !== 'hold') return;
    if (before !== undefined) waiting.splice(waiting.indexOf(before), 1);
    unanswered.set(key, command);
    waiting.push(command);
  };

  /** Where the disk is full: what is answered is refused, what is not waits on. */
  const refuseFull = (command: ClientCommand): readonly ClientEffect[] => {
    if ('ref' in command) return [{ kind: 'refused', ref: command.ref, reason: 'store_full' }];
    if (command.kind === 'step') command.onEnd(new StoreFullError());
    else {
      if (isUnanswered(command)) unanswered.set(keyOf(command), command);
      waiting.unshift(command);
    }
    return [];
  };

  /** What is half stored of a refused message goes; with the next start where that cannot be. */
  const giveUpStoring = (): void => {
    const id = storing?.id ?? null;
    storing = null;
    if (id === null) return;
    options.later(() => {
      if (!store.isLocked()) store.remove(id);
    });
  };

  const tryOut = (command: ClientCommand, work: () => readonly ClientEffect[]) => {
    try {
      return work();
    } catch (error) {
      // A step has its answer, and may have changed what only the store still knows.
      if (command.kind === 'step' || !isStoreFull(error)) throw error;
      giveUpStoring();
      options.room.setFull();
      return refuseFull(command);
    }
  };

  /** Of the commands that wait: the first that can be dealt with. */
  const nextAt = (): number =>
    waiting.findIndex((one) => !(options.room.isFull() && waitsForRoom(one)));

  return {
    add: (command) => {
      if (isUnanswered(command)) {
        addUnanswered(command);
        return [];
      }
      if (waiting.length - unanswered.size >= COMMANDS_MAX) {
        if ('ref' in command) return [{ kind: 'refused', ref: command.ref, reason: 'busy' }];
        if (command.kind === 'look') command.onFull();
        else command.onEnd(new StepsFullError());
        return [];
      }
      waiting.push(command);
      return [];
    },
    isWaiting: () => storing !== null || nextAt() >= 0,
    guardMs: (traffic) => {
      const [next] = waiting;
      if (storing !== null || next?.kind !== 'step') return WORK_GUARD_MS;
      const longest = traffic === null ? Infinity : commonQuietMs(traffic);
      return Math.max(WORK_GUARD_MS, Math.min(next.quietMs ?? 0, longest));
    },
    step: () => {
      const job = storing;
      if (job !== null) return tryOut(job.send, () => goOn(job));
      const [next] = waiting.splice(Math.max(0, nextAt()), 1);
      if (next === undefined) return [];
      if (isUnanswered(next)) unanswered.delete(keyOf(next));
      const isRefused = options.room.isFull() && !readOnly.includes(next.kind);
      return isRefused ? refuseFull(next) : tryOut(next, () => carryOut(next));
    },
  };
}

type Unanswered = Extract<ClientCommand, { kind: 'forget' | 'taken' | 'hold' | 'tell-again' }>;

function isUnanswered(command: ClientCommand): command is Unanswered {
  const { kind } = command;
  return kind === 'forget' || kind === 'taken' || kind === 'hold' || kind === 'tell-again';
}

const keyOf = (command: Unanswered) =>
  'id' in command ? `${command.kind} ${command.id}` : command.kind;

/** A command that nobody is answered: done once there is room. */
const waitsForRoom = ({ kind }: ClientCommand) => kind === 'forget' || kind === 'taken';
const readOnly: readonly ClientCommand['kind'][] = ['hold', 'tell-again', 'look'];

/** Fragments `first` to `end`, that one excluded, of a message's bytes. */
function bodiesOf(bytes: Uint8Array, first: number, end: number): Uint8Array[] {
  return Array.from({ length: end - first }, (_, place) => {
    const from = (first + place) * FRAGMENT_BODY_SIZE;
    return bytes.subarray(from, Math.min(bytes.length, from + FRAGMENT_BODY_SIZE));
  });
}
