// The part of the contract that is about the user and the profile: name and picture, the lock, the
// network that is joined, the demo network, and what lies on the disk (design sections 3 to 5).
import * as z from 'zod/mini';
import { NETWORK_TEXT_LENGTH_MAX } from './api-network.ts';

/** Bytes of a passphrase, UTF-8; in UTF-16 units at most as many. */
export const PASSPHRASE_LENGTH_MAX = 1_024;
/** UTF-16 units of a display name; its bytes are at most 64. */
export const NAME_LENGTH_MAX = 64;
/** Bytes of a picture of a person: a WebP or PNG of `AVATAR_SIDE_PX` squared. */
export const AVATAR_SIZE_MAX = 24_576;
export const AVATAR_SIDE_PX = 128;
const nothing = z.strictObject({});
const count = z.int().check(z.nonnegative());
const passphrase = z.string().check(z.minLength(1), z.maxLength(PASSPHRASE_LENGTH_MAX));
const name = z.string().check(z.minLength(1), z.maxLength(NAME_LENGTH_MAX));
/** base64url of the container's bytes. */
const avatar = z.string().check(z.maxLength(Math.ceil((AVATAR_SIZE_MAX * 4) / 3)));

export const profileSchema = z.strictObject({
  /** Null before its user has made it: the window shows the welcome. */
  name: z.nullable(z.string()),
  avatar: z.nullable(z.string()),
  createdUnixMs: z.nullable(z.number()),
  network: z.nullable(
    z.strictObject({
      name: z.string(),
      /** Everything stays on this computer. */
      isDemo: z.boolean(),
    }),
  ),
});
export type Profile = z.infer<typeof profileSchema>;

export const lockSchema = z.strictObject({
  /** `locked`: nothing of the profile can be read; the network goes on where it ran. */
  state: z.enum(['open', 'locked']),
  /** Whether the next start, or an unlock, asks for a passphrase. */
  hasPassphrase: z.boolean(),
  /** Whether the system's keychain holds the key too; null where there is no keychain. */
  hasKeychain: z.nullable(z.boolean()),
  /** Whether a keychain was given the key, also where none can be asked now. */
  wasGivenToKeychain: z.boolean(),
  /** Whether the last lock that was asked for or due did not work, so that it is open still. */
  hasLockFailed: z.boolean(),
  /** Messages that have arrived since it was locked, sealed. */
  spooled: count,
});
export type Lock = z.infer<typeof lockSchema>;

export const demoSchema = z.strictObject({
  state: z.enum(['off', 'starting', 'ready', 'failed']),
  /** What runs of it, by kind, of how many. */
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['authority', 'mix', 'provider']),
      /** 1 to 3 of a mix, else null. */
      layer: z.nullable(z.int()),
      isReady: z.boolean(),
    }),
  ),
  hasCorrespondent: z.boolean(),
});
export type Demo = z.infer<typeof demoSchema>;

export const storageSchema = z.strictObject({
  fileBytes: count,
  messages: count,
  contacts: count,
  /** Copies that were made before a change of the schema. */
  backups: z.strictObject({ count, bytes: count }),
  /** What the look over the file said at the last start after an unclean stop; null for none. */
  lastCheck: z.nullable(z.strictObject({ atUnixMs: z.number(), isWhole: z.boolean() })),
});
export type Storage = z.infer<typeof storageSchema>;

export const profileCalls = {
  'profile.get': { args: nothing, value: profileSchema },
  /** Makes the identity; joins the demo network where no other was joined. */
  'profile.create': {
    args: z.strictObject({ name, avatar: z.nullable(avatar) }),
    value: profileSchema,
  },
  'profile.set': {
    args: z.strictObject({ name: z.optional(name), avatar: z.optional(z.nullable(avatar)) }),
    value: profileSchema,
  },
  /** Joins a network for good, by its file or link. */
  'network.join': {
    args: z.strictObject({ text: z.string().check(z.maxLength(NETWORK_TEXT_LENGTH_MAX)) }),
    value: profileSchema,
  },
  'demo.get': { args: nothing, value: demoSchema },

  'lock.get': { args: nothing, value: lockSchema },
  'lock.now': { args: nothing, value: lockSchema },
  /** Fails with `wrong_passphrase`, or `no_passphrase` where none is set; takes a second or so. */
  'lock.unlock': { args: z.strictObject({ passphrase }), value: lockSchema },
  /**
   * Opens what takes no passphrase: asks the keychain once more, which may ask its user. Fails with
   * `no_keychain` where none can be asked, `keychain_refused` where it gave no key, and `locked`
   * where it is the passphrase's to open.
   */
  'lock.again': { args: nothing, value: lockSchema },
  /** Sets, changes or (with null) takes away the passphrase; `current` where there is one. */
  'lock.setPassphrase': {
    args: z.strictObject({
      current: z.nullable(passphrase),
      next: z.nullable(passphrase),
    }),
    value: lockSchema,
  },
  /** Puts the key into the system's keychain too, or takes it out. */
  'lock.setKeychain': { args: z.strictObject({ isOn: z.boolean() }), value: lockSchema },
  /** Its user is there: the time to the automatic lock begins anew. */
  'lock.activity': { args: nothing, value: nothing },

  'storage.get': { args: nothing, value: storageSchema },
  /** Encrypts the whole file under a new key. */
  'storage.rekey': { args: nothing, value: nothing },
} as const;

export const profileEvents = {
  profile: profileSchema,
  lock: lockSchema,
  demo: demoSchema,
} as const;

export const profileFailureCodes = [
  'locked',
  'no_profile',
  'profile_exists',
  'bad_name',
  'bad_avatar',
  'bad_network',
  'joined_already',
  'wrong_passphrase',
  'no_passphrase',
  'no_keychain',
  'keychain_refused',
] as const;
