// New contact: codes are made, shown, copied and taken back; a pasted one is looked at and every
// refusal explained; a request is sent.
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallError } from '../../../renderer/api.ts';
import { App } from '../../../renderer/app.tsx';
import { refusalWords } from '../../../renderer/contact/refusal-words.ts';
import { openSession } from '../../../renderer/state/projection.ts';
import { speak } from '../../../renderer/strings/language.ts';
import { type CodeCheck, codeRefusals } from '../../../shared/api-people.ts';
import { type FakeApi, fakeApi } from '../support/fake-api.ts';
import { answerOpen, code, tomas } from '../support/people.ts';

let fake: FakeApi;
const open = () => render(<App session={openSession(fake.api)} />);
const callsOf = (name: string) => fake.calls.filter((call) => call.name === name);

beforeEach(() => {
  window.location.hash = '#/new';
  fake = fakeApi();
  answerOpen(fake);
  fake.answer('code.list', () => []);
});
afterEach(cleanup);

describe('inviting somebody', () => {
  const link = () => screen.getByLabelText<HTMLInputElement>('Link').value;

  it('makes an invite for as long as was chosen, and shows link and picture', async () => {
    const user = userEvent.setup();
    fake.answer('code.create', ({ kind }) => code({ kind, isReady: false }));
    open();
    await screen.findByText(/You have no open invite/);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Valid for' }), '1 day');
    await user.click(screen.getByRole('button', { name: 'Make an invite' }));
    expect(await screen.findByRole('img', { name: 'QR code of this invite' })).toBeDefined();
    expect(callsOf('code.create')[0]?.args).toEqual({ kind: 'invite', lifetimeMs: 86_400_000 });
    expect(link()).toBe(code().text);
    expect(screen.getByText(/Your provider learns of it first/)).toBeDefined();
  });

  it('says when the provider knows it, and when it was used', async () => {
    fake.answer('code.list', () => [code({ isReady: false })]);
    open();
    await screen.findByText(/Your provider learns of it first/);
    act(() => fake.emit({ event: 'code', value: code() }));
    expect(screen.getByText(/It can be used now/)).toBeDefined();
    act(() => fake.emit({ event: 'code', value: code({ state: 'used' }) }));
    await waitFor(() => expect(screen.queryByLabelText('Link')).toBeNull());
    expect(screen.getByText(/You have no open invite/)).toBeDefined();
  });

  it('copies the link and says where it lies', async () => {
    const user = userEvent.setup();
    fake.answer('code.list', () => [code()]);
    open();
    const [button] = await screen.findAllByRole('button', { name: 'Copy link' });
    if (button !== undefined) await user.click(button);
    expect(await screen.findByText(/lies on the clipboard/)).toBeDefined();
    expect(await navigator.clipboard.readText()).toBe(code().text);
  });

  it('takes one back after asking, and not without', async () => {
    const user = userEvent.setup();
    fake.answer('code.list', () => [code()]);
    fake.answer('code.withdraw', () => code({ state: 'withdrawn' }));
    open();
    await user.click(await screen.findByRole('button', { name: 'Withdraw' }));
    const dialog = within(screen.getByRole('dialog'));
    await user.click(dialog.getByRole('button', { name: 'Keep it' }));
    expect(callsOf('code.withdraw')).toHaveLength(0);
    await user.click(screen.getByRole('button', { name: 'Withdraw' }));
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Withdraw' }));
    expect(await screen.findByText('Withdrawn.')).toBeDefined();
    expect(callsOf('code.withdraw')).toHaveLength(1);
  });

  it('renews an address: a new one first, then the old one ends', async () => {
    const user = userEvent.setup();
    const old = code({ kind: 'address' });
    const fresh = code({ kind: 'address', id: '12'.repeat(16), text: 'eddy:c/new' });
    fake.answer('code.list', () => [old]);
    fake.answer('code.create', () => fresh);
    fake.answer('code.withdraw', () => ({ ...old, state: 'withdrawn' }));
    open();
    await user.click(await screen.findByRole('radio', { name: 'For many people' }));
    await user.click(screen.getByRole('button', { name: 'Renew' }));
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Renew' }));
    await waitFor(() => expect(link()).toBe('eddy:c/new'));
    const names = fake.calls.map(({ name }) => name);
    expect(names.indexOf('code.create')).toBeLessThan(names.indexOf('code.withdraw'));
  });

  it('says what to do where too many are open', async () => {
    const user = userEvent.setup();
    fake.answer('code.create', () => {
      throw new CallError('codes_full', 'at most 100');
    });
    open();
    await user.click(await screen.findByRole('button', { name: 'Make an invite' }));
    expect(await screen.findByText('Too many codes are open.')).toBeDefined();
  });
});

