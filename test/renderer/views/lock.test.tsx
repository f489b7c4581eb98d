// The lock: the passphrase goes out once, and stays nowhere in the page.
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { TipProvider } from '../../../renderer/ui/tip.tsx';
import { LockScreen } from '../../../renderer/views/lock.tsx';

afterEach(cleanup);

const lock = (state: 'rest' | 'working' | 'wrong', onUnlock: (passphrase: string) => void) => (
  <TipProvider>
    <LockScreen state={state} keychain="here" onUnlock={onUnlock} />
  </TipProvider>
);

it('hands the passphrase over once and empties the field', async () => {
  const unlock = vi.fn();
  render(lock('rest', unlock));
  const field = screen.getByLabelText('Passphrase');
  await userEvent.type(field, 'correct horse{Enter}');
  expect(unlock).toHaveBeenCalledExactlyOnceWith('correct horse');
  expect((field as HTMLInputElement).value).toBe('');
  expect(document.body.innerHTML).not.toContain('correct horse');
});

it('takes no second one while the first is checked, and says that it takes a second', async () => {
  const unlock = vi.fn();
  render(lock('working', unlock));
  await userEvent.type(screen.getByLabelText('Passphrase'), 'again{Enter}');
  expect(unlock).not.toHaveBeenCalled();
  expect(screen.getByText(/takes about a second/)).toBeDefined();
});

it('says that a passphrase was wrong, until the next is typed', async () => {
  render(lock('wrong', () => {}));
  expect(screen.getByText(/That is not the passphrase/)).toBeDefined();
  await userEvent.type(screen.getByLabelText('Passphrase'), 'x');
  expect(screen.queryByText(/That is not the passphrase/)).toBeNull();
});

it('shows the passphrase when asked to', async () => {
  render(lock('rest', () => {}));
  await userEvent.click(screen.getByRole('button', { name: 'Show the passphrase' }));
  expect(screen.getByLabelText('Passphrase').getAttribute('type')).toBe('text');
  expect(screen.getByRole('button', { name: 'Hide the passphrase' })).toBeDefined();
});
