// Mailboxes with their tokens, the packets that end at them, and the clients that pull them: what
// the provider's benchmark is made of. Real keys and signatures, real sizes.
import type { Provider } from '../../main/mixnet/provider.ts';
import type { PeerId } from '../../main/mixnet/role.ts';
import { type OpenDb, transaction } from '../../main/store/handle.ts';
import { mailboxOf } from '../../shared/network/address.ts';
import { decodeFrame, encodeFrame } from '../../shared/network/frames.ts';
import { CONTENT_SIZE } from '../../shared/network/geometry.ts';
import { pullProofMessage } from '../../shared/network/mailbox-frames.ts';
import { networkHash } from '../../shared/network/network-file.ts';
import {
  encodePayload,
  FORWARD_DESTINATION,
  FORWARD_IDENTIFIER,
  mailboxDestination,
} from '../../shared/network/payload.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import { drawBelow, drawBytes, drawDelayNs, type RandomSource } from '../../shared/random.ts';
import type { Now } from '../../shared/time.ts';
import { type KeyPair, signingKey, type TestNetwork } from '../support/network.ts';
import { finalFrame, type ProviderRole, TRAFFIC } from '../support/provider-role.ts';

const K = trafficSets[TRAFFIC].pullMailCount;
const HOP_DELAY_MS_MEAN = trafficSets[TRAFFIC].hopDelayMsMean;

export type Mailbox = {
  readonly keys: KeyPair;
  readonly mailbox: Uint8Array;
  /** Of contacts, of an address and of an invite; most mail comes with the first. */
  readonly tokens: readonly [Uint8Array, Uint8Array, Uint8Array];
};

const tokenKinds = ['contacts', 'address', 'invite'] as const;
const SPENT_NEVER = 1_000_000;

/**
 * Registers `count` mailboxes with three tokens each, in one transaction: one by one each would be
 * a flush.
 */
export function registerMailboxes(
  db: OpenDb,
  made: TestNetwork,
  random: RandomSource,
  count: number,
): Mailbox[] {
  const mailboxes = Array.from({ length: count }, (): Mailbox => {
    const keys = signingKey(random, made.engine);
    const draw = () => drawBytes(random, 16);
    const mailbox = mailboxOf(made.engine, keys.publicKey);
    return { keys, mailbox, tokens: [draw(), draw(), draw()] };
  });
  transaction(db, (write) => {
    const insert = write.prepare(
      'INSERT INTO mailbox (id, auth_key, created_unix_ms) VALUES (?, ?, 0)',
    );
    const put = write.prepare(
      'INSERT INTO token (mailbox, token, kind, quota) VALUES (?, ?, ?, ?)',
    );
    for (const { keys, mailbox, tokens } of mailboxes) {
      const { lastInsertRowid } = insert.run(mailbox, keys.publicKey);
      for (const [index, token] of tokens.entries()) {
        const quota = index === 0 ? null : SPENT_NEVER;
        put.run(lastInsertRowid, token, tokenKinds[index] ?? 'contacts', quota);
      }
    }
  });
  return mailboxes;
}

/** Frames with a mail each, for random mailboxes; four in five with the contacts' token. */
export function mailFrames(
  made: TestNetwork,
  { node, layer1Key }: ProviderRole,
  random: RandomSource,
  mailboxes: readonly Mailbox[],
  count: number,
): Uint8Array[] {
  return Array.from({ length: count }, () => {
    const box = mailboxes[drawBelow(random, mailboxes.length)];
    if (box === undefined) throw new Error('must hold: there are mailboxes');
    const token = box.tokens[Math.max(0, drawBelow(random, 10) - 7)] ?? box.tokens[0];
    const plaintext = encodePayload({
      kind: 'mail',
      mailbox: box.mailbox,
      token,
      content: drawBytes(random, CONTENT_SIZE),
      acknowledgement: {
        delayNs: drawDelayNs(random, HOP_DELAY_MS_MEAN),
        firstHop: layer1Key,
        header: drawBytes(random, 348),
      },
    });
    const destination = FORWARD_DESTINATION;
    return finalFrame(made, node, random, {
      destination,
      identifier: FORWARD_IDENTIFIER,
      plaintext,
    });
  });
}

/** Frames with an acknowledgement each that came back for a client. */
export function acknowledgementFrames(
  made: TestNetwork,
  { node }: ProviderRole,
  random: RandomSource,
  mailboxes: readonly Mailbox[],
  count: number,
): Uint8Array[] {
  return Array.from({ length: count }, () => {
    const box = mailboxes[drawBelow(random, mailboxes.length)];
    if (box === undefined) throw new Error('must hold: there are mailboxes');
    return finalFrame(made, node, random, {
      destination: mailboxDestination(box.mailbox),
      identifier: drawBytes(random, 16),
      plaintext: new Uint8Array(0),
    });
  });
}

/** A client that acknowledges with each pull what the one before brought. */
export type Puller = { readonly peer: PeerId; readonly pull: (now: Now) => void };

/** Links a client for each mailbox; a pull throws where it is not answered. */
export function linkPullers(
  made: TestNetwork,
  role: Provider,
  providerKey: Uint8Array,
  random: RandomSource,
  mailboxes: readonly Mailbox[],
  now: Now,
): Puller[] {
  const hash = networkHash(made.engine, made.network);
  return mailboxes.map(({ keys, mailbox }, index) => {
    const peer: PeerId = `client:${index}`;
    const [hello] = role.receive({ kind: 'link-up', peer }, now);
    const greeting = hello?.kind === 'send' ? decodeFrame(hello.frame, K) : null;
    if (greeting?.ok !== true || greeting.frame.kind !== 'hello') throw new Error('no hello');
    const { challenge } = greeting.frame;
    const proof = new Uint8Array(64);
    const context = { networkHash: hash, providerKey, challenge };
    made.engine.ed25519Sign(proof, pullProofMessage(context, mailbox), keys.secretKey);
    const instance = drawBytes(random, 8);
    let [serial, mailSequence, acknowledgementSequence] = [0, 0, 0];
    const pull = (at: Now): void => {
      serial += 1;
      const progress = { mailbox, mailSequence, acknowledgementSequence };
      const frame = encodeFrame(
        { kind: 'pull-request', proof, instance, serial, command: null, ...progress },
        K,
      );
      const [effect] = role.receive({ kind: 'frame', peer, frame }, at);
      const answer = effect?.kind === 'send' ? decodeFrame(effect.frame, K) : null;
      if (answer?.ok !== true || answer.frame.kind !== 'pull-answer') throw new Error('no answer');
      mailSequence = answer.frame.mails.at(-1)?.sequence ?? mailSequence;
      acknowledgementSequence =
        answer.frame.acknowledgements.at(-1)?.sequence ?? acknowledgementSequence;
    };
    return { peer, pull };
  });
}
