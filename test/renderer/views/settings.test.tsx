// Settings of profile, privacy and storage: what is set goes to the engine, what it refuses is said
// in words, and a passphrase is in one call and nowhere else.
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallError } from '../../../renderer/api.ts';
import { App } from '../../../renderer/app.tsx';
import { openSession, type Session } from '../../../renderer/state/projection.ts';
import type { Lock, Profile } from '../../../shared/api-profile.ts';
import { type FakeApi, fakeApi } from '../support/fake-api.ts';
import { pathTo } from '../support/heap.ts';
import { answerOpen, lena, openLock } from '../support/people.ts';

const SECRET = 'correct horse battery staple';
let fake: FakeApi;
let session: Session;
const open = (section: string) => {
  window.location.hash = `#/settings/${section}`;
  session = openSession(fake.api);
  return render(<App session={session} />);
};
const argsOf = (name: string) => fake.calls.filter((call) => call.name === name).map((c) => c.args);
const tell = (lock: Lock) => act(() => fake.emit({ event: 'lock', value: lock }));

beforeEach(() => {
  fake = fakeApi();
  answerOpen(fake);
});
afterEach(cleanup);

describe('the passphrase', () => {
  const withPassphrase: Lock = { ...openLock, hasPassphrase: true };
  const fill = async (label: string, text: string) =>
    userEvent.type(screen.getByLabelText(label), text);

  it('goes out in one call, and is in no field, state or property afterwards', async () => {
    fake.answer('lock.setPassphrase', () => withPassphrase);
    open('privacy');
    await userEvent.click(await screen.findByRole('button', { name: 'Set' }));
    await fill('New passphrase', SECRET);
    await fill('The same once more', SECRET);
    await userEvent.click(screen.getByRole('button', { name: 'Set' }));
    await screen.findByText('The passphrase is set.');
    expect(argsOf('lock.setPassphrase')).toEqual([{ current: null, next: SECRET }]);
    tell(withPassphrase);
    expect(await screen.findByText(/Eddy asks for it at every start/)).toBeDefined();
    // The calls that the test itself has kept are not the window's.
    fake.calls.length = 0;
    expect(pathTo([document, session.store.get()], SECRET)).toBeNull();
  });

  it('is found by that search where a view does keep it', async () => {
    const kept = { state: [{ typed: SECRET }] };
    expect(pathTo([document, kept], SECRET)).toBe('1.state.0.typed');
    const field = document.createElement('input');
    document.body.append(field);
    field.value = SECRET;
    expect(pathTo([document], SECRET)).not.toBeNull();
    field.remove();
  });

  it('is not sent where the two differ, and both fields are empty again', async () => {
    open('privacy');
    await userEvent.click(await screen.findByRole('button', { name: 'Set' }));
    await fill('New passphrase', SECRET);
    await fill('The same once more', 'another');
    await userEvent.click(screen.getByRole('button', { name: 'Set' }));
    expect(screen.getByText(/The two are not the same/)).toBeDefined();
    expect(argsOf('lock.setPassphrase')).toEqual([]);
    expect(screen.getByLabelText<HTMLInputElement>('New passphrase').value).toBe('');
  });

  it('is told to be short by its length, and never to be good', async () => {
    open('privacy');
    await userEvent.click(await screen.findByRole('button', { name: 'Set' }));
    await fill('New passphrase', 'abc');
    expect(screen.getByText(/3 characters\. Somebody with a copy/)).toBeDefined();
    await fill('New passphrase', SECRET);
    expect(screen.getByText(/No meter can tell/)).toBeDefined();
  });

  it('is changed and removed with the old one, which may be wrong', async () => {
    fake.answer('lock.get', () => withPassphrase);
    fake.answer('lock.setPassphrase', () => {
      throw new CallError('wrong_passphrase', '');
    });
    open('privacy');
    await userEvent.click(await screen.findByRole('button', { name: 'Remove' }));
    await fill('Passphrase so far', 'old');
    await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
    expect(await screen.findByText('That is not the passphrase.')).toBeDefined();
    expect(argsOf('lock.setPassphrase')).toEqual([{ current: 'old', next: null }]);
  });
});

describe('strangers who are blocked', () => {
  const eve = { id: 3, name: 'Eve', pair: 2, sinceUnixMs: Date.UTC(2026, 10, 3) };

  it('are listed with a way back, and nobody is where there is none', async () => {
    fake.answer('request.blocked', () => [{ ...eve, id: 4, name: '' }, eve]);
    fake.answer('request.unblock', () => ({}));
    open('privacy');
    const row = await screen.findByRole('listitem', { name: 'Eve' });
    expect(row.textContent).toMatch(/Blocked .*2026/);
    await userEvent.click(within(row).getByRole('button', { name: 'Unblock' }));
    expect(await screen.findByText('Eve is not blocked any more.')).toBeDefined();
    expect(argsOf('request.unblock')).toEqual([{ id: 3 }]);
    expect(screen.queryByRole('listitem', { name: 'Eve' })).toBeNull();
    const nameless = screen.getByRole('listitem', { name: 'No name known' });
    await userEvent.click(within(nameless).getByRole('button', { name: 'Unblock' }));
    expect(await screen.findByText('Nobody is blocked.')).toBeDefined();
  });

  it('stay listed where the engine refused, which is said', async () => {
    fake.answer('request.blocked', () => [eve]);
    fake.answer('request.unblock', () => {
      throw new CallError('store_failed', '');
    });
    open('privacy');
    await userEvent.click(await screen.findByRole('button', { name: 'Unblock' }));
    expect(await screen.findByText('The disk did not take it.')).toBeDefined();
    expect(screen.getByRole('listitem', { name: 'Eve' })).toBeDefined();
  });
});

