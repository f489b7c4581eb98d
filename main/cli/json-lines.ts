// The contract of shared/api.ts as JSON lines on two streams (design section 1): splits bytes into
// lines of bounded length, answers each, and lets no reader that stands still fill the memory.
import type { Readable, Writable } from 'node:stream';
import {
  CALLS_OPEN_MAX,
  type EventFrame,
  FRAME_LENGTH_MAX,
  isRefusal,
  parseRequestText,
  type Reply,
  refusal,
} from '../../shared/api.ts';
import { createEventGate } from '../engine/event-gate.ts';

/** A UTF-16 unit is at most three bytes of UTF-8; a longer line cannot be a frame. */
export const LINE_SIZE_MAX = 3 * FRAME_LENGTH_MAX;
/** Bytes that wait for the reader of stdout before nothing more is read from stdin. */
export const OUTPUT_SIZE_MAX = 4 * 1_048_576;

const NEWLINE = 0x0a;

export type LineSplitter = {
  readonly push: (chunk: Uint8Array) => void;
  /** The input ended: what came after the last newline is a line, too. */
  readonly end: () => void;
};

/**
 * Hands on lines without their newline; a longer one than `sizeMax` bytes is told once, and
 * skipped.
 */
export function createLineSplitter(
  line: (bytes: Uint8Array) => void,
  tooLong: () => void,
  sizeMax = LINE_SIZE_MAX,
): LineSplitter {
  let parts: Uint8Array[] = [];
  let size = 0;
  let isSkipping = false;
  const take = (part: Uint8Array) => {
    if (isSkipping) return;
    size += part.length;
    if (size > sizeMax) {
      parts = [];
      isSkipping = true;
      tooLong();
    } else if (part.length > 0) {
      parts.push(part);
    }
  };
  const finish = () => {
    if (!isSkipping && size > 0) line(Buffer.concat(parts));
    parts = [];
    size = 0;
    isSkipping = false;
  };
  return {
    push: (chunk) => {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
        take(chunk.subarray(from, at));
        finish();
        from = at + 1;
      }
      take(chunk.subarray(from));
    },
    end: finish,
  };
}

export type JsonLines = {
  /** Writes an event, or counts it where the reader is too far behind. */
  readonly emit: (event: EventFrame) => void;
  /**
   * Answers lines until the input ends or `stop` is called, and resolves when every reply is
   * written.
   */
  readonly serve: (handle: (frame: unknown) => Promise<Reply>) => Promise<void>;
  /** Reads no more; `serve` ends once what is under way is answered. */
  readonly stop: () => void;
};

/** The contract over `input` and `output`. */
export function createJsonLines(input: Readable, output: Writable): JsonLines {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let open = 0;
  let unwritten = 0;
  let isEnding = false;
  let settle: (() => void) | null = null;
  const settleWhenDone = () => {
    if (isEnding && open === 0 && unwritten === 0) settle?.();
  };
  const write = (frame: Reply | EventFrame, written?: () => void) => {
    unwritten += 1;
    output.write(`${JSON.stringify(frame)}\n`, () => {
      unwritten -= 1;
      written?.();
      settleWhenDone();
    });
    if (output.writableLength > OUTPUT_SIZE_MAX) input.pause();
  };
  const gate = createEventGate((event) => write(event, () => gate.seen(1)));
  const stop = () => {
    if (isEnding) return;
    isEnding = true;
    input.pause();
    settleWhenDone();
  };

  const take = (bytes: Uint8Array, handle: (frame: unknown) => Promise<Reply>) => {
    let text: string;
    try {
      text = utf8.decode(bytes);
    } catch {
      return write(refusal(-1, 'bad_frame', 'frame: expected UTF-8'));
    }
    if (text.trim() === '') return;
    const request = parseRequestText(text);
    if (isRefusal(request)) return write(request);
    if (open >= CALLS_OPEN_MAX) {
      const message = `calls: expected at most ${CALLS_OPEN_MAX} under way`;
      return write(refusal(request.id, 'busy', message));
    }
    open += 1;
    void handle(request).then((reply) => {
      open -= 1;
      write(reply);
    });
  };

  return {
    emit: gate.emit,
    stop,
    serve: (handle) =>
      new Promise((resolve) => {
        settle = resolve;
        const splitter = createLineSplitter(
          (bytes) => take(bytes, handle),
          () => write(refusal(-1, 'too_large', `line: expected at most ${LINE_SIZE_MAX} bytes`)),
        );
        output.on('drain', () => {
          if (!isEnding) input.resume();
        });
        // The reader is gone: nobody waits for what is still to be written.
        output.on('error', () => {
          isEnding = true;
          resolve();
        });
        input.on('data', (chunk: Uint8Array) => {
          if (!isEnding) splitter.push(chunk);
        });
        const end = () => {
          if (isEnding) return;
          splitter.end();
          stop();
        };
        input.on('end', end);
        input.on('error', end);
        settleWhenDone();
      }),
  };
}
