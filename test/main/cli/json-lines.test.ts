// Lines on two streams: split at any place, bounded in length, number and output.
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  createJsonLines,
  createLineSplitter,
  LINE_SIZE_MAX,
  OUTPUT_SIZE_MAX,
} from '../../../main/cli/json-lines.ts';
import { CALLS_OPEN_MAX, FRAME_LENGTH_MAX, type Reply } from '../../../shared/api.ts';

describe('the splitter', () => {
  const split = (chunks: string[], sizeMax: number) => {
    const lines: string[] = [];
    const splitter = createLineSplitter(
      (bytes) => lines.push(Buffer.from(bytes).toString()),
      () => lines.push('too long'),
      sizeMax,
    );
    for (const chunk of chunks) splitter.push(Buffer.from(chunk));
    splitter.end();
    return lines;
  };

  it.each([
    ['several lines in a chunk', ['a\nb\n\nc\n'], ['a', 'b', 'c']],
    ['a line in several chunks', ['a', 'b', 'c\nd'], ['abc', 'd']],
    ['a newline alone', ['a', '\n', 'b'], ['a', 'b']],
    ['half a line at the end', ['abcd\nab'], ['abcd', 'ab']],
    ['a line at the limit', ['abcd\n'], ['abcd']],
    ['one past it', ['abcde\nx\n'], ['too long', 'x']],
    ['one past it in parts', ['abc', 'de', 'fgh', '\nx'], ['too long', 'x']],
    ['one past it at the end', ['abcde'], ['too long']],
    ['two past it', ['abcde\nabcdef\n'], ['too long', 'too long']],
    ['nothing', [], []],
  ])('takes %s', (_name, chunks, lines) => {
    expect(split(chunks, 4)).toEqual(lines);
  });

  it('keeps nothing of a line without an end', () => {
    let told = 0;
    const splitter = createLineSplitter(
      () => undefined,
      () => {
        told += 1;
      },
    );
    const chunk = new Uint8Array(65_536).fill(0x61);
    const before = process.memoryUsage().arrayBuffers;
    for (let sent = 0; sent < 4_000; sent++) splitter.push(Uint8Array.from(chunk));
    expect(told).toBe(1);
    // 260 MB went by; what may be held is one line.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
  });
});

/** A session whose calls settle when told, and what it wrote. */
function session(output: Writable | null = null) {
  const written: Record<string, unknown>[] = [];
  const into =
    output ??
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
        done();
      },
    });
  const input = new PassThrough();
  const lines = createJsonLines(input, into);
  const held: (() => void)[] = [];
  const handle = (frame: unknown) =>
    new Promise<Reply>((resolve) => {
      const { id } = frame as { id: number };
      held.push(() => resolve({ id, ok: true, value: 'x'.repeat(200) }));
    });
  const ended = lines.serve(handle);
  return { written, input, lines, held, ended };
}
const about = (id: number) => `${JSON.stringify({ id, call: 'about', args: {} })}\n`;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a session', () => {
  it('answers what is under way before it ends', async () => {
    const { written, input, held, ended } = session();
    input.end(about(1) + about(2).trim());
    while (held.length < 2) await turn();
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    await turn();
    expect(isOver).toBe(false);
    for (const settle of held) settle();
    await ended;
    expect(written.map((reply) => reply['id'])).toEqual([1, 2]);
  });

  it('ends when it is stopped, though its input goes on, and reads no more', async () => {
    const { written, input, lines, held, ended } = session();
    input.write(about(1));
    while (held.length < 1) await turn();
    lines.stop();
    input.write(about(2));
    held[0]?.();
    await ended;
    expect(written.map((reply) => reply['id'])).toEqual([1]);
  });

  it('refuses by name what is no frame, and goes on', async () => {
    const { written, input, held, ended } = session();
    input.write(Buffer.from([0x7b, 0xff, 0xfe, 0x0a]));
    input.write('{"id":1,\n\n   \n[]\n{"id":2,"call":"toString","args":{}}\n');
    input.write(`"${'a'.repeat(FRAME_LENGTH_MAX)}"\n`);
    input.write(`${'a'.repeat(LINE_SIZE_MAX + 1)}\n`);
    input.end(about(3));
    while (held.length < 1) await turn();
    held[0]?.();
    await ended;
    expect(written.map((reply) => reply['code'] ?? reply['id'])).toEqual([
      'bad_frame',
      'bad_frame',
      'bad_frame',
      'unknown_call',
      'too_large',
      'too_large',
      3,
    ]);
  });

  it(`takes ${CALLS_OPEN_MAX} calls at once and refuses one more`, async () => {
    const { written, input, held, ended } = session();
    for (let id = 0; id <= CALLS_OPEN_MAX; id++) input.write(about(id));
    input.end();
    while (written.length < 1) await turn();
    expect(written).toMatchObject([{ id: CALLS_OPEN_MAX, ok: false, code: 'busy' }]);
    expect(held).toHaveLength(CALLS_OPEN_MAX);
    for (const settle of held) settle();
    await ended;
    expect(written).toHaveLength(CALLS_OPEN_MAX + 1);
  });

  it('reads no more while its reader stands still, and goes on with it', async () => {
    const waiting: (() => void)[] = [];
    let size = 0;
    const slow = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        size += chunk.length;
        waiting.push(done);
      },
    });
    const { input, lines, ended } = session(slow);
    const bad = Buffer.from('{\n'.repeat(8_000));
    let pushed = 0;
    while (!input.isPaused()) {
      input.write(bad);
      pushed += 1;
      await turn();
    }
    expect(slow.writableLength).toBeGreaterThan(OUTPUT_SIZE_MAX);
    expect(slow.writableLength).toBeLessThan(2 * OUTPUT_SIZE_MAX);
    const held = slow.writableLength;
    for (let more = 0; more < 10; more++) input.write(bad);
    await turn();
    expect(slow.writableLength).toBe(held);
    input.end();
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    while (!isOver) {
      waiting.shift()?.();
      if (waiting.length === 0) await turn();
    }
    const line = JSON.stringify({
      id: -1,
      ok: false,
      code: 'bad_frame',
      message: 'frame: expected JSON',
    });
    expect(size).toBe((pushed + 10) * 8_000 * (line.length + 1));
    lines.stop();
  });

  it('ends when its reader is gone', async () => {
    const { input, ended } = session(
      new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) }),
    );
    input.write('{\n');
    await ended;
    expect(input.destroyed).toBe(false);
  });
});
