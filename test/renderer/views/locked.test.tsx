// The lock, wired: nothing of the profile stays in the window; the passphrase crosses once; an
// activity is told now and then; the key for it locks.
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallError } from '../../../renderer/api.ts';
import { App } from '../../../renderer/app.tsx';
import { openSession, type Session } from '../../../renderer/state/projection.ts';
import { ACTIVITY_MS_MIN, watchActivity } from '../../../renderer/state/use-presence.ts';
import type { Lock } from '../../../shared/api-profile.ts';
import { type FakeApi, fakeApi, firstSettings } from '../support/fake-api.ts';
import { pathTo } from '../support/heap.ts';
import { answerOpen, lena, openLock, tomas } from '../support/people.ts';

const open: Lock = { ...openLock, hasPassphrase: true };
const locked: Lock = { ...open, state: 'locked' };
let fake: FakeApi;
let session: Session;
const show = () => {
  session = openSession(fake.api);
  return render(<App session={session} />);
};
const tell = (lock: Lock) => act(() => fake.emit({ event: 'lock', value: lock }));
const argsOf = (name: string) => fake.calls.filter((call) => call.name === name).map((c) => c.args);

beforeEach(() => {
  window.location.hash = '';
  fake = fakeApi();
  answerOpen(fake);
  fake.answer('lock.get', () => open);
  fake.answer('profile.get', () => ({ ...lena, name: 'Lena Unmistakable' }));
  fake.answer('contact.list', () => [tomas]);
  fake.answer('contact.get', () => tomas);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a window that is locked', () => {
  it('shows nothing of the profile and keeps nothing of it', async () => {
    window.location.hash = '#/settings/profile';
    show();
    expect(await screen.findByDisplayValue('Lena Unmistakable')).toBeDefined();
    expect(pathTo([document, session.store.get()], 'Unmistakable')).not.toBeNull();
    fake.answer('profile.get', () => {
      throw new CallError('locked', '');
    });
    tell(locked);
    expect(await screen.findByRole('heading', { name: 'Eddy is locked' })).toBeDefined();
    expect(document.activeElement).toBe(screen.getByLabelText('Passphrase'));
    expect(document.body.innerHTML).not.toContain('Unmistakable');
    expect(JSON.stringify(session.store.get())).not.toContain('Unmistakable');
  });

  it('opens by the passphrase, asks for everything anew, and is back where it was', async () => {
    window.location.hash = '#/settings/profile';
    fake.answer('lock.get', () => locked);
    fake.answer('lock.unlock', () => {
      fake.answer('lock.get', () => open);
      fake.emit({ event: 'lock', value: open });
      return open;
    });
    show();
    await userEvent.type(await screen.findByLabelText('Passphrase'), 'six good words{Enter}');
    expect(await screen.findByDisplayValue('Lena Unmistakable')).toBeDefined();
    expect(argsOf('lock.unlock')).toEqual([{ passphrase: 'six good words' }]);
    fake.calls.length = 0;
    expect(pathTo([document, session.store.get()], 'six good words')).toBeNull();
  });

  it('says that it was wrong, or what else the engine says', async () => {
    fake.answer('lock.get', () => locked);
    let code: 'wrong_passphrase' | 'busy' = 'wrong_passphrase';
    fake.answer('lock.unlock', () => {
      throw new CallError(code, '');
    });
    show();
    const field = await screen.findByLabelText<HTMLInputElement>('Passphrase');
    await userEvent.type(field, 'guess{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('not the passphrase');
    expect(field.value).toBe('');
    code = 'busy';
    await userEvent.type(field, 'guess{Enter}');
    await waitFor(() =>
      expect(screen.getByRole('alert').textContent).toContain('too much to do at once'),
    );
  });

  it('says how many have arrived since', async () => {
    fake.answer('lock.get', () => locked);
    show();
    await screen.findByText('Messages keep arriving unseen.');
    tell({ ...locked, spooled: 3 });
    expect(screen.getByText(/3 since it was locked/)).toBeDefined();
  });
});

describe('a profile that takes no passphrase', () => {
  const kept: Lock = { ...locked, hasPassphrase: false, wasGivenToKeychain: true };

  it('says who has its key and what to do, and asks for no passphrase', async () => {
    fake.answer('lock.get', () => kept);
    let code: 'no_keychain' | 'keychain_refused' = 'no_keychain';
    fake.answer('lock.again', () => {
      throw new CallError(code, '');
    });
    show();
    await screen.findByText(/is in this computer’s keychain/);
    expect(screen.queryByLabelText('Passphrase')).toBeNull();
    expect(document.body.textContent).not.toContain('assphrase');
    const again = screen.getByRole('button', { name: 'Try again' });
    expect(document.activeElement).toBe(again);
    await userEvent.keyboard('{Enter}');
    await screen.findByText('No keychain can be reached from here.');
    code = 'keychain_refused';
    await userEvent.click(again);
    await screen.findByText('The keychain gave no key.');
  });

  it('opens once the keychain gives the key', async () => {
    fake.answer('lock.get', () => kept);
    fake.answer('lock.again', () => {
      fake.answer('lock.get', () => open);
      fake.emit({ event: 'lock', value: open });
      return open;
    });
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByText('Eddy is locked')).toBeNull());
  });
});

