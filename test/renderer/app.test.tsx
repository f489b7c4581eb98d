// The window as a person meets it: reads what the engine says, opens settings, changes theme and
// language, is told when the engine is in trouble.
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { App } from '../../renderer/app.tsx';
import { openSession } from '../../renderer/state/projection.ts';
import { SAID_MS_MIN } from '../../renderer/state/use-delayed.ts';
import type { EngineState } from '../../shared/api.ts';
import { type FakeApi, fakeApi, firstSettings } from './support/fake-api.ts';

let fake: FakeApi;
const open = () => render(<App session={openSession(fake.api)} />);
const engine = (state: EngineState['state'], reason: EngineState['reason'] = null) =>
  act(() => fake.emit({ event: 'engine', value: { state, reason } }));

beforeEach(() => {
  window.location.hash = '';
  fake = fakeApi();
});
afterEach(cleanup);

describe('the empty window', () => {
  it('says what runs, that there is no network, and where to go', async () => {
    open();
    const line = await screen.findByText(/Eddy 0\.1\.0, Node 24\.21\.0, crypto native/);
    expect(line).toBe(screen.getByTestId('about'));
    expect(screen.getByText('No network yet')).toBeDefined();
    expect(screen.getByRole('link', { name: 'Settings' })).toBeDefined();
    expect(screen.getByTestId('engine-notice').textContent).toBe('');
  });
});

describe('settings', () => {
  it('change theme and language at once, and what is shown is what was saved', async () => {
    const user = userEvent.setup();
    open();
    await user.click(screen.getByRole('link', { name: 'Settings' }));
    await user.click(await screen.findByRole('radio', { name: 'Dark' }));
    await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('dark'));
    expect(fake.calls).toContainEqual({ name: 'settings.set', args: { theme: 'dark' } });
    await user.selectOptions(screen.getByRole('combobox', { name: 'Language' }), 'de');
    expect(await screen.findByRole('heading', { name: 'Darstellung' })).toBeDefined();
    expect(document.documentElement.lang).toBe('de');
    expect(document.documentElement.dir).toBe('ltr');
  });

  it('follow what another window has changed', async () => {
    open();
    await screen.findByText(/crypto native/);
    const value = { ...firstSettings, theme: 'light', language: 'de', sidebarWidth: 300 };
    act(() => fake.emit({ event: 'settings', value }));
    expect(screen.getByText('Noch kein Netzwerk')).toBeDefined();
    expect(document.documentElement.dataset['theme']).toBe('light');
  });

  it('say when the engine did not take a change, and show the old one', async () => {
    const user = userEvent.setup();
    window.location.hash = '#/settings/appearance';
    open();
    const dark = await screen.findByRole('radio', { name: 'Dark' });
    fake.refuse();
    await user.click(dark);
    expect(await screen.findByText('The setting was not saved.')).toBeDefined();
    expect((dark as HTMLInputElement).checked).toBe(false);
  });

  it('lead back by Escape, section by section', async () => {
    const user = userEvent.setup();
    window.location.hash = '#/settings/about';
    open();
    await user.click(await screen.findByRole('heading', { name: 'About Eddy' }));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(window.location.hash).toBe('#/settings'));
    await user.keyboard('{Escape}');
    expect(await screen.findByRole('heading', { name: 'Nothing is open' })).toBeDefined();
  });

  it('have one tab stop for their sections, and arrow keys inside', async () => {
    const user = userEvent.setup();
    window.location.hash = '#/settings/appearance';
    open();
    const sections = within(
      await screen.findByRole('navigation', { name: 'Sections of the settings' }),
    );
    sections.getByRole('link', { name: 'Appearance' }).focus();
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(sections.getByRole('link', { name: 'Privacy' }));
  });
});

describe('the width of the list', () => {
  it('is moved by keys, told to a screen reader, and saved', async () => {
    const user = userEvent.setup();
    open();
    const edge = await screen.findByRole('separator', { name: 'Width of the list' });
    edge.focus();
    await user.keyboard('{ArrowRight}');
    expect(edge.getAttribute('aria-valuenow')).toBe('330');
    expect(edge.getAttribute('aria-valuetext')).toBe('330 pixels');
    expect(fake.calls).toContainEqual({ name: 'settings.set', args: { sidebarWidth: 330 } });
  });
});

describe('the notice above the list', () => {
  const notice = () => screen.getByTestId('engine-notice');

  it('says that the engine stopped and starts again, and is gone when it runs', async () => {
    open();
    await screen.findByText(/crypto native/);
    engine('restarting', 'stopped');
    expect(notice().textContent).toContain('stopped and is starting again');
    expect(notice().getAttribute('role')).toBe('status');
    engine('running');
    await waitFor(() => expect(notice().textContent).toBe(''), { timeout: 2 * SAID_MS_MIN });
  });

  it.each([
    ['profile_in_use', 'Close the other one'],
    ['store_newer', 'Start that version'],
    ['store_damaged', 'It was kept as it is'],
    ['store_key', 'Put back the key file'],
    ['store_access', 'Check who owns its folder'],
    ['store_full', 'Free some space'],
    ['store_migration', 'Nothing was changed'],
    ['other_network', 'another profile for this one'],
    ['bad_network', 'link or file again'],
    ['stopped', 'Close Eddy and start it anew'],
    ['internal', 'its log names the cause'],
  ] as const)('names what failed and what to do: %s', async (reason, remedy) => {
    open();
    await screen.findByText(/crypto native/);
    engine('failed', reason);
    expect(notice().textContent).toContain(remedy);
  });

  it('says that the connection is lost, long enough to be read', async () => {
    open();
    await screen.findByText(/crypto native/);
    act(() => fake.connect('lost'));
    expect(notice().textContent).toContain('connection to Eddy is lost');
    act(() => fake.connect('open'));
    engine('running');
    expect(notice().textContent).toContain('connection to Eddy is lost');
    await waitFor(() => expect(notice().textContent).toBe(''), { timeout: 2 * SAID_MS_MIN });
  });

  it('says nothing of a start that takes a moment', async () => {
    open();
    engine('starting');
    await screen.findByText(/crypto native/);
    expect(notice().textContent).toBe('');
  });
});

describe('a profile that could not be opened', () => {
  it('is not said to have no conversations', async () => {
    fake.refuse();
    open();
    engine('failed', 'store_key');
    expect(await screen.findByRole('heading', { name: 'Your profile is not open' })).toBeDefined();
    expect(screen.queryByText(/No conversations yet/)).toBeNull();
    expect(screen.queryByText(/Eddy runs on this computer/)).toBeNull();
  });
});
