// What was deleted is not in the bytes of the file or its log: looked for in the decrypted pages.
// Where the index keeps what it was told to forget, the same look finds it.
import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEraser, ERASE_DELAY_MS } from '../../../../main/engine/messenger/eraser.ts';
import { connect } from '../../../../main/store/database.ts';
import { transaction } from '../../../../main/store/handle.ts';
import { openMessengerChats } from '../../../support/chats.ts';
import { scratchFolder } from '../../../support/store-files.ts';
import { uidOf } from '../../../support/stored-chats.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A word of no other text: eight letters, of which the index has each three. */
const SECRET = '\u{1f701}\u{1f703}\u{1f705}\u{1f707}\u{1f709}\u{1f70b}\u{1f70d}\u{1f70f}';

/** Bytes of the decrypted file, and of the log as it lies there, which has to be empty. */
function plainBytes(file: string): Buffer {
  const copy = path.join(scratchFolder(), 'copy.db');
  copyFileSync(file, copy);
  const raw = connect(copy, {});
  raw.pragma("cipher = 'sqlcipher'");
  raw.pragma(`key = "x'${Buffer.alloc(32, 7).toString('hex')}'"`);
  raw.pragma('journal_mode = DELETE');
  // Each page anew without a key, with whatever lies in its free places.
  raw.pragma("rekey = ''");
  raw.close();
  const log = `${file}-wal`;
  const bytes = existsSync(log) ? readFileSync(log) : Buffer.alloc(0);
  return Buffer.concat([readFileSync(copy), bytes]);
}

/** Parts of the word that pages may hold: all of it, and what the index has of it. */
const parts = [
  SECRET,
  ...[0, 1, 2, 3, 4, 5].map((at) =>
    Array.from(SECRET)
      .slice(at + 1, at + 3)
      .join(''),
  ),
];
const partsIn = (bytes: Buffer) => parts.filter((part) => bytes.includes(Buffer.from(part)));

type Profile = ReturnType<typeof openMessengerChats>;
const texts = (profile: Profile, contact: number, count: number) =>
  profile.step((work) => {
    for (let at = 0; at < count; at++) {
      const one = { sentUnixMs: at, arrivedUnixMs: at, uid: uidOf(contact * 1_000 + at) };
      profile.chats.addTheirs(work, contact, { ...one, text: `more and more of it ${at}` });
    }
  });

async function withSecret(count = 40) {
  const profile = openMessengerChats(1);
  await texts(profile, 1, count);
  const one = { uid: uidOf(7), sentUnixMs: 1, packetCount: 1 };
  const say = (text: string) =>
    profile.step((work) => profile.chats.addOwn(work, 1, { ...one, text }));
  const id = await say(`before ${SECRET} after`);
  profile.db.checkpoint();
  return { ...profile, id };
}

describe('a deleted message', () => {
  it('is in no byte of file or log soon after', async () => {
    const profile = await withSecret();
    expect(partsIn(plainBytes(profile.file)).length).toBeGreaterThan(3);
    await profile.call('chat.delete', { id: profile.id });
    expect(statSync(`${profile.file}-wal`).size).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(ERASE_DELAY_MS);
    expect(statSync(`${profile.file}-wal`).size).toBe(0);
    expect(partsIn(plainBytes(profile.file))).toEqual([]);
    profile.chats.close();
    profile.db.close();
  });

  it('would be there if the index did not forget what it is told to', async () => {
    const profile = await withSecret();
    transaction(profile.db, (write) => {
      write.exec("INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 0)");
    });
    await profile.call('chat.delete', { id: profile.id });
    await vi.advanceTimersByTimeAsync(ERASE_DELAY_MS);
    expect(partsIn(plainBytes(profile.file)).length).toBeGreaterThan(0);
    profile.chats.close();
    profile.db.close();
  });

  it('leaves no draft of it behind either', async () => {
    const profile = openMessengerChats(1);
    await profile.call('conversation.draft', {
      contact: 1,
      text: `${SECRET} ${'x'.repeat(9_000)}`,
    });
    profile.db.checkpoint();
    expect(partsIn(plainBytes(profile.file)).length).toBeGreaterThan(0);
    await profile.call('conversation.draft', { contact: 1, text: '' });
    await vi.advanceTimersByTimeAsync(ERASE_DELAY_MS);
    expect(partsIn(plainBytes(profile.file))).toEqual([]);
    profile.chats.close();
    profile.db.close();
  });
});

describe('the chat of a removed contact', () => {
  it('is taken out line by line, also where it was begun before the start', async () => {
    const profile = await withSecret(5);
    const removed = () => transaction(profile.db, (write) => write.exec('DELETE FROM contact'));
    removed();
    expect(await profile.call('conversation.list', {})).toEqual([]);
    expect(profile.store.count()).toBe(6);
    profile.chats.erase();
    await vi.advanceTimersByTimeAsync(ERASE_DELAY_MS);
    expect([profile.store.count(), profile.store.hasGone()]).toEqual([0, false]);
    expect(partsIn(plainBytes(profile.file))).toEqual([]);
    profile.chats.close();
    profile.db.close();
  });
});

describe('an eraser', () => {
  const eraserOf = (work: () => void, checkpoints: boolean[]) => {
    const seen: string[] = [];
    const eraser = createEraser({
      db: {
        checkpoint: () => {
          const isDone = checkpoints.shift() ?? true;
          seen.push(isDone ? 'emptied' : 'in use');
          return isDone;
        },
      },
      messages: { hasGone: () => false, erase: () => 0 },
      step: async (run) => {
        work();
        return run();
      },
      log: (_level, event) => void seen.push(event),
    });
    return { eraser, seen };
  };

  it('empties the log once for many deletions, and again where it was in use', async () => {
    const { eraser, seen } = eraserOf(() => undefined, [false]);
    for (let at = 0; at < 9; at++) eraser.deleted();
    await vi.advanceTimersByTimeAsync(ERASE_DELAY_MS);
    expect(seen).toEqual(['in use']);
    await vi.advanceTimersByTimeAsync(ERASE_DELAY_MS);
    expect(seen).toEqual(['in use', 'emptied']);
    await vi.advanceTimersByTimeAsync(100 * ERASE_DELAY_MS);
    expect(seen).toHaveLength(2);
  });

  it('tries again what could not be done, and does nothing after its end', async () => {
    let faults = 1;
    const { eraser, seen } = eraserOf(() => {
      if (faults-- > 0) throw new Error('planned');
    }, []);
    eraser.deleted();
    await vi.advanceTimersByTimeAsync(20 * ERASE_DELAY_MS);
    expect(seen).toEqual(['erase_failed', 'emptied']);
    eraser.deleted();
    eraser.close();
    await vi.advanceTimersByTimeAsync(20 * ERASE_DELAY_MS);
    expect(seen).toHaveLength(2);
  });
});
