// A client's mailbox at its provider, once there is an account: session, pulls' answers, packets
// that start there. Made when the first document says which providers there are.
import { ED25519_SECRET_KEY_SIZE } from '../../../shared/crypto-sizes.ts';
import { mailboxOf } from '../../../shared/network/address.ts';
import { KEY_SIZE, TOKEN_SIZE } from '../../../shared/network/geometry.ts';
import { type NodePeer, nodePeer } from '../../../shared/network/topology.ts';
import { drawBytes } from '../../../shared/random.ts';
import type { Counter } from '../refusal.ts';
import type { ClientEvent, ClientOptions } from './contract.ts';
import type { Directory } from './directory.ts';
import type { Inbox } from './inbox.ts';
import type { Ledger } from './ledger.ts';
import { createMail, type Mail } from './mail.ts';
import type { Outbox } from './outbox.ts';
import { createPreparation, type Prepare } from './preparation.ts';
import { createSession, type Session } from './session.ts';
import type { ClientAccount, StoredClient } from './store.ts';
import type { StoreRoom } from './store-room.ts';

export type Home = {
  readonly account: ClientAccount;
  /** 16 bytes. */
  readonly mailbox: Uint8Array;
  readonly peer: NodePeer;
  readonly session: Session;
  readonly mail: Mail;
  readonly prepare: Prepare;
};

export type HomeParts = {
  readonly options: ClientOptions;
  readonly networkHash: Uint8Array;
  readonly directory: Directory;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly room: StoreRoom;
  readonly later: (write: () => void) => void;
  readonly events: Counter<ClientEvent>;
  readonly onLeft: (id: number) => void;
  readonly onUnbuildable: (id: number) => void;
};

export function createHome(parts: HomeParts, account: ClientAccount, stored: StoredClient): Home {
  const { options, networkHash, directory, inbox, outbox, ledger, room, later } = parts;
  const { events, onLeft, onUnbuildable } = parts;
  const { engine, sphinx, random, store } = options;
  const mailbox = mailboxOf(engine, account.authPublicKey);
  const invite = options.invite ?? null;
  const session = createSession({ engine, random, networkHash, account, mailbox, invite });
  const mail = createMail(
    {
      store,
      inbox,
      outbox,
      ledger,
      account,
      clockAheadMs: (now) => directory.clockAheadMs(now) ?? 0,
    },
    stored,
  );
  const isTokenThere = () => mail.isTokenThere(account.token);
  const shared = { engine, sphinx, random, store, directory, outbox, ledger, account, mailbox };
  const prepare = createPreparation({
    ...shared,
    isTokenThere,
    room,
    later,
    events,
    onLeft,
    onUnbuildable,
  });
  return { account, mailbox, peer: nodePeer(account.providerKey), session, mail, prepare };
}

/** Keys for a mailbox at a provider, durable with the command that makes its token known. */
export function createAccount(options: ClientOptions, providerKey: Uint8Array): ClientAccount {
  const { engine, random, store } = options;
  const authPublicKey = new Uint8Array(KEY_SIZE);
  const authSecretKey = new Uint8Array(ED25519_SECRET_KEY_SIZE);
  engine.ed25519KeyPair(authPublicKey, authSecretKey, drawBytes(random, KEY_SIZE));
  const mailboxSecretKey = drawBytes(random, KEY_SIZE);
  const mailboxPublicKey = new Uint8Array(KEY_SIZE);
  engine.x25519Base(mailboxPublicKey, mailboxSecretKey);
  const token = drawBytes(random, TOKEN_SIZE);
  const keys = { authPublicKey, authSecretKey, mailboxPublicKey, mailboxSecretKey };
  const account = { providerKey: providerKey.slice(), ...keys, token };
  store.atomically(() => {
    store.createAccount(account);
    const limits = { tokenKind: 'contacts' as const, quota: null, expiresUnixMs: null };
    store.addTokenCommand({ kind: 'put', token, ...limits });
  });
  return account;
}