describe('a pasted code', () => {
  const refused = (reason: (typeof codeRefusals)[number]): CodeCheck => ({
    ok: false,
    reason,
    networkName: reason === 'foreign_network' ? 'Backwater' : null,
    expiresUnixMs: null,
    contact: reason === 'known' ? tomas.id : null,
  });
  const paste = async (text: string) => {
    const user = userEvent.setup();
    await user.click(await screen.findByRole('textbox', { name: 'Invite' }));
    await user.paste(text);
    return user;
  };

  const note = () => {
    const field = screen.getByRole('textbox', { name: 'Invite' });
    const id = field.getAttribute('aria-describedby')?.split(' ').at(-1) ?? '';
    return document.getElementById(id)?.textContent ?? '';
  };

  it('that is refused is marked, explained where its field says, and not sent', async () => {
    fake.answer('code.check', () => refused('truncated'));
    open();
    await paste('eddy:c/some thing');
    const field = screen.getByRole('textbox', { name: 'Invite' });
    await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
    expect(note()).toContain('This invite is cut off. 16 characters are here');
    expect(screen.queryByRole('button', { name: 'Send the request' })).toBeNull();
  });

  it.each(['en', 'de'] as const)('has words of its own for each refusal: %s', (language) => {
    const given = { length: 20, ownNetwork: 'Tideway' };
    const words = codeRefusals.map((reason) => {
      const refusal = refused(reason);
      return refusal.ok ? '' : refusalWords(speak(language), refusal, given);
    });
    expect(new Set(words).size).toBe(codeRefusals.length);
    for (const [index, said] of words.entries()) {
      expect(said).toMatch(/^\*\*.+\*\* .+/);
      expect(said).not.toMatch(/[{}]/);
      if (codeRefusals[index] === 'empty') continue;
      expect(said).toContain(language === 'en' ? 'Nothing was sent.' : 'Nichts wurde gesendet.');
    }
  });

  it('names both networks where it is for another', async () => {
    fake.answer('code.check', () => refused('foreign_network'));
    open();
    await paste('eddy:c/x');
    expect(await screen.findByText(/for the network “Backwater”/)).toBeDefined();
    expect(screen.getByText(/belongs to “Tideway”/)).toBeDefined();
  });

  it('leads to the chat with whoever is known already', async () => {
    fake.answer('code.check', () => refused('known'));
    open();
    await paste('eddy:c/x');
    const link = await screen.findByRole('link', { name: 'Open the chat' });
    expect(link.getAttribute('href')).toBe(`#/chat/${tomas.id}`);
  });

  it('that is whole is sent once, and then it is told what happens', async () => {
    fake.answer('code.check', () => ({
      ok: true,
      kind: 'invite',
      networkName: 'Tideway',
      expiresUnixMs: Date.UTC(2026, 10, 1),
      pair: 2,
    }));
    fake.answer('code.use', () => ({ ...tomas, state: 'requested' }));
    open();
    const user = await paste('eddy:c/whole');
    await user.click(await screen.findByRole('button', { name: 'Send the request' }));
    const title = await screen.findByRole('heading', { name: 'The request is on its way' });
    expect(document.activeElement).toBe(title);
    expect(callsOf('code.use')).toEqual([{ name: 'code.use', args: { text: 'eddy:c/whole' } }]);
    expect(screen.getByText(/waits there until it is accepted/)).toBeDefined();
    act(() => fake.emit({ event: 'contact', value: tomas }));
    expect(screen.getByText(/You and Tomás Rivera can write/)).toBeDefined();
  });

  it('is judged by its newest text alone', async () => {
    const answers: ((check: CodeCheck) => void)[] = [];
    fake.answer('code.check', () => new Promise((resolve) => answers.push(resolve)));
    open();
    const user = await paste('first');
    await waitFor(() => expect(answers).toHaveLength(1));
    await user.paste(' second');
    await waitFor(() => expect(answers).toHaveLength(2));
    act(() => answers[1]?.(refused('not_a_code')));
    expect(await screen.findByText('This is no Eddy invite.')).toBeDefined();
    act(() => answers[0]?.(refused('own')));
    await Promise.resolve();
    expect(screen.queryByText('This is your own invite.')).toBeNull();
  });
});
