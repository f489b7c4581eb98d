// The last hop's half of a provider: mail into mailboxes, drops discarded, and for both the
// sender's acknowledgement header sent off after the delay that the sender drew. Everything that
// arrives within a batch becomes durable in one commit, and nothing is acknowledged before it.

import { unreachable } from '../../shared/assert.ts';
import { concatBytes, toHex } from '../../shared/bytes.ts';
import type { EpochParity } from '../../shared/network/frames.ts';
import type { Payload } from '../../shared/network/payload.ts';
import { decodePayload, readDestination } from '../../shared/network/payload.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import { PAYLOAD_SIZE } from '../../shared/sphinx/geometry.ts';
import { unpadPayload } from '../../shared/sphinx/payload.ts';
import type { Now } from '../../shared/time.ts';
import type { FinalPacket, Hop } from './hop.ts';
import type {
  Batch,
  IncomingAcknowledgement,
  IncomingMail,
  MailboxStore,
  MailOutcome,
  PullProgress,
  TokenChange,
} from './mailbox-store.ts';
import { type Counter, createCounter, type PacketRefusal } from './refusal.ts';
import type { PeerId } from './role.ts';

/**
 * How long what arrived waits for others before it is committed: a flush is shared by all of them.
 */
export const BATCH_MS = 4;
/**
 * Packets in one batch; at this many it is committed at once, so that a flood costs flushes and not
 * memory: 8 MB.
 */
export const BATCH_PACKETS_MAX = 4_096;

export type ProviderMailOptions = {
  readonly hop: Pick<Hop, 'hold'>;
  readonly store: MailboxStore;
  readonly random: RandomSource;
  readonly refusals: Counter<PacketRefusal>;
  readonly identityKey: Uint8Array;
  readonly delayMsMax: () => number;
  /** The layer-1 mix with this identity key, or null. */
  readonly nextPeer: (address: Uint8Array, parity: EpochParity, now: Now) => PeerId | null;
  /** The acknowledgement of one of this node's own loops came back. */
  readonly onOwnAcknowledgement: (identifier: Uint8Array, now: Now) => void;
};

export const ACKNOWLEDGEMENT_REFUSALS = [
  'next-hop', // it leads to no mix of layer 1
  'delay', // longer than any honest draw
  'pool-full',
] as const;
export type AcknowledgementRefusal = (typeof ACKNOWLEDGEMENT_REFUSALS)[number];

export type ProviderMailCounts = {
  readonly mailsStored: number;
  readonly dropsDiscarded: number;
  readonly acknowledgementsSent: number;
  /** By reason; the mail is kept all the same. */
  readonly acknowledgementsRefused: Readonly<Record<AcknowledgementRefusal, number>>;
  readonly acknowledgementsStored: number;
  /** Identifiers that went because a mailbox held too many. */
  readonly acknowledgementsGone: number;
  readonly tokenCommandsRefused: number;
  readonly commits: number;
  /** Packets that wait for the commit. */
  readonly batchSize: number;
};

export type ProviderMail = {
  /** A packet that ends here. Nothing is stored or acknowledged before the batch is committed. */
  readonly take: (final: FinalPacket, now: Now) => void;
  /** What a pull acknowledged, and its token command: durable with the batch. */
  readonly takePull: (progress: PullProgress, change: TokenChange | null, now: Now) => void;
  readonly wake: (now: Now) => void;
  readonly nextWakeAtMs: () => number | null;
  readonly counts: () => ProviderMailCounts;
};

/** An acknowledgement that leaves once its packet's batch is durable. */
type Owed = { readonly payload: Payload; readonly parity: EpochParity };

const outcomeRefusals: Record<Exclude<MailOutcome, 'stored'>, PacketRefusal> = {
  no_mailbox: 'mailbox',
  no_token: 'token',
  token_spent: 'token-spent',
  mailbox_full: 'mailbox-full',
};

