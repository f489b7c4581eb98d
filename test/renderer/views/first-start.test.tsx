// The first start, fed by an engine: it never waits for what starts, a network can be joined, and
// what is wrong with its link is explained.
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CallError } from '../../../renderer/api.ts';
import { App } from '../../../renderer/app.tsx';
import { openSession } from '../../../renderer/state/projection.ts';
import type { Demo, Profile } from '../../../shared/api-profile.ts';
import { type FakeApi, fakeApi } from '../support/fake-api.ts';
import { answerOpen, lena } from '../support/people.ts';

const unmade: Profile = { name: null, avatar: null, createdUnixMs: null, network: null };
const kinds = ['authority', 'mix', 'mix', 'provider'] as const;
const demo = (ready: number, state: Demo['state'] = 'starting'): Demo => ({
  state,
  nodes: kinds.map((kind, index) => ({
    name: `node ${index}`,
    kind,
    layer: kind === 'mix' ? index : null,
    isReady: index < ready,
  })),
  hasCorrespondent: state === 'ready',
});
let fake: FakeApi;
const open = () => render(<App session={openSession(fake.api)} />);
const argsOf = (name: string) => fake.calls.filter((call) => call.name === name).map((c) => c.args);
const steps = () => screen.getAllByRole('listitem').map((item) => item.textContent ?? '');

beforeEach(() => {
  window.location.hash = '';
  fake = fakeApi();
  answerOpen(fake);
  fake.answer('profile.get', () => unmade);
  fake.answer('demo.get', () => demo(0));
});
afterEach(cleanup);

it('tells what starts, node by node, while the name is typed, and does not disturb it', async () => {
  open();
  const field = await screen.findByRole('textbox', { name: 'What should people call you?' });
  expect(document.activeElement).toBe(field);
  await userEvent.type(field, 'Le');
  expect(steps()[0]).toContain('0 of 1 authority runs');
  act(() => fake.emit({ event: 'demo', value: demo(3) }));
  expect(steps()[0]).toContain('done');
  expect(steps()[1]).toContain('2 of 2 mixes and 0 of 1 providers are up');
  expect(steps()[1]).toContain('under way');
  await userEvent.type(field, 'na');
  expect((field as HTMLInputElement).value).toBe('Lena');
  act(() => fake.emit({ event: 'demo', value: demo(4, 'ready') }));
  expect(screen.getByText('The network is ready.')).toBeDefined();
});

it('makes the profile before the network is up, and goes on at once', async () => {
  fake.answer('profile.create', ({ name }) => {
    const made = { ...lena, name };
    fake.emit({ event: 'profile', value: made });
    return made;
  });
  open();
  const field = await screen.findByRole('textbox', { name: 'What should people call you?' });
  await userEvent.type(field, ' Lena {Enter}');
  await waitFor(() => expect(screen.queryByRole('textbox', { name: /call you/ })).toBeNull());
  expect(argsOf('profile.create')).toEqual([{ name: 'Lena', avatar: null }]);
});

it('says why a name was not taken', async () => {
  fake.answer('profile.create', () => {
    throw new CallError('bad_name', '');
  });
  open();
  await userEvent.type(await screen.findByRole('textbox'), 'x{Enter}');
  expect(await screen.findByText(/This name cannot be used/)).toBeDefined();
});

it('says that the demo network did not start, and still goes on', async () => {
  fake.answer('demo.get', () => demo(1, 'failed'));
  open();
  expect(await screen.findByText('The small network did not start.')).toBeDefined();
  await userEvent.type(screen.getByRole('textbox'), 'Lena');
  expect(screen.getByRole('button', { name: 'Continue' }).getAttribute('aria-disabled')).toBeNull();
});

it('joins a network by its link, and explains what is wrong with one', async () => {
  const user = userEvent.setup();
  fake.answer('network.join', ({ text }) => {
    if (text !== 'eddy:n/good') {
      throw new CallError('bad_network', 'authorities: expected 1 to 9, got 0');
    }
    const joined = { ...unmade, network: { name: 'Tideway', isDemo: false } };
    fake.emit({ event: 'profile', value: joined });
    return joined;
  });
  open();
  await user.click(await screen.findByRole('button', { name: 'Join by link, QR or file' }));
  const field = screen.getByRole('textbox', { name: 'Link or file of the network' });
  expect(document.activeElement).toBe(field);
  await user.click(screen.getByRole('button', { name: 'Join' }));
  expect(screen.getByText('There is nothing to read.')).toBeDefined();
  await user.type(field, 'eddy:c/somebody');
  await user.click(screen.getByRole('button', { name: 'Join' }));
  expect(screen.getByText('This is an invite of a person, not a network.')).toBeDefined();
  expect(argsOf('network.join')).toEqual([]);
  await user.clear(field);
  await user.type(field, 'eddy:n/bad');
  await user.click(screen.getByRole('button', { name: 'Join' }));
  expect(await screen.findByText(/authorities: expected 1 to 9, got 0/)).toBeDefined();
  await user.clear(field);
  await user.type(field, 'eddy:n/good');
  await user.click(screen.getByRole('button', { name: 'Join' }));
  expect(await screen.findByRole('heading', { name: 'You join “Tideway”' })).toBeDefined();
  expect(screen.queryByRole('button', { name: /Join by link/ })).toBeNull();
});

it('reads the file of a network, and refuses one that is too large', async () => {
  const user = userEvent.setup({ applyAccept: false });
  open();
  await user.click(await screen.findByRole('button', { name: 'Join by link, QR or file' }));
  const [, picker = screen.getByTestId('file')] = screen.getAllByTestId('file');
  const file = (text: string) => new File([text], 'network.json', { type: 'application/json' });
  await user.upload(picker, file('{"name":"Tideway"}'));
  await waitFor(() =>
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('{"name":"Tideway"}'),
  );
  await user.upload(picker, file('x'.repeat(20_000)));
  expect(await screen.findByText(/too large for a network/)).toBeDefined();
});
