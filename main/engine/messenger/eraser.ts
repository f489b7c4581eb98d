// Sees to it that what was deleted leaves the disk: soon after a deletion the log, which still has
// the old pages, is moved into the file and emptied; chats of removed contacts are taken out line
// by line. Both in quiet moments, and begun anew at the next start where it ended between.
import type { Log } from '../../log.ts';
import type { OpenDb } from '../../store/handle.ts';
import type { MessageStore } from '../../store/message-store.ts';

/** From a deletion to when its pages leave the log; further ones meanwhile go with it. */
export const ERASE_DELAY_MS = 2_000;
/** After a step that could not be made: too many wait, or the disk is full. */
const AGAIN_MS = 30_000;
/** Lines taken out at once: the index needs some ten milliseconds for each. */
export const ERASE_LINES_PER_STEP = 1;
const LINE_QUIET_MS = 50;
/** Moving the log takes as long as some hundred pages and two flushes do. */
const CHECKPOINT_QUIET_MS = 60;

export type Eraser = {
  /** Something was deleted. */
  readonly deleted: () => void;
  /** A contact was removed, or the program starts: what is left of such is taken out. */
  readonly wake: () => void;
  readonly close: () => void;
};

export type EraserOptions = {
  readonly db: Pick<OpenDb, 'checkpoint'>;
  readonly messages: Pick<MessageStore, 'hasGone' | 'erase'>;
  /** One transaction in a quiet moment. */
  readonly step: <T>(run: () => T, quietMs: number) => Promise<T>;
  readonly log: Log;
};

export function createEraser({ db, messages, step, log }: EraserOptions): Eraser {
  let timer: NodeJS.Timeout | null = null;
  let isErasing = false;
  let isClosed = false;

  const arm = (delayMs: number) => {
    if (timer !== null || isClosed) return;
    timer = setTimeout(() => {
      timer = null;
      void attempt(empty);
    }, delayMs);
    timer.unref();
  };
  /** A failure of the store is told where it has a user; here the work waits and is done later. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (isClosed) return;
      log('warn', 'erase_failed', { error: error instanceof Error ? error.name : 'unknown' });
      arm(AGAIN_MS);
    }
  };
  const empty = async () => {
    await takeOut();
    // The step itself does nothing: it waits for the moment.
    await step(() => undefined, CHECKPOINT_QUIET_MS);
    if (!isClosed && !db.checkpoint()) arm(ERASE_DELAY_MS);
  };
  const takeOut = async () => {
    if (isErasing) return;
    isErasing = true;
    try {
      while (!isClosed && messages.hasGone()) {
        await step(() => messages.erase(ERASE_LINES_PER_STEP), LINE_QUIET_MS);
      }
    } finally {
      isErasing = false;
    }
  };

  return {
    deleted: () => arm(ERASE_DELAY_MS),
    wake: () => {
      if (messages.hasGone()) arm(0);
    },
    close: () => {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