export function createProviderMail(options: ProviderMailOptions): ProviderMail {
  const { hop, store, refusals } = options;
  let mails: { readonly mail: IncomingMail; readonly owed: Owed }[] = [];
  let drops: Owed[] = [];
  let acknowledgements: IncomingAcknowledgement[] = [];
  let progress = new Map<string, PullProgress>();
  let tokens: TokenChange[] = [];
  let commitAtMs: number | null = null;
  const counts = {
    mailsStored: 0,
    dropsDiscarded: 0,
    acknowledgementsSent: 0,
    acknowledgementsStored: 0,
    acknowledgementsGone: 0,
    tokenCommandsRefused: 0,
    commits: 0,
  };

  const unsent = createCounter(ACKNOWLEDGEMENT_REFUSALS);

  const sendAcknowledgement = ({ payload, parity }: Owed, now: Now): void => {
    const { delayNs, firstHop, header } = payload.acknowledgement;
    const peer = options.nextPeer(firstHop, parity, now);
    const isTooLong = delayNs > BigInt(Math.ceil(options.delayMsMax() * 1e6));
    if (peer === null || isTooLong) {
      unsent.count(peer === null ? 'next-hop' : 'delay');
      return;
    }
    const packet = concatBytes(header, drawBytes(options.random, PAYLOAD_SIZE));
    const releaseAtMs = now.monotonicMs + Number(delayNs) / 1e6;
    if (hop.hold({ peer, parity, packet }, releaseAtMs)) counts.acknowledgementsSent += 1;
    else unsent.count('pool-full');
  };

  const commit = (now: Now): void => {
    commitAtMs = null;
    const batch: Batch = {
      mails: mails.map((entry) => entry.mail),
      acknowledgements,
      progress: [...progress.values()],
      tokens,
    };
    const outcome = store.commit(batch, now);
    counts.commits += 1;
    counts.acknowledgementsStored += outcome.acknowledgementsStored;
    counts.acknowledgementsGone += outcome.acknowledgementsGone;
    counts.tokenCommandsRefused += outcome.tokensRefused;
    refusals.count('mailbox', outcome.acknowledgementsWithoutMailbox);
    for (const [index, entry] of mails.entries()) {
      const result = outcome.mails[index] ?? 'no_mailbox';
      if (result !== 'stored') {
        refusals.count(outcomeRefusals[result]);
        continue;
      }
      counts.mailsStored += 1;
      sendAcknowledgement(entry.owed, now);
    }
    for (const owed of drops) sendAcknowledgement(owed, now);
    counts.dropsDiscarded += drops.length;
    mails = [];
    drops = [];
    acknowledgements = [];
    progress = new Map();
    tokens = [];
  };

  const added = (now: Now): void => {
    const size = mails.length + drops.length + acknowledgements.length + tokens.length;
    if (size + progress.size >= BATCH_PACKETS_MAX) commit(now);
    else commitAtMs ??= now.monotonicMs + BATCH_MS;
  };

  const takeForward = (final: FinalPacket, now: Now): void => {
    const plaintext = unpadPayload(final.payload);
    const decoded = plaintext === null ? null : decodePayload(plaintext);
    if (decoded === null || !decoded.ok) {
      refusals.count(decoded === null ? 'payload' : 'payload-table');
      return;
    }
    const { payload } = decoded;
    const owed = { payload, parity: final.parity };
    if (payload.kind === 'drop') drops.push(owed);
    else {
      const { mailbox, token, content } = payload;
      mails.push({ mail: { mailbox, token, content }, owed });
    }
    added(now);
  };

  return {
    take: (final, now) => {
      const destination = readDestination(final.destination, options.identityKey);
      switch (destination.kind) {
        case 'forward':
          takeForward(final, now);
          break;
        case 'self':
          options.onOwnAcknowledgement(final.identifier, now);
          break;
        case 'mailbox':
          acknowledgements.push({ mailbox: destination.mailbox, identifier: final.identifier });
          added(now);
          break;
        case 'other':
          refusals.count('destination');
          break;
        default:
          unreachable(destination);
      }
    },
    takePull: (next, change, now) => {
      progress.set(toHex(next.mailbox), next);
      if (change !== null) tokens.push(change);
      added(now);
    },
    wake: (now) => {
      if (commitAtMs !== null && now.monotonicMs >= commitAtMs) commit(now);
    },
    nextWakeAtMs: () => commitAtMs,
    counts: () => ({
      ...counts,
      acknowledgementsRefused: unsent.snapshot(),
      batchSize: mails.length + drops.length + acknowledgements.length,
    }),
  };
}
