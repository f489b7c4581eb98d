// Who this user is: identity, name and picture, the own address, the network.
import type { Profile } from '../../../shared/api-profile.ts';
import { fromBase64url, toBase64url } from '../../../shared/bytes.ts';
import type { MailboxAddress } from '../../../shared/network/address.ts';
import { isDisplayName } from '../../../shared/session/display-name.ts';
import {
  createIdentity,
  decodeIdentity,
  encodeIdentity,
  type Identity,
} from '../../../shared/session/identity.ts';
import { CallFailure } from '../call-failure.ts';
import type { Handlers } from '../engine.ts';
import { isDemoNetwork } from '../joined-network.ts';
import { isAvatar } from './avatar.ts';
import type { Parts } from './parts.ts';

/** How long a call waits for the mailbox of a network that was just joined. */
const MAILBOX_WAIT_MS = 30_000;

type OwnCall = 'profile.get' | 'profile.create' | 'profile.set';

export type Own = {
  readonly handlers: Pick<Handlers, OwnCall>;
  readonly profile: () => Profile;
  readonly hasProfile: () => boolean;
  /** Secret. Fails with `no_profile` before there is one. */
  readonly identity: () => Identity;
  readonly name: () => string;
  readonly hasAddress: () => boolean;
  /** With the contacts' token. Fails with `no_network` before there is a mailbox. */
  readonly address: () => MailboxAddress;
  /** Resolves when there is a mailbox; fails with `no_network` where there is none for long. */
  readonly whenAddress: () => Promise<void>;
  /** The network's state has changed. */
  readonly look: () => void;
};

export type OwnHooks = {
  /** Joins the demo network where it is known and none was joined. */
  readonly joinDemo: () => void;
};

export function createOwn(parts: Parts, hooks: OwnHooks): Own {
  const { crypto, people } = parts;
  let identity: Identity | null = null;
  const waiting = new Set<() => void>();

  const stored = () => {
    const profile = people.profile();
    if (profile === null) throw new CallFailure('no_profile', 'profile: none was made yet');
    return profile;
  };

  const profile = (): Profile => {
    const row = people.profile();
    const network = parts.mixnet()?.network ?? null;
    return {
      name: row?.name ?? null,
      avatar: row === null || row.avatar === null ? null : toBase64url(row.avatar),
      createdUnixMs: row?.createdUnixMs ?? null,
      network: network === null ? null : { name: network.name, isDemo: isDemoNetwork(network) },
    };
  };

  const address = (): MailboxAddress => {
    const own = parts.mixnet()?.client.address() ?? null;
    if (own === null) throw new CallFailure('no_network', 'the network has given no mailbox yet');
    return own;
  };

  const whenAddress = async (): Promise<void> => {
    if (parts.mixnet() === null) throw new CallFailure('no_network', 'no network was joined');
    if (parts.mixnet()?.client.address() !== null) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        takeBack();
        waiting.delete(end);
        resolve();
      };
      const takeBack = parts.later(end, MAILBOX_WAIT_MS);
      waiting.add(end);
    });
    address();
  };

  return {
    profile,
    hasProfile: () => people.profile() !== null,
    identity: () => {
      identity ??= decodeIdentity(crypto, stored().identity);
      if (identity === null) throw new Error('must hold: a stored identity is one');
      return identity;
    },
    name: () => stored().name,
    hasAddress: () => (parts.mixnet()?.client.address() ?? null) !== null,
    address,
    whenAddress,
    look: () => {
      if (parts.mixnet()?.client.address() === null) return;
      for (const end of waiting) end();
    },
    handlers: {
      'profile.get': profile,
      'profile.create': async ({ name, avatar }) => {
        checkName(name);
        const picture = readAvatar(avatar);
        await parts.step((work) => {
          if (people.profile() !== null) {
            throw new CallFailure('profile_exists', 'profile: there is one already');
          }
          const made = createIdentity(crypto, parts.random);
          const createdUnixMs = work.now.unixMs;
          people.addProfile({
            identity: encodeIdentity(made),
            name,
            avatar: picture,
            createdUnixMs,
          });
          work.changed.hasProfile = true;
        });
        hooks.joinDemo();
        return profile();
      },
      'profile.set': async ({ name, avatar }) => {
        if (name !== undefined) checkName(name);
        const picture = avatar === undefined ? undefined : readAvatar(avatar);
        await parts.step((work) => {
          const before = stored();
          const next = { name: name ?? before.name, avatar: picture ?? before.avatar };
          people.setProfile(avatar === null ? { ...next, avatar: null } : next);
          work.changed.hasProfile = true;
        });
        return profile();
      },
    },
  };
}

function checkName(name: string): void {
  if (isDisplayName(name)) return;
  throw new CallFailure('bad_name', 'name: expected 1 to 64 bytes that can be seen');
}

function readAvatar(text: string | null): Uint8Array | null {
  if (text === null) return null;
  const bytes = fromBase64url(text);
  if (bytes !== null && isAvatar(bytes)) return bytes;
  throw new CallFailure('bad_avatar', 'avatar: expected a PNG or WebP of 128 by 128');
}
