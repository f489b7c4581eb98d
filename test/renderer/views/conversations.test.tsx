// The list: its order, its keys, its menu, the archive, the search, and what it says while there is
// nothing to show.
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { App } from '../../../renderer/app.tsx';
import { openSession } from '../../../renderer/state/projection.ts';
import { type FakeApi, fakeApi } from '../support/fake-api.ts';
import { answerWith, conversation, message } from '../support/samples.ts';

let fake: FakeApi;
const open = () => render(<App session={openSession(fake.api)} />);
const list = () => screen.findByRole('list', { name: 'Conversations' });
const names = (inside: HTMLElement) =>
  within(inside)
    .getAllByRole('link')
    .map((row) => row.querySelector('.row-name')?.textContent);
const asked = (name: string) => fake.calls.filter((call) => call.name === name);

beforeEach(() => {
  window.location.hash = '';
  fake = fakeApi();
});
afterEach(cleanup);

describe('the list of conversations', () => {
  it('has pinned ones first, then the newest, and moves one that changes', async () => {
    const tom = conversation(3, 'Tom');
    answerWith(fake, [conversation(2, 'Bea'), tom, conversation(9, 'Ann', { isPinned: true })]);
    open();
    expect(names(await list())).toEqual(['Ann', 'Bea', 'Tom']);
    const atUnixMs = tom.atUnixMs + 3_600_000;
    act(() => fake.emit({ event: 'conversation', value: { ...tom, atUnixMs, unread: 2 } }));
    expect(names(await list())).toEqual(['Ann', 'Tom', 'Bea']);
    expect(screen.getByText('2 unread messages')).toBeDefined();
    act(() => fake.emit({ event: 'conversation.gone', value: { contact: 2 } }));
    await waitFor(async () => expect(names(await list())).toEqual(['Ann', 'Tom']));
  });

  it('says in the second line what waits, else the last words', async () => {
    answerWith(fake, [
      conversation(1, 'A', {
        trouble: { state: 'failed', text: 'Bring it' },
        last: message(1, { text: 'Their words' }),
        unread: 1,
      }),
      conversation(2, 'B', { draft: 'About the flat' }),
      conversation(3, 'C', { state: 'requested' }),
      conversation(4, 'D', { last: message(2, { note: { kind: 'accepted' } }) }),
      conversation(5, 'E', { draft: 'hidden', unread: 1, last: message(3) }),
      conversation(6, 'F', {
        trouble: { state: 'not_confirmed', text: 'Perhaps there' },
        last: message(4),
      }),
      conversation(7, 'G', { trouble: { state: 'expired', text: 'Too late' }, last: message(5) }),
      conversation(8, 'H', {
        trouble: { state: 'expired', text: 'hidden' },
        unread: 1,
        last: message(6),
      }),
    ]);
    open();
    const lines = within(await list())
      .getAllByRole('link')
      .map((row) => row.querySelector('.row-preview')?.textContent);
    expect(lines).toEqual([
      'Not sent Bring it',
      'Draft: About the flat',
      'Your request waits for an answer',
      'You and D can write to each other now.',
      'Words 3',
      'Not confirmed Perhaps there',
      'Expired Too late',
      'Words 6',
    ]);
  });

  it('draws a few of two thousand, and its keys reach all of them', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) =>
      conversation(index + 1, `Person ${index + 1}`),
    );
    answerWith(fake, many);
    const user = userEvent.setup();
    open();
    const rows = await list();
    expect(within(rows).getAllByRole('link').length).toBeLessThan(50);
    within(rows).getAllByRole('link')[0]?.focus();
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement?.textContent).toContain('Person 2');
    await user.keyboard('{End}');
    expect(document.activeElement?.textContent).toContain('Person 2000');
    expect(document.activeElement?.closest('li')?.getAttribute('aria-posinset')).toBe('2000');
    await user.keyboard('{Home}');
    expect(document.activeElement?.textContent).toContain('Person 1');
  });

  const choose = async (item: string) => {
    const user = userEvent.setup();
    screen.getByRole('button', { name: 'Actions for Mara' }).focus();
    await user.keyboard('{Enter}');
    await user.click(await screen.findByRole('menuitem', { name: item }));
  };

  it.each([
    ['Pin', { contact: 1, isPinned: true }],
    ['Mute', { contact: 1, isMuted: true }],
    ['Archive', { contact: 1, isArchived: true }],
  ])('has a menu of the keyboard for each row: %s', async (item, args) => {
    answerWith(fake, [conversation(1, 'Mara', { unread: 1, last: message(7) })]);
    fake.answer('conversation.set', () => conversation(1, 'Mara'));
    open();
    await list();
    await choose(item);
    expect(asked('conversation.set').map((call) => call.args)).toEqual([args]);
  });

  it('marks as read by its menu, and says what was not saved', async () => {
    answerWith(fake, [conversation(1, 'Mara', { unread: 1, last: message(7) })]);
    open();
    await list();
    await choose('Mark as read');
    expect(asked('conversation.read')[0]?.args).toEqual({ contact: 1, upTo: 7 });
    fake.refuse();
    await choose('Pin');
    expect(await screen.findByText('That was not saved.')).toBeDefined();
  });

  it('keeps the archive apart, and leads there and back', async () => {
    answerWith(fake, [conversation(1, 'Mara'), conversation(2, 'Old', { isArchived: true })]);
    const user = userEvent.setup();
    open();
    expect(names(await list())).toEqual(['Mara']);
    await user.click(screen.getByRole('button', { name: 'Archived1' }));
    const archive = screen.getByRole('list', { name: 'Archived' });
    expect(names(archive)).toEqual(['Old']);
    within(archive).getByRole('link').focus();
    await user.keyboard('{Escape}');
    expect(names(await list())).toEqual(['Mara']);
  });

  it('says when there are none, and when they could not be read', async () => {
    answerWith(fake, []);
    const { unmount } = open();
    expect(await screen.findByText(/No conversations yet/)).toBeDefined();
    unmount();
    fake = fakeApi();
    open();
    expect(await screen.findByText('Your conversations could not be read.')).toBeDefined();
    answerWith(fake, [conversation(1, 'Mara')]);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(names(await list())).toEqual(['Mara']);
  });

  it('leads to requests, and shows nothing of a profile that was locked', async () => {
    answerWith(fake, [conversation(1, 'Mara')]);
    open();
    await list();
    const request = { id: 1, name: 'Lena', pair: 1, arrivedUnixMs: 1, kind: 'invite' } as const;
    act(() => fake.emit({ event: 'requests', value: [request] }));
    const link = screen.getByRole('link', { name: '1 contact request' });
    expect(link.getAttribute('href')).toBe('#/requests');
    const locked = {
      state: 'locked',
      hasPassphrase: true,
      hasKeychain: null,
      wasGivenToKeychain: false,
      hasLockFailed: false,
      spooled: 0,
    };
    act(() => fake.emit({ event: 'lock', value: locked }));
    expect(screen.queryByText('Mara')).toBeNull();
    expect(screen.getByRole('heading', { name: 'Eddy is locked' })).toBeDefined();
  });
});

