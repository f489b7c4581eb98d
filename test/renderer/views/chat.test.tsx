// A chat as a person meets it: read, write, send, be told what became of it.
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallError } from '../../../renderer/api.ts';
import { App } from '../../../renderer/app.tsx';
import { openSession } from '../../../renderer/state/projection.ts';
import {
  type ChatMessage,
  type Conversation,
  PREVIEW_LENGTH_MAX,
} from '../../../shared/api-chat.ts';
import { type FakeApi, fakeApi, firstSettings } from '../support/fake-api.ts';
import { answerWith, conversation, delivery, message } from '../support/samples.ts';

let fake: FakeApi;
let isFocused = true;
const asked = (name: string) => fake.calls.filter((call) => call.name === name);
const box = () => screen.findByRole('textbox', { name: 'Message to Mara' });

function goTo(fragment: string): void {
  act(() => {
    window.location.hash = fragment;
  });
}

function open(all: readonly ChatMessage[], change: Partial<Conversation> = {}): void {
  answerWith(fake, [conversation(1, 'Mara', change), conversation(2, 'Tom')], all);
  render(<App session={openSession(fake.api)} />);
}

beforeEach(() => {
  window.location.hash = '#/chat/1';
  fake = fakeApi();
  isFocused = true;
  vi.spyOn(document, 'hasFocus').mockImplementation(() => isFocused);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('a chat', () => {
  it('shows its messages with their days, notes, and where the unread ones begin', async () => {
    const note = { kind: 'keys_changed' } as const;
    open([message(1), message(2, { note, text: '' }), message(3, { isRead: false })], {
      unread: 1,
    });
    const chat = await screen.findByRole('region', { name: 'Messages with Mara' });
    expect(chat.textContent).toMatch(
      /Words 1.*keys of Mara have changed.*1 unread message.*Words 3/s,
    );
    const compare = within(chat).getByRole('link', { name: 'Compare now' });
    expect(compare.getAttribute('href')).toBe('#/contact/1');
  });

  it('tells what was seen while somebody looks, and not before', async () => {
    isFocused = false;
    open([message(1, { isRead: false })], { unread: 1 });
    await screen.findByText('Words 1');
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(asked('conversation.read')).toEqual([]);
    isFocused = true;
    act(() => void window.dispatchEvent(new Event('focus')));
    await waitFor(() =>
      expect(asked('conversation.read')[0]?.args).toEqual({ contact: 1, upTo: 1 }),
    );
  });

  it('announces what arrives, and where the last own message is', async () => {
    const own = message(1, { isOwn: true, delivery: delivery('at_provider') });
    open([own]);
    await screen.findByText('Words 1');
    act(() => fake.emit({ event: 'chat.message', value: message(2, { text: 'Hello' }) }));
    await waitFor(() => expect(screen.getByRole('log').textContent).toBe('Mara: Hello'));
    const said = () => screen.getAllByRole('status').map(({ textContent }) => textContent);
    expect(said().join()).not.toContain('provider');
    act(() => {
      const value = { ...own, delivery: delivery('delivered') };
      fake.emit({ event: 'chat.message', value });
    });
    await waitFor(() => expect(said().join()).toContain('Delivered'));
  });

  it('sends again what failed, and takes back what has not left', async () => {
    const failed = delivery('failed', { reason: 'outbox_full' });
    const queued = delivery('queued', { leavesInMs: 2_000 });
    open([
      message(1, { isOwn: true, delivery: failed }),
      message(2, { isOwn: true, delivery: queued }),
    ]);
    fake.answer('chat.again', ({ id }) => message(id, { isOwn: true }));
    fake.answer('chat.cancel', () => ({}));
    const user = userEvent.setup();
    expect(await screen.findByText('Not sent: too much waits to be sent')).toBeDefined();
    expect(screen.getByText('Queued, leaves in about 2 seconds')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Send again' }));
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(asked('chat.again')[0]?.args).toEqual({ id: 1 });
    expect(asked('chat.cancel')[0]?.args).toEqual({ id: 2 });
  });

  it('has a menu for each message, by keys alone: details, and deleting after a question', async () => {
    open([message(1), message(2, { isOwn: true, delivery: delivery('delivered') })]);
    fake.answer('chat.delete', () => ({}));
    const user = userEvent.setup();
    const own = await screen.findByRole('group', { name: /You to Mara/ });
    expect(own.getAttribute('aria-label')).toMatch(/: Words 2 \(Delivered to their Eddy, .*\)$/);
    act(() => own.focus());
    await user.keyboard('{Enter}');
    await user.click(await screen.findByRole('menuitem', { name: 'Details of the delivery' }));
    const details = screen.getByRole('region', { name: 'Details of the delivery' });
    expect(details.textContent).toContain('Packets confirmed0 of 1');
    await waitFor(() => expect(document.activeElement).toBe(own));
    await user.keyboard('{ArrowUp}');
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Mara, .*: Words 1$/);
    await user.keyboard('{Enter}');
    await user.click(await screen.findByRole('menuitem', { name: 'Delete here' }));
    expect(asked('chat.delete')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Delete here' }));
    expect(asked('chat.delete')[0]?.args).toEqual({ id: 1 });
    act(() => fake.emit({ event: 'chat.gone', value: { contact: 1, id: 1 } }));
    expect(screen.queryByText('Words 1')).toBeNull();
  });

  it('says before deleting whether it stops a message', async () => {
    open([message(1, { isOwn: true, delivery: delivery('queued') })]);
    const user = userEvent.setup();
    const own = await screen.findByRole('group', { name: /You to Mara/ });
    act(() => own.focus());
    await user.keyboard('{Enter}');
    await user.click(await screen.findByRole('menuitem', { name: 'Delete here' }));
    expect(screen.getByText(/If it arrived, Mara keeps it/)).toBeDefined();
  });

  it('says that it is empty, unknown, or could not be read', async () => {
    open([]);
    expect(await screen.findByText(/No messages with Mara yet/)).toBeDefined();
    fake.answer('chat.page', () => {
      throw new CallError('store_failed', 'page: not read');
    });
    goTo('#/chat/2');
    expect(await screen.findByText('The messages could not be read.')).toBeDefined();
    fake.answer('chat.page', () => ({
      messages: [message(5)],
      hasBefore: false,
      hasAfter: false,
      firstUnread: null,
    }));
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Words 5')).toBeDefined();
    goTo('#/chat/77');
    expect(await screen.findByRole('heading', { name: 'This chat is not here' })).toBeDefined();
  });
});

describe('the composer', () => {
  it('has the focus, sends by Enter what was written, and empties itself', async () => {
    open([message(1)]);
    fake.answer('chat.send', ({ text }) =>
      message(2, { isOwn: true, text, delivery: delivery('queued') }),
    );
    const user = userEvent.setup();
    const field = await box();
    await waitFor(() => expect(document.activeElement).toBe(field));
    await user.keyboard('One{Shift>}{Enter}{/Shift}two {Enter}');
    expect(asked('chat.send').map(({ args }) => args)).toEqual([{ contact: 1, text: 'One\ntwo' }]);
    expect((field as HTMLTextAreaElement).value).toBe('');
    expect(await screen.findByText('Queued, leaves when it is its turn')).toBeDefined();
  });

  it('sends by Ctrl Enter alone where that is set', async () => {
    fake.answer('settings.get', () => ({ ...firstSettings, enterSends: false }));
    open([message(1)]);
    fake.answer('chat.send', ({ text }) => message(2, { isOwn: true, text }));
    const user = userEvent.setup();
    await user.click(await box());
    await screen.findByText('Ctrl Enter sends, Enter makes a new line');
    await user.keyboard('One{Enter}two');
    expect(asked('chat.send')).toEqual([]);
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(asked('chat.send')[0]?.args).toEqual({ contact: 1, text: 'One\ntwo' });
  });

  it('puts back what the engine did not take, and says why', async () => {
    open([message(1)]);
    fake.answer('chat.send', () => {
      throw new CallError('outbox_full', 'outbox: full');
    });
    const user = userEvent.setup();
    await user.type(await box(), 'Hello{Enter}');
    expect(await screen.findByText(/Too much waits to be sent already/)).toBeDefined();
    expect(((await box()) as HTMLTextAreaElement).value).toBe('Hello');
  });

  it('claims nothing of a message whose answer did not come', async () => {
    open([message(1)]);
    fake.answer('chat.send', () => {
      throw new CallError('engine_unavailable', 'the engine stopped');
    });
    await userEvent.type(await box(), 'Hello{Enter}');
    const told = await screen.findByRole('alert');
    expect(told.textContent).toMatch(/Perhaps sent.*before you send this again/);
    expect(told.textContent).not.toContain('Not sent');
    expect(((await box()) as HTMLTextAreaElement).value).toBe('Hello');
  });

  it('puts words back that are refused after it was left: as its draft, and says so', async () => {
    let draft = 'Hello';
    open([message(1)], { draft });
    let refuse = () => {};
    fake.answer(
      'chat.send',
      () =>
        new Promise<never>((_resolve, reject) => {
          refuse = () => reject(new CallError('store_full', 'the disk is full'));
        }),
    );
    fake.answer('conversation.draft', ({ text }) => {
      draft = text;
      return {};
    });
    fake.answer('conversation.get', () => conversation(1, 'Mara', { draft }));
    const user = userEvent.setup();
    await user.type(await box(), '{Enter}And one more');
    goTo('#/chat/2');
    await screen.findByRole('textbox', { name: 'Message to Tom' });
    await waitFor(() => expect(draft).toBe('And one more'));
    await act(async () => refuse());
    await waitFor(() => expect(draft).toBe('Hello\nAnd one more'));
    const told = conversation(1, 'Mara', { draft });
    act(() => fake.emit({ event: 'conversation', value: told }));
    await screen.findByText('Hello And one more');
    goTo('#/chat/1');
    expect(await screen.findByText(/The disk is full/)).toBeDefined();
    expect(((await box()) as HTMLTextAreaElement).value).toBe('Hello\nAnd one more');
  });

  it('begins with its draft, keeps it when typing rests and when the chat is left', async () => {
    open([message(1)], { draft: 'Or we' });
    const user = userEvent.setup();
    const field = await box();
    expect((field as HTMLTextAreaElement).value).toBe('Or we');
    await user.type(field, ' borrow');
    expect(asked('conversation.draft')).toEqual([]);
    await waitFor(() =>
      expect(asked('conversation.draft')[0]?.args).toEqual({ contact: 1, text: 'Or we borrow' }),
    );
    await user.type(field, ' it');
    goTo('#/chat/2');
    await waitFor(() =>
      expect(asked('conversation.draft')[1]?.args).toEqual({ contact: 1, text: 'Or we borrow it' }),
    );
  });

  it('waits for the whole of a draft of which the list has a part, and saves no part', async () => {
    const whole = 'word '.repeat(100);
    open([message(1)], { draft: whole.slice(0, PREVIEW_LENGTH_MAX) });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    fake.answer('conversation.get', async () => {
      await held;
      return conversation(1, 'Mara', { draft: whole });
    });
    const field = (await box()) as HTMLTextAreaElement;
    expect(field.readOnly).toBe(true);
    await act(async () => release());
    await waitFor(() => expect(field.value).toBe(whole));
    expect(field.readOnly).toBe(false);
    cleanup();
    expect(asked('conversation.draft')).toEqual([]);
  });

  it('counts bytes near the limit, and sends nothing beyond it', async () => {
    open([message(1)]);
    const field = await box();
    fireEvent.change(field, { target: { value: 'ö'.repeat(8_000) } });
    expect(screen.getByText('384 bytes left')).toBeDefined();
    fireEvent.change(field, { target: { value: 'ö'.repeat(8_193) } });
    expect(screen.getAllByText('2 bytes too long; send it in parts')).not.toEqual([]);
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(asked('chat.send')).toEqual([]);
  });

  it('gives way to what is so with a blocked or a requested contact', async () => {
    open([message(1)], { state: 'blocked' });
    fake.answer('contact.unblock', () => {
      throw new CallError('store_failed', 'contact: not written');
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Unblock' }));
    expect(asked('contact.unblock')[0]?.args).toEqual({ id: 1 });
    expect(await screen.findByText('The contact is still blocked.')).toBeDefined();
    const value = conversation(1, 'Mara', { state: 'requested' });
    act(() => fake.emit({ event: 'conversation', value }));
    expect(await screen.findByText(/as soon as it is accepted/)).toBeDefined();
    expect(screen.queryByRole('textbox', { name: 'Message to Mara' })).toBeNull();
  });
});

describe('requests', () => {
  const lena = { id: 4, name: 'Lena', pair: 1, arrivedUnixMs: 1, kind: 'invite' } as const;

  it('are accepted, declined and blocked, each explained', async () => {
    window.location.hash = '#/requests';
    open([]);
    fake.answer('request.decline', () => ({}));
    fake.answer('request.block', () => {
      throw new CallError('store_failed', 'request: not written');
    });
    const user = userEvent.setup();
    await screen.findByText('No requests');
    act(() => fake.emit({ event: 'requests', value: [lena, { ...lena, id: 5, name: 'Max' }] }));
    const first = screen.getByRole('listitem', { name: 'Lena' });
    expect(first.textContent).toContain('By a one-time invite of yours');
    expect(screen.getByText(/Nothing is sent; it may come again/)).toBeDefined();
    await user.click(within(first).getByRole('button', { name: 'Decline' }));
    expect(asked('request.decline')[0]?.args).toEqual({ id: 4 });
    const second = screen.getByRole('listitem', { name: 'Max' });
    await user.click(within(second).getByRole('button', { name: 'Block' }));
    expect(await within(second).findByText('That did not work.')).toBeDefined();
    fake.answer('request.accept', () => {
      throw new CallError('code_used', 'id: somebody came in by its invite');
    });
    await user.click(within(second).getByRole('button', { name: 'Accept' }));
    expect(await within(second).findByText('Somebody else came in by this invite.')).toBeDefined();
    act(() => fake.emit({ event: 'requests', value: [] }));
    expect(screen.getByText('No requests')).toBeDefined();
  });
});
