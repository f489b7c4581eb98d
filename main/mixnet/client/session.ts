// The link with the own provider from its start to where packets may pass: hello, registration, and
// what is known of the other end's clock (design section 2, "Links" and "Mailbox"). The same frames
// in the same order on every link.
import { equalBytes } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { CHALLENGE_SIZE, INSTANCE_SIZE } from '../../../shared/network/frame-sizes.ts';
import type { Frame, Hello } from '../../../shared/network/frames.ts';
import { SIGNATURE_SIZE } from '../../../shared/network/geometry.ts';
import {
  type ProofContext,
  pullProofMessage,
  type RegistrationAnswer,
  type RegistrationResult,
  registrationProofMessage,
  type WireTokenCommand,
} from '../../../shared/network/mailbox-frames.ts';
import { drawBytes, drawUnit, type RandomSource } from '../../../shared/random.ts';
import type { Now } from '../../../shared/time.ts';

import { type HelloRefusal, refusalOfHello } from '../greeting.ts';
import type { ClientAccount, PullSequences } from './store.ts';

/** A provider that has not answered hello or registration by then will not. */
export const ANSWER_MS_MAX = 20_000;
/** Wait before a registration that was refused is tried again: a half to the whole of it. */
export const REGISTER_AGAIN_MS = 60_000;
/**
 * The same where the provider has too much to do: the first one, doubled by each further one up to
 * `REGISTER_AGAIN_MS`. Tried again on another link.
 */
export const TOO_MANY_AGAIN_MS = 4_000;

export type LinkState =
  | 'down'
  | 'greeting'
  | 'registering'
  | 'online'
  /** The other end is of another network or version; the link was ended. */
  | 'foreign'
  /** Registration was refused; tried again later, on this link or on the next. */
  | 'refused';

export type SessionRefusal = HelloRefusal | Exclude<RegistrationResult, 'registered' | 'known'>;

export type Terms = { readonly retentionMs: number; readonly mailsMax: number };

/** What a step asks for: frames for the provider, the end of the link, news. */
export type SessionStep = {
  readonly frames: readonly Frame[];
  readonly isEnded: boolean;
  /** The mailbox is a new one: its sequences begin anew. */
  readonly isNew: boolean;
};

export type Session = {
  readonly state: () => LinkState;
  readonly refusal: () => SessionRefusal | null;
  readonly terms: () => Terms | null;
  readonly linkUp: (now: Now) => void;
  readonly linkDown: () => void;
  readonly hello: (hello: Hello, now: Now) => SessionStep;
  readonly registered: (answer: RegistrationAnswer, now: Now) => SessionStep;
  readonly wake: (now: Now) => SessionStep;
  readonly nextWakeAtMs: () => number | null;
  readonly pullRequest: (
    serial: number,
    sequences: PullSequences,
    command: WireTokenCommand | null,
  ) => Frame;
};

export type SessionOptions = {
  readonly engine: CryptoEngine;
  readonly random: RandomSource;
  readonly networkHash: Uint8Array;
  readonly account: ClientAccount;
  readonly mailbox: Uint8Array;
  /** For a provider that does not register everybody, 32 bytes. */
  readonly invite: Uint8Array | null;
};

const nothing: SessionStep = { frames: [], isEnded: false, isNew: false };
const ended: SessionStep = { frames: [], isEnded: true, isNew: false };

export function createSession(options: SessionOptions): Session {
  const { engine, random, account, mailbox, networkHash } = options;
  const instance = drawBytes(random, INSTANCE_SIZE);
  let state: LinkState = 'down';
  let refusal: SessionRefusal | null = null;
  let terms: Terms | null = null;
  let challenge = new Uint8Array(CHALLENGE_SIZE);
  let proof = new Uint8Array(SIGNATURE_SIZE);
  let wakeAtMs: number | null = null;
  /** Times in a row that the provider had too much to do. */
  let tooMany = 0;

  const context = (): ProofContext => {
    return { networkHash, providerKey: account.providerKey, challenge };
  };
  const sign = (message: Uint8Array): Uint8Array<ArrayBuffer> => {
    const signature = new Uint8Array(SIGNATURE_SIZE);
    engine.ed25519Sign(signature, message, account.authSecretKey);
    return signature;
  };

  const register = (now: Now): SessionStep => {
    state = 'registering';
    wakeAtMs = now.monotonicMs + ANSWER_MS_MAX;
    const { invite } = options;
    const authKey = account.authPublicKey;
    const signature = sign(registrationProofMessage(context(), authKey, invite));
    const frame = { kind: 'registration-request' as const, authKey, proof: signature, invite };
    return { ...nothing, frames: [frame] };
  };

  return {
    state: () => state,
    refusal: () => refusal,
    terms: () => terms,
    linkUp: (now) => {
      state = 'greeting';
      wakeAtMs = now.monotonicMs + ANSWER_MS_MAX;
    },
    linkDown: () => {
      if (state !== 'foreign') state = 'down';
      wakeAtMs = null;
    },
    hello: (hello, now) => {
      if (state !== 'greeting') return nothing;
      const foreign = refusalOfHello(hello, networkHash);
      if (foreign !== null) {
        refusal = foreign;
        state = 'foreign';
        wakeAtMs = null;
        return ended;
      }
      challenge = hello.challenge.slice();
      proof = sign(pullProofMessage(context(), mailbox));
      return register(now);
    },
    registered: (answer, now) => {
      if (state !== 'registering') return nothing;
      const { result } = answer;
      const isIn = result === 'registered' || result === 'known';
      if (isIn && !equalBytes(answer.mailbox, mailbox)) return ended;
      if (!isIn) {
        refusal = result;
        state = 'refused';
        tooMany = result === 'too_many_requests' ? tooMany + 1 : 0;
        const wholeMs = tooMany === 0 ? REGISTER_AGAIN_MS : tooManyAgainMs(tooMany);
        wakeAtMs = now.monotonicMs + (wholeMs / 2) * (1 + drawUnit(random));
        return nothing;
      }
      refusal = null;
      tooMany = 0;
      state = 'online';
      wakeAtMs = null;
      terms = { retentionMs: answer.retentionMs, mailsMax: answer.mailsMax };
      return { ...nothing, isNew: result === 'registered' };
    },
    wake: (now) => {
      if (wakeAtMs === null || now.monotonicMs < wakeAtMs) return nothing;
      if (state === 'refused' && tooMany === 0) return register(now);
      wakeAtMs = null;
      return ended;
    },
    nextWakeAtMs: () => wakeAtMs,
    pullRequest: (serial, sequences, command) => {
      return { kind: 'pull-request', mailbox, proof, instance, serial, ...sequences, command };
    },
  };
}

function tooManyAgainMs(times: number): number {
  return Math.min(REGISTER_AGAIN_MS, TOO_MANY_AGAIN_MS * 2 ** Math.min(times - 1, 16));
}
