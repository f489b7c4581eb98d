// The messenger of one profile: who one is, whom one knows, what was said. It hears from the client
// what came in and what became of what went out, and does everything in steps.
import type { EventName, EventValue } from '../../../shared/api.ts';
import type { Profile } from '../../../shared/api-profile.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import type { NetworkFile } from '../../../shared/network/network-file.ts';
import type { RandomSource } from '../../../shared/random.ts';
import type { Now } from '../../../shared/time.ts';
import type { Log } from '../../log.ts';
import type { OpenDb } from '../../store/handle.ts';
import type { Handlers } from '../engine.ts';
import type { Mixnet, NetworkListener } from '../mixnet.ts';
import type { DemoNote } from '../program.ts';
import type { Steps } from '../steps.ts';

export type MessengerOptions = {
  readonly db: OpenDb;
  readonly crypto: CryptoEngine;
  readonly random: RandomSource;
  readonly now: () => Now;
  readonly steps: Steps;
  readonly takesRaw: boolean;
  readonly log: Log;
  readonly emit: <N extends EventName>(event: N, value: EventValue<N>) => void;
  /** Null while no network is joined. */
  readonly mixnet: () => Mixnet | null;
  readonly demo: () => DemoNote;
  /** Joins a network; throws where the profile belongs to another. */
  readonly join: (network: NetworkFile) => void;
};

export type Messenger = NetworkListener & {
  readonly handlers: Pick<Handlers, 'profile.get'>;
  readonly profile: () => Profile;
  /** A network is there now. */
  readonly joined: () => void;
  readonly noteDemo: () => void;
  readonly close: () => void;
};

export function createMessenger(_options: MessengerOptions): Messenger {
  const profile = () => ({ name: null, avatar: null, createdUnixMs: null, network: null });
  return {
    handlers: { 'profile.get': profile },
    profile,
    received: () => false,
    progress: () => {},
    tokenDone: () => {},
    statusChanged: () => {},
    joined: () => {},
    noteDemo: () => {},
    close: () => {},
  };
}
