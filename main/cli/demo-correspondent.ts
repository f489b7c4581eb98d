// The demo network's correspondent: an engine with a profile of its own, driven through the
// contract alone, as a window drives one. It accepts every request, says hello, and answers what it
// has not read yet; what is done is told by the chat itself, so a restart leaves nothing out and
// repeats nothing.
import {
  type CallArgs,
  type CallName,
  type CallValue,
  calls,
  type EventFrame,
  events,
  type FailureCode,
} from '../../shared/api.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import type { Log } from '../log.ts';
import { monotonicMs, unixMs } from '../system.ts';
import { eddyVersion } from '../version.ts';
import { answerTo, hello } from './demo-words.ts';

export const CORRESPONDENT_NAME = 'Echo';
/** No more often than this an answer is begun, whoever writes. */
export const ANSWER_MS = 500;
/** After something could not be done, for want of room say; doubles while it cannot be done. */
const RETRY_MS = 2_000;
const RETRY_MS_MAX = 60_000;
const DAY_MS = 86_400_000;
const CODE_LIFETIME_MS = 366 * DAY_MS;
/** A code that ends sooner is replaced at the start. */
const CODE_REST_MS_MIN = 30 * DAY_MS;
/** Messages that are looked at to answer the newest of them. */
const PAGE = 50;

export type CorrespondentOptions = {
  readonly profileDir: string;
  readonly network: NetworkFile;
  readonly engine: CryptoEngine;
  readonly nativeBinding: string | undefined;
  readonly log: Log;
  /** The code by which it can be written to, once its provider knows it; null where it went. */
  readonly onCode: (code: string | null) => void;
};

export type Correspondent = { readonly close: () => void };

/** Opens the profile and goes to work. Throws what `createEngine` throws. */
export function startCorrespondent(options: CorrespondentOptions): Correspondent {
  const { profileDir, network, engine: crypto, nativeBinding, log } = options;
  let worker: Worker | null = null;
  const engine = createEngine({
    profileDir,
    network,
    crypto,
    nativeBinding,
    log,
    version: eddyVersion,
    // What is told before there is a worker it asks for when it begins.
    emit: (frame) => worker?.take(frame),
  });
  const started = new Worker(engine, options);
  worker = started;
  started.begin();
  return {
    close: () => {
      started.end();
      engine.close();
    },
  };
}

class CallRefused extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

class Worker {
  readonly #engine: Engine;
  readonly #options: CorrespondentOptions;
  /** Contacts whose chats are to be looked at: at most as many as there are contacts. */
  readonly #waiting = new Set<number>();
  #requests: readonly number[] = [];
  #hasCode = false;
  #isCodeChanged = false;
  #isBegun = false;
  #isBusy = false;
  #isEnded = false;
  #refusedCount = 0;
  #lookedAtMs = -ANSWER_MS;
  #timer: NodeJS.Timeout | null = null;

