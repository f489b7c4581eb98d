// Words that were not taken: they end in the composer or in the draft, once, whatever is refused.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallError } from '../../../renderer/api.ts';
import {
  inFront,
  keepUnsent,
  UNSENT_AGAIN_MS,
  type UnsentWords,
} from '../../../renderer/state/unsent.ts';
import type { FailureCode } from '../../../shared/api.ts';
import { TEXT_LENGTH_MAX } from '../../../shared/api-chat.ts';
import { type FakeApi, fakeApi } from '../support/fake-api.ts';
import { conversation } from '../support/samples.ts';

let fake: FakeApi;
let words: UnsentWords;
let draft = '';
let refusal: FailureCode | null = null;
const error = new CallError('store_full', 'the disk is full');
const settle = () => vi.advanceTimersByTimeAsync(0);
const textOf = (contact: number) => words.store.get()[contact]?.text;

beforeEach(() => {
  vi.useFakeTimers();
  fake = fakeApi();
  draft = '';
  refusal = null;
  fake.answer('conversation.get', () => {
    if (refusal !== null) throw new CallError(refusal, 'refused');
    return conversation(1, 'Mara', { draft });
  });
  fake.answer('conversation.draft', ({ text }) => {
    draft = text;
    return {};
  });
  words = keepUnsent(fake.api);
});
afterEach(() => {
  words.close();
  vi.useRealTimers();
});

describe('words that were not taken', () => {
  it('wait for the composer that is there, and are no draft of their own', async () => {
    words.attend(1);
    words.keep(1, { text: 'Hello', error });
    await vi.advanceTimersByTimeAsync(UNSENT_AGAIN_MS);
    expect(textOf(1)).toBe('Hello');
    words.take(1);
    expect([textOf(1), draft, fake.calls]).toEqual([undefined, '', []]);
  });

  it('become the draft where nobody takes them, in order and once', async () => {
    draft = 'later';
    const leave = words.attend(1);
    words.keep(1, { text: 'one', error });
    words.keep(1, { text: 'two', error });
    leave();
    await settle();
    expect(draft).toBe('one\ntwo\nlater');
    words.keep(1, { text: 'three', error });
    await settle();
    expect(draft).toBe('three\none\ntwo\nlater');
    await vi.advanceTimersByTimeAsync(UNSENT_AGAIN_MS);
    expect(draft).toBe('three\none\ntwo\nlater');
    expect(inFront(textOf(1) ?? '', draft)).toBe(draft);
  });

  it('are saved later where that is refused; a locked window keeps only these', async () => {
    words.keep(2, { text: 'saved', error });
    await settle();
    refusal = 'locked';
    words.keep(1, { text: 'Hello', error });
    await settle();
    words.locked();
    expect([textOf(1), textOf(2)]).toEqual(['Hello', undefined]);
    await vi.advanceTimersByTimeAsync(UNSENT_AGAIN_MS);
    draft = '';
    refusal = null;
    await vi.advanceTimersByTimeAsync(UNSENT_AGAIN_MS);
    expect(draft).toBe('Hello');
    words.locked();
    expect(textOf(1)).toBeUndefined();
  });

  it('go with a contact that is gone, and stay in the window where no draft is so long', async () => {
    refusal = 'unknown_contact';
    words.keep(1, { text: 'Hello', error });
    await settle();
    expect(textOf(1)).toBeUndefined();
    refusal = null;
    draft = 'x'.repeat(TEXT_LENGTH_MAX);
    words.keep(1, { text: 'Hello', error });
    await settle();
    words.locked();
    expect([textOf(1), draft.length]).toEqual(['Hello', TEXT_LENGTH_MAX]);
  });
});
