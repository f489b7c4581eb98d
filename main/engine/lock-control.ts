// Locking and unlocking as their user sees it: by hand, by itself after a while, with a passphrase,
// with the system's keychain; and a new key for the file. One of these at a time.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CallArgs, Settings } from '../../shared/api.ts';
import type { Lock, profileCalls } from '../../shared/api-profile.ts';
import { wipe } from '../../shared/bytes.ts';
import type { Log } from '../log.ts';
import type { RekeyJob } from '../store/rekey.ts';
import { StoreError, type StoreFailure } from '../store/store-error.ts';
import { CallFailure } from './call-failure.ts';
import type { Handlers } from './engine.ts';
import type { Vault } from './vault.ts';

const MINUTE_MS = 60_000;
/** A lock that failed is tried again after so long, unless its user does something before. */
export const LOCK_AGAIN_MS = 30_000;

export type LockControlOptions = {
  readonly vault: Vault;
  readonly program: {
    readonly isOpen: () => boolean;
    /** Whether it was open since the start; it may be locked again. */
    readonly wasOpen: () => boolean;
    readonly waiting: () => number;
    /** Opens the database with the key that the vault has. */
    readonly open: () => Promise<void>;
    /**
     * Refuses calls at once and closes the database; the client goes on. Where it rejects,
     * everything is open as before.
     */
    readonly lock: () => Promise<void>;
  };
  readonly settings: () => Settings;
  /** Looks once more whether the system has a keychain. */
  readonly findKeychain: () => Promise<void>;
  readonly nativeBinding: string | undefined;
  readonly log: Log;
  readonly emit: (lock: Lock) => void;
};

type LockCall = Extract<keyof typeof profileCalls, `lock.${string}` | 'storage.rekey'>;

export type LockControl = {
  readonly handlers: Pick<Handlers, LockCall>;
  readonly settingsChanged: () => void;
  /**
   * Opens a profile that was not open yet with the system's keychain, where that has its key, and
   * tells how the lock stands. Rejects with why the profile cannot be opened.
   */
  readonly openWithKeychain: () => Promise<void>;
  readonly close: () => void;
};

export function createLockControl(options: LockControlOptions): LockControl {
  const { vault, program, settings, log, emit } = options;
  const turns = takeTurns();
  const { alone, inTurn } = turns;
  let isClosed = false;
  let timer: NodeJS.Timeout | null = null;
  let waitingBefore = 0;
  let hasLockFailed = false;

  const status = (): Lock => ({
    state: program.isOpen() ? 'open' : 'locked',
    hasPassphrase: vault.hasPassphrase(),
    hasKeychain: vault.hasKeychain(),
    wasGivenToKeychain: vault.wasGivenToKeychain(),
    hasLockFailed: hasLockFailed && vault.hasPassphrase(),
    spooled: program.isOpen() ? 0 : Math.max(0, program.waiting() - waitingBefore),
  });
  const tell = (): Lock => {
    const now = status();
    if (!isClosed) emit(now);
    return now;
  };

  const lockAfter = (waitMs: number | null): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waitMs === null || isClosed) return;
    timer = setTimeout(() => {
      inTurn(lockNow).catch(() => log('error', 'auto_lock_failed'));
    }, waitMs);
  };
  const arm = (): void => {
    const { autoLockMinutes } = settings();
    const isDue = autoLockMinutes > 0 && program.isOpen() && vault.hasPassphrase();
    lockAfter(isDue ? autoLockMinutes * MINUTE_MS : null);
  };

  const lockNow = async (): Promise<Lock> => {
    if (!program.isOpen()) return status();
    if (!vault.hasPassphrase()) {
      throw new CallFailure('no_passphrase', 'without a passphrase there is nothing to ask for');
    }
    waitingBefore = program.waiting();
    hasLockFailed = false;
    const closing = program.lock();
    tell();
    try {
      await closing;
    } catch (error) {
      // The key and the database are still there: whoever was told hears that it is open.
      hasLockFailed = true;
      tell();
      lockAfter(LOCK_AGAIN_MS);
      throw error;
    }
    vault.forget();
    arm();
    return status();
  };

  const open = async (): Promise<void> => {
    try {
      await program.open();
    } catch (error) {
      // A key that opened nothing is not kept.
      vault.forget();
      throw error;
    }
    arm();
  };

  const keychain = keychainDoor({ ...options, ...turns, isClosed: () => isClosed, open, tell });

  const unlock = async (passphrase: string): Promise<Lock> => {
    if (program.isOpen()) return status();
    await takePassphrase(vault, passphrase);
    await open();
    return tell();
  };

  const setPassphrase = async ({ current, next }: CallArgs<'lock.setPassphrase'>) => {
    if (vault.hasPassphrase()) {
      const isRight = current !== null && (await vault.takePassphrase(current));
      if (!isRight) throw new CallFailure('wrong_passphrase', 'this is not the passphrase');
    }
    const keychain = vault.hasKeychain() === true;
    await vault.protect({ passphrase: next, keychain });
    arm();
    return tell();
  };

  const rekey = async (): Promise<Record<string, never>> => {
    await program.lock();
    try {
      await vault.rekey((job) => encryptInThread(job, options.nativeBinding));
    } finally {
      // With the old key or the new one, whichever holds.
      await open().catch((error: unknown) => {
        tell();
        throw error;
      });
    }
    return {};
  };

  return {
    handlers: {
      'lock.get': status,
      'lock.now': () => alone(lockNow),
      'lock.unlock': ({ passphrase }) => alone(() => unlock(passphrase)),
      'lock.again': keychain.openAgain,
      'lock.setPassphrase': (args) => alone(() => setPassphrase(args)),
      'lock.setKeychain': ({ isOn }) =>
        alone(async () => {
          await setKeychain(vault, isOn);
          return tell();
        }),
      'lock.activity': () => {
        arm();
        return {};
      },
      'storage.rekey': () => alone(rekey),
    },
    settingsChanged: arm,
    openWithKeychain: keychain.openFirst,
    close: () => {
      isClosed = true;
      lockAfter(null);
    },
  };
}