describe('privacy', () => {
  it('locks only where there is something to unlock with', async () => {
    fake.answer('lock.now', () => ({ ...openLock, hasPassphrase: true, state: 'locked' }));
    open('privacy');
    await userEvent.click(await screen.findByRole('button', { name: 'Lock now' }));
    expect(argsOf('lock.now')).toEqual([]);
    tell({ ...openLock, hasPassphrase: true });
    await userEvent.click(screen.getByRole('button', { name: 'Lock now' }));
    expect(argsOf('lock.now')).toHaveLength(1);
  });

  it('offers the keychain where there is one', async () => {
    open('privacy');
    await screen.findByRole('heading', { name: 'Privacy' });
    expect(screen.queryByRole('switch', { name: /keychain/ })).toBeNull();
    fake.answer('lock.setKeychain', () => ({ ...openLock, hasKeychain: true }));
    tell({ ...openLock, hasPassphrase: true, hasKeychain: false });
    await userEvent.click(await screen.findByRole('switch', { name: /keychain/ }));
    expect(argsOf('lock.setKeychain')).toEqual([{ isOn: true }]);
  });

  it('says before it is turned on that the keychain alone would open the profile', async () => {
    open('privacy');
    await screen.findByRole('heading', { name: 'Privacy' });
    fake.answer('lock.setKeychain', () => ({ ...openLock, hasKeychain: true }));
    tell({ ...openLock, hasKeychain: false });
    const keychain = await screen.findByRole('switch', { name: /keychain/ });
    const ids = keychain.getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(ids)?.textContent).toContain('Set a passphrase first');
    await userEvent.click(keychain);
    expect(argsOf('lock.setKeychain')).toEqual([]);
    expect(screen.getByRole('alert').textContent).toContain('only this computer’s keychain opens');
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.queryByText(/A browser cannot reach it/)).toBeNull();
    await userEvent.click(keychain);
    await userEvent.click(screen.getByRole('button', { name: 'Use the keychain alone' }));
    expect(argsOf('lock.setKeychain')).toEqual([{ isOn: true }]);
    tell({ ...openLock, hasKeychain: true, wasGivenToKeychain: true });
    expect(screen.getByText(/^Not set. Only this computer’s keychain opens/)).toBeDefined();
  });

  it('sets whether contacts are told what was read, off at first', async () => {
    open('privacy');
    const tells = await screen.findByRole<HTMLInputElement>('switch', { name: /have read/ });
    expect(tells.checked).toBe(false);
    await userEvent.click(tells);
    expect(argsOf('settings.set')).toContainEqual({ tellsRead: true });
    await waitFor(() => expect(tells.checked).toBe(true));
  });
});

describe('the profile', () => {
  it('takes another name, and says why it did not', async () => {
    let profile: Profile = lena;
    fake.answer('profile.set', ({ name }) => {
      if (name === 'bad') throw new CallError('bad_name', '');
      profile = { ...profile, name: name ?? profile.name };
      fake.emit({ event: 'profile', value: profile });
      return profile;
    });
    open('profile');
    const field = await screen.findByRole('textbox', { name: 'Name' });
    await userEvent.clear(field);
    await userEvent.type(field, 'bad{Enter}');
    expect(await screen.findByText(/This name cannot be used/)).toBeDefined();
    await userEvent.clear(field);
    await userEvent.type(field, 'Lena M{Enter}');
    await waitFor(() => expect(argsOf('profile.set').at(-1)).toEqual({ name: 'Lena M' }));
    await waitFor(() => expect(session.store.get().profile?.name).toBe('Lena M'));
  });
});

describe('storage', () => {
  it('tells sizes and counts, and what encrypting anew does while it does it', async () => {
    fake.answer('storage.get', () => ({
      fileBytes: 5_345_280,
      messages: 1_250,
      contacts: 12,
      backups: { count: 0, bytes: 0 },
      lastCheck: null,
    }));
    let finish = () => {};
    fake.answer('storage.rekey', () => new Promise((resolve) => (finish = () => resolve({}))));
    open('storage');
    expect(await screen.findByText('5.35 MB')).toBeDefined();
    expect(screen.getByText('1,250')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Encrypt anew' }));
    expect(screen.getByText(/Writing 5.35 MB anew/)).toBeDefined();
    await act(async () => finish());
    expect(await screen.findByText(/encrypted under a new key/)).toBeDefined();
  });
});
