// A user's part in the network: the client role under a driver, on links of its own, behind the
// calls and events of shared/api-network.ts. Nothing here decides when anything is sent.
import type { EventName, EventValue } from '../../shared/api.ts';
import type { MessageStatus, NetworkStatus, networkCalls } from '../../shared/api-network.ts';
import { unreachable } from '../../shared/assert.ts';
import { toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { formatMailboxAddress, parseMailboxAddress } from '../../shared/network/address.ts';
import { frameSizeOfByte } from '../../shared/network/frame-sizes.ts';
import { type NetworkFile, networkHash } from '../../shared/network/network-file.ts';
import type { RandomSource } from '../../shared/random.ts';
import { createSphinx } from '../../shared/sphinx/packet.ts';
import type { Now } from '../../shared/time.ts';
import {
  type Client,
  type ClientCommand,
  type ClientEffect,
  type ClientInput,
  createClient,
} from '../mixnet/client/client.ts';
import { MESSAGE_SIZE_MAX_DEFAULT } from '../mixnet/client/contract.ts';
import type { MessageProgress } from '../mixnet/client/outbox-message.ts';
import type { ClientStore, ReceivedMessage } from '../mixnet/client/store.ts';
import { Driver } from '../net/drive.ts';
import { type LinkNote, Links } from '../net/links.ts';
import type { SocksProxy } from '../net/socks.ts';
import { StoreError, type StoreFailure } from '../store/store-error.ts';
import { CallFailure } from './call-failure.ts';
import type { Handlers } from './engine.ts';
import { exchangeOver, holdOver, lookOver, stepsOver, type Takes } from './mixnet-work.ts';
import { ledgerOf, pageOf, rawBytes, receivedOf } from './raw-calls.ts';
import type { Steps } from './steps.ts';
import { Unsettled } from './unsettled.ts';

export type MixnetOptions = {
  readonly store: ClientStore;
  readonly network: NetworkFile;
  readonly crypto: CryptoEngine;
  readonly random: RandomSource;
  readonly now: () => Now;
  /** Every connection goes through it where one is set, and never around it. */
  readonly proxy: SocksProxy | null;
  /** Bytes of the largest message. */
  readonly messageSizeMax: number | null;
  readonly emit: <N extends EventName>(event: N, value: EventValue<N>) => void;
  /** The store cannot be used any more: the client has stopped, and is to be closed. Once. */
  readonly onStoreFailed: (code: StoreFailure) => void;
  /** Hears of everything first. */
  readonly program: NetworkListener;
};

/** What the program hears from its client. Nothing of it takes time: work is for steps. */
export type NetworkListener = {
  /** A message is whole; told again until it is taken. Whether the program sees to it. */
  readonly received: (message: ReceivedMessage) => boolean;
  readonly progress: (progress: MessageProgress) => void;
  /** The provider has every token command up to this number. */
  readonly tokenDone: (number: number) => void;
  readonly statusChanged: () => void;
};

export type Mixnet = {
  readonly handlers: Pick<Handlers, NetworkCall>;
  readonly network: NetworkFile;
  readonly hash: Uint8Array;
  readonly steps: Steps;
  /**
   * Runs `run` as a step, then `after` before anything else uses the store: where it is exchanged.
   */
  readonly exchange: (
    parts: { readonly run: () => void; readonly after: () => void },
    quietMs: number,
  ) => Promise<void>;
  /** Whole messages that wait are told once more, at once. */
  readonly tellAgain: () => void;
  readonly client: Client;
  readonly status: () => NetworkStatus;
  /** Reads in a moment in which no emission is near; resolves with what `read` gives. */
  readonly look: <T>(read: () => T) => Promise<T>;
  /** Holds real messages back, or lets them go; cover goes on. */
  readonly hold: (isHeld: boolean) => void;
  /** Ends links and timer; what is durable goes on with the next start. */
  readonly close: () => void;
};

type NetworkCall = keyof typeof networkCalls;
type Answer = Extract<ClientEffect, { readonly ref: number }>;
type Told = Exclude<ClientEffect, { kind: 'send' | 'neighbours' | 'close' }>;

/** Starts the client and its links. */
export function startMixnet(options: MixnetOptions): Mixnet {
  const { crypto, network, random, now, emit, program, messageSizeMax } = options;
  const hash = networkHash(crypto, network);
  const waiting = new Map<number, (answer: Answer) => void>();
  const unsettled = new Unsettled();
  let nextRef = 1;

  const client = createClient(
    {
      engine: crypto,
      sphinx: createSphinx(crypto),
      random,
      // The system's source gives no two draws the same bytes: one serves all streams.
      instants: { payload: random, loop: random, drop: random, pull: random },
      network,
      store: options.store,
      ...(messageSizeMax === null ? {} : { messageSizeMax }),
    },
    now(),
  );

  const status = (): NetworkStatus => statusOf(client, network, hash, links?.describe() ?? []);
  const message = (progress: MessageProgress): MessageStatus => ({
    ...progress,
    forecast: client.forecast(progress.id),
  });

  const carryOut = (effect: Told): void => {
    switch (effect.kind) {
      case 'progress':
        program.progress(effect.progress);
        emit('message', message(effect.progress));
        break;
      case 'received':
        if (!program.received(effect.message)) emit('received', receivedOf(effect.message));
        break;
      case 'status':
        program.statusChanged();
        emit('network', status());
        break;
      case 'alarm':
        emit('alarm', { reason: effect.reason });
        break;
      case 'token-done':
        program.tokenDone(effect.number);
        break;
      case 'queued':
      case 'refused':
      case 'cancelled':
      case 'token-queued': {
        const settle = waiting.get(effect.ref);
        waiting.delete(effect.ref);
        settle?.(effect);
        break;
      }
      default:
        unreachable(effect);
    }
  };

  let links: Links | undefined;
  const driver = new Driver<Exclude<ClientInput, { kind: 'link-up' }>, Told>({
    role: client,
    now,
    links: (onInput) => {
      links = new Links({
        frameSizes: (kind) => frameSizeOfByte(kind, client.pullMailCount()),
        key: null,
        listen: null,
        ...(options.proxy === null ? {} : { proxy: options.proxy }),
        random,
        nowMs: () => now().monotonicMs,
        onInput,
      });
      return links;
    },
    carryOut,
    onLost: (_peer, frame) => driver.input({ kind: 'not-sent', frame }),
    onFault: (error) => {
      options.onStoreFailed(storeFailureOf(error));
      unsettled.fail(error);
    },
  });

  /** Gives the role a command and waits for what it says to it. */
  const ask = (command: (ref: number) => ClientCommand): Promise<Answer> => {
    const ref = nextRef++;
    return unsettled.promise((resolve) => {
      waiting.set(ref, resolve);
      driver.input(command(ref));
    });
  };

  const look: Mixnet['look'] = (read) => lookOver(driver, unsettled, read);
  return {
    network,
    hash,
    steps: stepsOver(driver, unsettled),
    exchange: exchangeOver(driver, unsettled),
    tellAgain: () => driver.input({ kind: 'tell-again' }),
    client,
    status,
    look,
    hold: holdOver(driver, program),
    handlers: handlersOf({ client, hash, status, message, ask, look, driver, messageSizeMax }),
    close: () => {
      driver.end();
      void links?.end();
    },
  };
}

/** Throws anything else: a fault of the program, whose process ends and is started anew. */
function storeFailureOf(error: unknown): StoreFailure {
  if (!(error instanceof StoreError)) throw error;
  return error.code;
}

type HandlerParts = {
  readonly client: Client;
  readonly hash: Uint8Array;
  readonly status: () => NetworkStatus;
  readonly message: (progress: MessageProgress) => MessageStatus;
  readonly ask: (command: (ref: number) => ClientCommand) => Promise<Answer>;
  readonly look: Mixnet['look'];
  readonly driver: Takes<ClientCommand>;
  readonly messageSizeMax: number | null;
};

function handlersOf(parts: HandlerParts): Pick<Handlers, NetworkCall> {
  const { client, hash, status, message, ask, look, driver } = parts;
  const sizeMax = parts.messageSizeMax ?? MESSAGE_SIZE_MAX_DEFAULT;
  return {
    'network.status': status,
    address: () => {
      const address = client.address();
      return { address: address === null ? null : formatMailboxAddress(address) };
    },
    send: async ({ address, bytes, priority = 'interactive' }) => {
      const parsed = parseMailboxAddress(address, hash);
      if (!parsed.ok) {
        const code = parsed.reason === 'foreign_network' ? parsed.reason : 'bad_address';
        throw new CallFailure(code, `address: ${parsed.reason}`);
      }
      const read = rawBytes(bytes, sizeMax, look);
      const content = read instanceof Uint8Array ? read : await read;
      const to = parsed.address;
      return idOf(
        await ask((ref) => ({ kind: 'send', ref, address: to, bytes: content, priority })),
      );
    },
    'message.get': ({ id }) =>
      look(() => {
        const progress = client.progress(id);
        return progress === null ? null : message(progress);
      }),
    'message.list': ({ after = 0 }) => look(() => pageOf(client, after)),
    'message.cancel': async ({ id }) => {
      idOf(await ask((ref) => ({ kind: 'cancel', ref, id })));
      return {};
    },
    'message.resend': async ({ id }) => idOf(await ask((ref) => ({ kind: 'resend', ref, id }))),
    'message.forget': ({ id }) => {
      driver.input({ kind: 'forget', id });
      return {};
    },
    'received.take': ({ id }) => {
      driver.input({ kind: 'taken', id });
      return {};
    },
    ledger: () => look(() => ledgerOf(client)),
  };
}

function statusOf(
  client: Client,
  network: NetworkFile,
  hash: Uint8Array,
  notes: readonly LinkNote[],
): NetworkStatus {
  const status = client.status();
  const { state, refusal, clockAheadMs, epoch, terms } = status;
  return {
    network: { name: network.name, hash: toHex(hash) },
    state,
    refusal,
    clockAheadMs,
    epoch,
    linkGroup: notes[0]?.group ?? null,
    retentionMs: terms?.retentionMs ?? null,
    isStoreFull: status.isStoreFull,
  };
}

/** The id that the role gave, or the refusal as the contract says it. */
function idOf(answer: Answer): { id: number } {
  if ('id' in answer) return { id: answer.id };
  const reason = answer.kind === 'refused' ? answer.reason : 'unknown';
  switch (reason) {
    case 'too_large':
    case 'busy':
    case 'store_full':
    case 'empty':
    case 'outbox_full':
    case 'foreign_network':
    case 'bad_address':
    case 'left_already':
      throw new CallFailure(reason, `message: ${reason}`);
    case 'unknown':
    case 'tokens_full':
      throw new CallFailure('unknown_message', 'id: no such message');
    default:
      return unreachable(reason);
  }
}

/** How a profile stands that has joined no network. */
export const noNetwork: NetworkStatus = {
  network: null,
  state: 'none',
  refusal: null,
  clockAheadMs: null,
  epoch: null,
  linkGroup: null,
  retentionMs: null,
  isStoreFull: false,
};

/** The calls of a profile that has joined no network. */
export function withoutNetwork(): Pick<Handlers, NetworkCall> {
  const none = (): never => {
    throw new CallFailure('no_network', 'this profile has joined no network');
  };
  return {
    'network.status': () => noNetwork,
    address: () => ({ address: null }),
    send: none,
    'message.get': none,
    'message.list': () => [],
    'message.cancel': none,
    'message.resend': none,
    'message.forget': none,
    'received.take': none,
    ledger: none,
  };
}
