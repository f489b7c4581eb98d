// A view that throws: what happened is shown, and both ways back work.
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FaultBoundary } from '../../../renderer/views/fault.tsx';

let broken = true;
function Sometimes() {
  if (broken) throw new Error('must hold: a row has a name');
  return <p>All is well</p>;
}

beforeEach(() => {
  broken = true;
  // React tells the console of a fault that a boundary caught; it is the one this test makes.
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it('shows what happened and loads the window again', async () => {
  const reload = vi.fn();
  render(
    <FaultBoundary onReload={reload}>
      <Sometimes />
    </FaultBoundary>,
  );
  expect(screen.getByRole('alert').textContent).toContain('must hold: a row has a name');
  await userEvent.click(screen.getByRole('button', { name: 'Load again' }));
  expect(reload).toHaveBeenCalledOnce();
});

it('goes back to the start without loading', async () => {
  window.location.hash = '#/settings/about';
  render(
    <FaultBoundary>
      <Sometimes />
    </FaultBoundary>,
  );
  broken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Back to the start' }));
  expect(screen.getByText('All is well')).toBeDefined();
  expect(window.location.hash).toBe('#/');
});
