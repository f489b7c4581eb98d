// Who has not answered yet has said no name: wherever he is shown he goes by the day on which he
// became known.
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { App } from '../../../renderer/app.tsx';
import { openSession } from '../../../renderer/state/projection.ts';
import { speak } from '../../../renderer/strings/language.ts';
import { shownName } from '../../../renderer/strings/shown-name.ts';
import type { Contact } from '../../../shared/api-people.ts';
import { type FakeApi, fakeApi } from '../support/fake-api.ts';
import { tomas } from '../support/people.ts';
import { answerWith, conversation, message } from '../support/samples.ts';

const someone: Contact = { ...tomas, name: '', theirName: '', state: 'requested' };
const begunUnixMs = someone.knownSinceUnixMs;
const UNNAMED = 'Unnamed, October 12, 2026';
let fake: FakeApi;
beforeEach(() => {
  fake = fakeApi();
  const last = message(4, { contact: someone.id, text: 'needle' });
  answerWith(fake, [conversation(someone.id, '', { begunUnixMs, state: 'requested', last })]);
  fake.answer('contact.list', () => [someone]);
  fake.answer('contact.get', () => someone);
});
afterEach(cleanup);
const open = (hash: string) => {
  window.location.hash = hash;
  render(<App session={openSession(fake.api)} />);
};

it('is a name in both languages, and only where there is none', () => {
  const who = { name: '', begunUnixMs };
  expect(shownName(speak('en'), who)).toBe(UNNAMED);
  expect(shownName(speak('de'), who)).toBe('Ohne Namen, 12. Oktober 2026');
  expect(shownName(speak('en'), { ...who, name: 'Ada' })).toBe('Ada');
  expect(shownName(speak('en'), someone)).toBe(UNNAMED);
});

it('stands in the list, on its menu, over the chat and in what is said there', async () => {
  open(`#/chat/${someone.id}`);
  expect(await screen.findByRole('link', { name: new RegExp(UNNAMED) })).toBeDefined();
  expect(screen.getByRole('button', { name: `Actions for ${UNNAMED}` })).toBeDefined();
  expect(await screen.findByRole('heading', { level: 1, name: UNNAMED })).toBeDefined();
  expect(document.querySelector('.composer')?.textContent).toContain(UNNAMED);
});

it('stands on its page and in the question before it is removed', async () => {
  open(`#/contact/${someone.id}`);
  expect(await screen.findByRole('heading', { level: 2, name: UNNAMED })).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
  expect(
    await screen.findByRole('dialog', { name: `Remove ${UNNAMED} and the chat?` }),
  ).toBeDefined();
});

it('is no beginning of an own name for him', async () => {
  open(`#/contact/${someone.id}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Rename' }));
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: /name/i }).value).toBe('');
});
