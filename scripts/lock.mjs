// One at a time: a lock file that names its holder's process. A holder that was killed leaves it
// behind; it is taken over when the process is gone, or when nobody touched it while we watched.
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** How often a holder touches its lock, and how often a waiter looks. */
const TOUCH_MS = 2_000;
const LOOK_MS = 250;
/** A lock that was not touched for so long while we watched has no holder: its pid is another's. */
export const STALE_MS = 20_000;

/**
 * Runs `work` while holding `file`; `onWait` is told once, with the holder's pid, if it must wait.
 */
export async function withLock(file, work, onWait = () => {}, staleMs = STALE_MS) {
  mkdirSync(path.dirname(file), { recursive: true });
  await take(file, onWait, staleMs);
  const touch = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Taken over by somebody who thought us gone; nothing is left to touch.
    }
  }, TOUCH_MS);
  touch.unref();
  const release = () => {
    if (holderOf(file) === process.pid) rmSync(file, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    release();
    process.removeListener('exit', release);
  }
}

async function take(file, onWait, staleMs) {
  let told = false;
  let seen = '';
  let seenAt = performance.now();
  const own = `${file}.${process.pid}`;
  for (;;) {
    if (tryLink(file, own)) return;
    const holder = holderOf(file);
    const state = `${holder} ${touchedAt(file)}`;
    if (state !== seen) {
      seen = state;
      seenAt = performance.now();
    }
    if (holder !== null && (!isAlive(holder) || performance.now() - seenAt > staleMs)) {
      moveAway(file, own, holder);
      continue;
    }
    if (holder !== null && !told) {
      told = true;
      onWait(holder);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** A link is made whole or not at all, so that no lock is ever seen without its holder's name. */
function tryLink(file, own) {
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return holderOf(file) === process.pid;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Of several waiters one gets the old lock out of the way; one that got a fresh lock gives it back.
 */
function moveAway(file, own, holder) {
  const away = `${own}.stale`;
  try {
    renameSync(file, away);
  } catch {
    return; // Somebody else was first.
  }
  if (holderOf(away) !== holder) {
    try {
      linkSync(away, file);
    } catch {
      // Held again already; its holder will find that the lock is not its own.
    }
  }
  rmSync(away, { force: true });
}

/** The holder's pid, or null where there is no lock. */
function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || null;
  } catch {
    return null;
  }
}

function touchedAt(file) {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
