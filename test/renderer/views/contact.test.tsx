// A contact: the safety number is compared, a name given, the encryption renewed, and what cannot
// be undone is asked first.
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { App } from '../../../renderer/app.tsx';
import { openSession } from '../../../renderer/state/projection.ts';
import type { Contact } from '../../../shared/api-people.ts';
import { type FakeApi, fakeApi } from '../support/fake-api.ts';
import { answerOpen, tomas } from '../support/people.ts';

const DIGITS = '048175239011846739256027839514880622571347609913580642784153';
let fake: FakeApi;
let contact: Contact;
const open = () => render(<App session={openSession(fake.api)} />);
const callsOf = (name: string) => fake.calls.filter((call) => call.name === name);

beforeEach(() => {
  window.location.hash = `#/contact/${tomas.id}`;
  contact = tomas;
  fake = fakeApi();
  answerOpen(fake);
  fake.answer('contact.list', () => [contact]);
  fake.answer('contact.get', () => contact);
  fake.answer('contact.safety', () => ({ digits: DIGITS, scan: 'eddy:s/abc' }));
  fake.answer('contact.verify', ({ isVerified }) => {
    const verifiedUnixMs = isVerified ? Date.UTC(2026, 10, 3) : null;
    contact = { ...contact, verifiedUnixMs, keysChange: null };
    return contact;
  });
  fake.answer('contact.set', ({ alias, tellsRead }) => {
    contact = {
      ...contact,
      alias: alias ?? null,
      name: alias ?? contact.theirName,
      tellsRead: tellsRead ?? contact.tellsRead,
    };
    return contact;
  });
  fake.answer('contact.block', () => (contact = { ...contact, state: 'blocked' }));
  fake.answer('contact.unblock', () => (contact = { ...contact, state: 'accepted' }));
  fake.answer('contact.remove', () => ({}));
  fake.answer('contact.reset', () => ({}));
});
afterEach(cleanup);

describe('the safety number', () => {
  it('is marked as verified when its user says that it matches, and not verified after all', async () => {
    const user = userEvent.setup();
    open();
    const numbers = await screen.findByRole('list', { name: 'Safety number' });
    expect(within(numbers).getAllByRole('listitem')).toHaveLength(12);
    expect(screen.getByText('not verified yet')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'They match' }));
    expect(await screen.findByText(/^verified .*2026$/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Not verified after all' }));
    expect(await screen.findByText('not verified yet')).toBeDefined();
  });

  it('that differs leads to a warning and marks nobody', async () => {
    const user = userEvent.setup();
    open();
    await user.click(await screen.findByRole('button', { name: 'They differ' }));
    expect(screen.getByText('Then do not write anything secret.')).toBeDefined();
    expect(callsOf('contact.verify')).toHaveLength(0);
  });

  it('says that the keys changed since it was verified, until it is compared again', async () => {
    contact = { ...tomas, verifiedUnixMs: Date.UTC(2026, 10, 3) };
    const user = userEvent.setup();
    open();
    expect(await screen.findByText(/^verified /)).toBeDefined();
    const keysChange = { atUnixMs: Date.UTC(2026, 10, 4), wasVerified: true };
    contact = { ...contact, verifiedUnixMs: null, keysChange };
    act(() => fake.emit({ event: 'contact', value: contact }));
    expect(await screen.findByText('changed since verified')).toBeDefined();
    expect(screen.getByText(/have changed since you verified them/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'They match' }));
    await waitFor(() => expect(screen.queryByText('changed since verified')).toBeNull());
    expect(screen.queryByText(/have changed/)).toBeNull();
  });

  it('says of somebody who never was verified only that the keys changed', async () => {
    contact = { ...tomas, keysChange: { atUnixMs: Date.UTC(2026, 10, 4), wasVerified: false } };
    open();
    expect(await screen.findByText('The keys of Tomás Rivera have changed.')).toBeDefined();
    expect(screen.getByText('not verified yet')).toBeDefined();
    expect(screen.queryByText(/since (you )?verified/)).toBeNull();
  });

  it('is copied in groups', async () => {
    const user = userEvent.setup();
    open();
    await user.click(await screen.findByRole('button', { name: 'Copy number' }));
    expect(await screen.findByText(/number lies on the clipboard/)).toBeDefined();
    expect(await navigator.clipboard.readText()).toMatch(/^(\d{5} ){11}\d{5}$/);
  });

  it('is not there before the request is accepted', async () => {
    contact = { ...tomas, state: 'requested' };
    open();
    expect(await screen.findByText('asked, not accepted yet')).toBeDefined();
    expect(screen.queryByRole('list', { name: 'Safety number' })).toBeNull();
    expect(callsOf('contact.safety')).toHaveLength(0);
    expect(screen.getByText('The request waits for them.')).toBeDefined();
  });

  it('is not there either where nobody answered, which is said with what to do', async () => {
    contact = { ...tomas, state: 'requested', isUnanswered: true };
    open();
    expect(await screen.findByText(/remove this contact and use a new code/)).toBeDefined();
    expect(screen.queryByText('The request waits for them.')).toBeNull();
  });
});

describe('what can be done', () => {
  it('gives a name of the own, and takes it away where it is emptied', async () => {
    const user = userEvent.setup();
    open();
    await user.click(await screen.findByRole('button', { name: 'Rename' }));
    const field = screen.getByRole('textbox', { name: 'Your name for them' });
    expect(document.activeElement).toBe(field);
    await user.clear(field);
    await user.type(field, 'Tom{Enter}');
    expect(await screen.findByRole('heading', { name: 'Tom' })).toBeDefined();
    expect(screen.getByText(/Calls themselves Tomás Rivera/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Rename' }));
    await user.clear(screen.getByRole('textbox', { name: 'Your name for them' }));
    await user.keyboard('{Enter}');
    await waitFor(() =>
      expect(callsOf('contact.set').at(-1)?.args).toEqual({ id: 7, alias: null }),
    );
  });

  it('renews the encryption only after it was explained', async () => {
    const user = userEvent.setup();
    open();
    await user.click(await screen.findByRole('button', { name: 'Renew' }));
    expect(callsOf('contact.reset')).toHaveLength(0);
    expect(screen.getByText(/may be lost/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Renew it now' }));
    await waitFor(() => expect(callsOf('contact.reset')).toHaveLength(1));
    expect(await screen.findAllByText(/is being renewed/)).not.toHaveLength(0);
  });

  it('blocks and unblocks at once, since that can be undone', async () => {
    const user = userEvent.setup();
    open();
    await user.click(await screen.findByRole('button', { name: 'Block' }));
    expect(await screen.findByText('blocked')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Unblock' }));
    await waitFor(() => expect(screen.queryByText('blocked')).toBeNull());
  });

  it('removes after asking, and leaves the page', async () => {
    const user = userEvent.setup();
    open();
    await user.click(await screen.findByRole('button', { name: 'Remove' }));
    const dialog = within(screen.getByRole('dialog'));
    expect(callsOf('contact.remove')).toHaveLength(0);
    await user.click(dialog.getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(window.location.hash).toBe('#/'));
    expect(callsOf('contact.remove')).toHaveLength(1);
  });

  it('says that a contact was removed in another window', async () => {
    open();
    await screen.findByRole('heading', { name: 'Tomás Rivera' });
    fake.answer('contact.get', () => null);
    fake.answer('contact.list', () => []);
    act(() => fake.emit({ event: 'contact.gone', value: { id: tomas.id } }));
    expect(await screen.findByRole('heading', { name: 'This contact is not there' })).toBeDefined();
  });
});