  constructor(engine: Engine, options: CorrespondentOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  begin(): void {
    void this.#attempt(async () => {
      const profile = await this.#call('profile.get', {});
      if (profile.name === null) {
        await this.#call('profile.create', { name: CORRESPONDENT_NAME, avatar: null });
        await this.#call('settings.set', { tellsRead: true });
      }
      await this.#offerCode();
      await this.#catchUp();
      this.#isBegun = true;
    });
  }

  end(): void {
    this.#isEnded = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  take({ event, value }: EventFrame): void {
    if (this.#isEnded) return;
    if (event === 'requests') {
      this.#requests = events.requests.parse(value).map(({ id }) => id);
    } else if (event === 'contact') {
      const { id, state } = events.contact.parse(value);
      if (state === 'accepted') this.#waiting.add(id);
    } else if (event === 'chat.message') {
      const { isOwn, note, contact } = events['chat.message'].parse(value);
      if (!isOwn && note === null) this.#waiting.add(contact);
    } else if (event === 'code') {
      this.#isCodeChanged = true;
    } else return;
    this.#plan();
  }

  /** One look at what waits, as soon as one is due; one look at a time. */
  #plan(): void {
    if (this.#timer !== null || this.#isBusy || this.#isEnded || !this.#isBegun) return;
    const waitMs = Math.max(0, this.#lookedAtMs + ANSWER_MS - monotonicMs());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#lookedAtMs = monotonicMs();
      void this.#attempt(() => this.#look());
    }, waitMs);
  }

  /** Tries `work`, and again after a while where it was refused. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    this.#isBusy = true;
    try {
      await work();
      this.#isBusy = false;
      this.#refusedCount = 0;
      if (this.#hasWork()) this.#plan();
    } catch (error) {
      if (this.#isEnded) return;
      const code = error instanceof CallRefused ? error.code : null;
      this.#options.log('warn', 'correspondent_waits', { code });
      const waitMs = Math.min(RETRY_MS * 2 ** this.#refusedCount, RETRY_MS_MAX);
      this.#refusedCount += 1;
      this.#timer = setTimeout(() => {
        this.#timer = null;
        void this.#attempt(work);
      }, waitMs);
    }
  }

  #hasWork(): boolean {
    const isCodeDue = this.#isCodeChanged && !this.#hasCode;
    return isCodeDue || this.#waiting.size > 0 || this.#requests.length > 0;
  }

  /** All that came while nobody looked. */
  async #catchUp(): Promise<void> {
    this.#requests = (await this.#call('request.list', {})).map(({ id }) => id);
    for (const { id, state } of await this.#call('contact.list', {})) {
      if (state === 'accepted') this.#waiting.add(id);
    }
  }

  /** Tells a code that strangers can use now, or has one made. */
  async #offerCode(): Promise<void> {
    const codes = await this.#call('code.list', {});
    const until = unixMs() + CODE_REST_MS_MIN;
    const fresh = codes.find(
      ({ kind, state, expiresUnixMs }) =>
        kind === 'address' && state === 'open' && expiresUnixMs > until,
    );
    const code =
      fresh ?? (await this.#call('code.create', { kind: 'address', lifetimeMs: CODE_LIFETIME_MS }));
    if (!code.isReady || this.#hasCode) return;
    this.#hasCode = true;
    this.#options.onCode(code.text);
  }

  async #look(): Promise<void> {
    if (this.#isCodeChanged && !this.#hasCode) {
      this.#isCodeChanged = false;
      await this.#offerCode();
    }
    const [request] = this.#requests;
    if (request !== undefined) {
      await this.#accept(request);
      this.#requests = this.#requests.filter((id) => id !== request);
      return;
    }
    const [contact] = this.#waiting;
    if (contact === undefined) return;
    this.#waiting.delete(contact);
    try {
      await this.#attend(contact);
    } catch (error) {
      // Behind the others: what is refused for one holds up nobody else.
      this.#waiting.add(contact);
      throw error;
    }
  }

  async #accept(id: number): Promise<void> {
    try {
      const contact = await this.#call('request.accept', { id });
      this.#waiting.add(contact.id);
    } catch (error) {
      const code = error instanceof CallRefused ? error.code : null;
      // It was taken back, or is accepted already.
      if (code === 'unknown_request') return;
      if (code !== 'contacts_full') throw error;
      await this.#call('request.decline', { id });
    }
  }

  /** Says hello where nothing was said yet, and answers what was not read. */
  async #attend(contact: number): Promise<void> {
    const known = await this.#call('contact.get', { id: contact });
    if (known?.state !== 'accepted') return;
    const { messages } = await this.#call('chat.page', { contact, limit: PAGE });
    const texts = messages.filter(({ note }) => note === null);
    const own = texts.filter(({ isOwn }) => isOwn);
    if (own.length === 0) await this.#call('chat.send', { contact, text: hello(known.name) });
    const unread = texts.filter(({ isOwn, isRead }) => !isOwn && !isRead);
    const newest = unread.at(-1);
    if (newest === undefined) return;
    // An answer that was sent just before a crash stands behind what it answers.
    if (own.length === 0 || texts.at(-1)?.isOwn !== true) {
      // The first of them is the hello.
      const turn = Math.max(0, own.length - 1);
      const text = answerTo({ ...newest, count: unread.length, turn });
      await this.#call('chat.send', { contact, text });
    }
    await this.#call('conversation.read', { contact, upTo: newest.id });
  }

  async #call<N extends CallName>(call: N, args: CallArgs<N>): Promise<CallValue<N>> {
    const reply = await this.#engine.handle({ id: 0, call, args });
    if (!reply.ok) throw new CallRefused(reply.code, reply.message);
    return calls[call].value.parse(reply.value) as CallValue<N>;
  }
}