describe('the search', () => {
  const hit = (id: number) => ({
    message: message(id, { text: 'One more season' }),
    snippet: 'One more season',
    matches: [[4, 4]] as [number, number][],
  });

  it('opens by its keys, marks what matched, and reads further pages', async () => {
    answerWith(fake, [conversation(1, 'Mara'), conversation(2, 'Tom')]);
    fake.answer('search', ({ before }) => ({
      hits: before === undefined ? [hit(9), hit(8)] : [hit(7)],
      next: before === undefined ? 8 : null,
      contacts: before === undefined ? [2] : [],
    }));
    const user = userEvent.setup();
    open();
    await list();
    await user.keyboard('{Control>}k{/Control}');
    expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Search' }));
    await user.keyboard('more');
    expect(await screen.findByText('The newest 3 results')).toBeDefined();
    expect(asked('search')).toHaveLength(1);
    const results = screen.getByRole('navigation', { name: 'Results' });
    expect(within(results).getAllByText('more', { selector: 'mark' })).toHaveLength(2);
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement?.getAttribute('href')).toBe('#/chat/2');
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement?.getAttribute('href')).toBe('#/chat/1/at/9');
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('4 results')).toBeDefined();
    expect(asked('search')[1]?.args).toMatchObject({ text: 'more', before: 8 });
    await user.click(screen.getByRole('button', { name: 'Clear the search' }));
    expect(names(await list())).toEqual(['Mara', 'Tom']);
  });

  it('says where older messages were not searched, and goes on when asked', async () => {
    answerWith(fake, [conversation(1, 'Mara')]);
    fake.answer('search', ({ before }) =>
      before === undefined
        ? { hits: [], next: 5, contacts: [], isPartial: true }
        : { hits: [hit(2)], next: null, contacts: [] },
    );
    const user = userEvent.setup();
    open();
    await list();
    await user.type(screen.getByRole('searchbox'), 'x');
    expect(await screen.findByText('Nothing was found in the newest messages')).toBeDefined();
    expect(asked('search')).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Search older messages' }));
    expect(await screen.findByText('1 result')).toBeDefined();
    expect(asked('search')[1]?.args).toMatchObject({ before: 5 });
    expect(screen.queryByText('Older messages were not searched yet.')).toBeNull();
  });

  it('drops an answer to words that stand there no longer', async () => {
    answerWith(fake, [conversation(1, 'Mara')]);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    fake.answer('search', async ({ text }) => {
      if (text === 'a') await held;
      return { hits: text === 'a' ? [hit(1), hit(2)] : [hit(3)], next: null, contacts: [] };
    });
    const user = userEvent.setup();
    open();
    await list();
    await user.type(screen.getByRole('searchbox'), 'a');
    await waitFor(() => expect(asked('search')).toHaveLength(1));
    await user.type(screen.getByRole('searchbox'), 'b');
    expect(await screen.findByText('1 result')).toBeDefined();
    await act(async () => release());
    expect(screen.getByText('1 result')).toBeDefined();
  });

  it('says that nothing was found, and that it did not work', async () => {
    answerWith(fake, [conversation(1, 'Mara')]);
    fake.answer('search', () => ({ hits: [], next: null, contacts: [] }));
    const user = userEvent.setup();
    open();
    await list();
    await user.type(screen.getByRole('searchbox'), 'x');
    expect(await screen.findByText('Nothing was found')).toBeDefined();
    fake.refuse();
    await user.type(screen.getByRole('searchbox'), 'y');
    expect(await screen.findByText('The search did not work.')).toBeDefined();
  });
});

describe('pictures', () => {
  it('that a long list left out are asked for where a row is in sight, once', async () => {
    const picture = 'UklGR'.padEnd(32_000, 'A');
    const many = Array.from({ length: 200 }, (_, index) =>
      conversation(index + 1, `Person ${index + 1}`, {
        avatar: index > 0 && index < 70 ? picture : null,
      }),
    );
    answerWith(fake, many);
    fake.answer('conversation.get', ({ contact }) =>
      conversation(contact, `Person ${contact}`, { avatar: picture }),
    );
    open();
    const rows = await list();
    await waitFor(() => expect(rows.querySelectorAll('img').length).toBeGreaterThan(20));
    const contacts = asked('conversation.get').map(({ args }) => args);
    expect(contacts).toEqual([{ contact: 1 }]);
  });
});