async function takePassphrase(vault: Vault, passphrase: string): Promise<void> {
  if (!vault.hasPassphrase()) {
    throw new CallFailure('no_passphrase', 'no passphrase is set; nothing was opened');
  }
  if (await vault.takePassphrase(passphrase)) return;
  throw new CallFailure('wrong_passphrase', 'this is not the passphrase; nothing was opened');
}

async function setKeychain(vault: Vault, isOn: boolean): Promise<void> {
  if (vault.hasKeychain() === null) {
    throw new CallFailure('no_keychain', 'this system keeps no keys for Eddy');
  }
  if (isOn) await vault.addKeychain();
  else vault.dropKeychain();
}

function takeTurns() {
  let moving: Promise<unknown> | null = null;
  /** One at a time: each of these leaves keys, file and program in step. */
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    if (moving !== null) throw new CallFailure('busy', 'the lock is being moved');
    const moved = work();
    moving = moved;
    try {
      return await moved;
    } finally {
      moving = null;
    }
  };
  const inTurn = async (work: () => Promise<unknown>): Promise<void> => {
    while (moving !== null) await moving.catch(() => {});
    await alone(work);
  };
  return { alone, inTurn };
}

type DoorParts = Pick<LockControlOptions, 'vault' | 'program' | 'findKeychain'> &
  ReturnType<typeof takeTurns> & {
    readonly isClosed: () => boolean;
    readonly open: () => Promise<void>;
    readonly tell: () => Lock;
  };

/** What opens without a passphrase: at the start, and when its user asks for another try. */
function keychainDoor(parts: DoorParts) {
  const { vault, program, findKeychain, isClosed, inTurn, alone, open, tell } = parts;

  /** After it was locked, the passphrase alone opens it, where there is one. */
  const isAllowed = (): boolean =>
    !(isClosed() || program.isOpen()) && !(program.wasOpen() && vault.hasPassphrase());

  /** False where the keychain gave nothing. */
  const ask = async (): Promise<boolean> => {
    // Its system may ask its user first: the passphrase can be given meanwhile.
    const master = await vault.askKeychain();
    if (master === null) return false;
    await inTurn(async () => {
      if (!isAllowed()) return wipe(master);
      vault.takeMaster(master);
      await open();
    });
    return true;
  };

  const openFirst = async (): Promise<void> => {
    if (isAllowed()) await ask();
    tell();
  };

  const openAgain = async (): Promise<Lock> => {
    if (program.isOpen()) return tell();
    if (!isAllowed()) throw new CallFailure('locked', 'the passphrase alone opens it');
    if (!vault.hasPassphrase() && !vault.wasGivenToKeychain()) {
      await alone(async () => {
        vault.takePlain();
        await open();
      });
      return tell();
    }
    if (vault.hasKeychain() === null) await findKeychain();
    if (vault.hasKeychain() === null) {
      throw new CallFailure('no_keychain', 'no keychain can be asked from here');
    }
    if (!(await ask())) {
      throw new CallFailure('keychain_refused', 'the keychain gave no key; nothing was opened');
    }
    return tell();
  };
  return { openFirst, openAgain };
}

/** As source or as built: the other script is beside this one, with the same ending. */
function rekeyScript(): URL {
  const ending = path.extname(fileURLToPath(import.meta.url));
  return new URL(`./rekey-worker${ending}`, import.meta.url);
}

function encryptInThread(job: RekeyJob, nativeBinding: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(rekeyScript(), { workerData: { ...job, nativeBinding } });
    worker.once('message', ({ code }: { code: StoreFailure | null }) => {
      if (code === null) resolve();
      else reject(new StoreError(code, 'the copy could not be encrypted'));
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new StoreError('store_access', 'the copy was not made')));
  });
}