describe('the key for it', () => {
  it('locks; without a passphrase it leads to where one is set', async () => {
    fake.answer('lock.now', () => {
      fake.emit({ event: 'lock', value: locked });
      return locked;
    });
    show();
    await waitFor(() => expect(session.store.get().lock).toEqual(open));
    tell({ ...open, hasPassphrase: false });
    fireEvent.keyDown(document, { key: 'l', ctrlKey: true });
    await waitFor(() => expect(window.location.hash).toBe('#/settings/privacy'));
    expect(argsOf('lock.now')).toEqual([]);
    tell(open);
    fireEvent.keyDown(document, { key: 'l', metaKey: true });
    expect(await screen.findByRole('heading', { name: 'Eddy is locked' })).toBeDefined();
  });
});

describe('a lock that did not work', () => {
  it('is told above the list, and can be tried again there', async () => {
    show();
    await waitFor(() => expect(session.store.get().lock).toEqual(open));
    expect(screen.queryByRole('alert')).toBeNull();
    const failed: Lock = { ...open, hasLockFailed: true };
    fake.answer('lock.get', () => failed);
    fake.answer('lock.now', () => {
      fake.emit({ event: 'lock', value: locked });
      fake.emit({ event: 'lock', value: failed });
      throw new CallError('store_full', '');
    });
    fireEvent.keyDown(document, { key: 'l', ctrlKey: true });
    const told = await screen.findByRole('alert');
    expect(told.textContent).toContain('Eddy could not be locked.');
    fake.answer('lock.now', () => {
      fake.emit({ event: 'lock', value: locked });
      return locked;
    });
    fireEvent.click(screen.getByRole('button', { name: 'Lock now' }));
    expect(await screen.findByRole('heading', { name: 'Eddy is locked' })).toBeDefined();
  });
});

describe('its user being there', () => {
  it('is told at the first sign, then at most every half minute', () => {
    vi.useFakeTimers();
    const target = new EventTarget();
    const told = vi.fn();
    const end = watchActivity(target, told);
    const type = () => target.dispatchEvent(new Event('keydown'));
    type();
    type();
    expect(told).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(ACTIVITY_MS_MIN - 1);
    type();
    expect(told).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(told).toHaveBeenCalledTimes(1);
    type();
    expect(told).toHaveBeenCalledTimes(2);
    end();
    vi.advanceTimersByTime(ACTIVITY_MS_MIN);
    type();
    expect(told).toHaveBeenCalledTimes(2);
  });

  it('is told only where the lock waits for it', async () => {
    fake.answer('lock.activity', () => ({}));
    show();
    await waitFor(() => expect(session.store.get().lock).toEqual(open));
    fireEvent.keyDown(document, { key: 'a' });
    expect(argsOf('lock.activity')).toEqual([]);
    act(() => fake.emit({ event: 'settings', value: { ...firstSettings, autoLockMinutes: 5 } }));
    fireEvent.keyDown(document, { key: 'a' });
    expect(argsOf('lock.activity')).toEqual([{}]);
  });
});
