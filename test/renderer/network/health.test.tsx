// The network in the window: the line under the list, the banner after ten seconds, and the page
// with its tables, from what a real engine has told.
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { App } from '../../../renderer/app.tsx';
import { chartData, chartTop } from '../../../renderer/network/chart-canvas.ts';
import { headWords, lineWords } from '../../../renderer/network/health-words.ts';
import { redactedReport } from '../../../renderer/network/report.ts';
import { hopsDone } from '../../../renderer/network/use-flight.ts';
import { openSession } from '../../../renderer/state/projection.ts';
import { speak } from '../../../renderer/strings/language.ts';
import type { Health } from '../../../shared/api-health.ts';
import { type FakeApi, fakeApi } from '../support/fake-api.ts';
import { type Recorded, recordedHealth } from '../support/recorded-health.ts';

const english = speak('en', ['en-GB']);
const good = recordedHealth('good');

describe('the words', () => {
  it.each<[Recorded, string, string]>([
    ['measuring', 'Measuring', '2 of 20 loops'],
    ['good', 'Network good', 'messages take 4 to 7 s'],
    ['degraded', 'Losing packets', 'sent again'],
    ['failing', 'Not delivering', 'messages are held'],
    ['offline', 'Offline', 'messages wait here'],
    ['clock_wrong', 'Clock is wrong', 'by 4 min'],
  ])('of %s are the design’s: two words and one number', (name, words, fact) => {
    expect(lineWords(english, recordedHealth(name))).toEqual({ words, fact });
  });

  it('say a range for slow, and since when it is connecting', () => {
    expect(lineWords(english, { ...good, state: 'slow' }).fact).toBe('4 to 7 s');
    expect(lineWords(english, { ...good, state: 'connecting', forMs: 6_200 }).fact).toBe(
      'since 6 s',
    );
  });

  it('claim no time that was not measured', () => {
    const unknown = { ...good, usual: null };
    expect(lineWords(english, unknown).fact).toBe('');
    expect(headWords(english, unknown).title).toBe('Messages arrive.');
  });

  it('name the one node that stands out, and none where several do', () => {
    expect(headWords(english, good).detail).toContain('Grebe in layer 2 loses about one packet in');
    const nodes = good.nodes.map((node) =>
      node.name === 'Teal' ? { ...node, state: 'suspected' as const } : node,
    );
    expect(headWords(english, { ...good, nodes }).detail).not.toContain('Grebe');
  });

  it('say what is done about each trouble', () => {
    expect(headWords(english, recordedHealth('failing')).detail).toMatch(/^No loop has come back/);
    const letGo = { ...recordedHealth('failing'), isHolding: false };
    expect(headWords(english, letGo).title).toContain('go out all the same');
    expect(headWords(english, recordedHealth('clock_wrong')).title).toContain('4 minutes behind');
    const gone: Health = { ...recordedHealth('offline'), refusal: 'provider_gone' };
    expect(headWords(english, gone).title).toContain('not in the network any more');
  });
});

describe('the window', () => {
  let fake: FakeApi;
  let health: Health;
  beforeEach(() => {
    window.location.hash = '#/network';
    fake = fakeApi();
    fake.answer('health.get', () => health);
    fake.answer('health.sendAnyway', () => ({}));
  });
  afterEach(cleanup);
  const open = (name: Recorded) => {
    health = recordedHealth(name);
    render(<App session={openSession(fake.api)} />);
  };

  it('shows the page with every number of the picture in its table', async () => {
    const user = userEvent.setup();
    open('good');
    await screen.findByRole('heading', { name: 'Network health' });
    await screen.findByText('Messages arrive, most within 7 seconds.');
    const { returned, late, lost } = health.loops;
    expect(screen.getByText(`${returned + late} of ${returned + late + lost}`)).toBeDefined();
    const pictured = screen.getByRole('img', { name: /9 mixes in 3 layers, 1 suspected/ });
    const grebe = health.nodes.find(({ name }) => name === 'Grebe');
    expect(
      within(pictured).getByText(`${grebe?.returned} of ${grebe?.loops}, suspected`),
    ).toBeDefined();
    for (const choice of await screen.findAllByRole('radio', { name: 'Table' })) {
      await user.click(choice);
    }
    const nodes = screen.getByRole('table', { name: /Nodes of the network/ });
    const row = within(nodes).getByRole('row', { name: /Grebe/ });
    expect(row.textContent).toContain(`${grebe?.loops}${grebe?.returned}`);
    expect(row.textContent).toContain('suspected');
    const times = screen.getByRole('table', { name: /Round trips/ });
    const filled = health.history.steps.filter(({ p50Ms }) => p50Ms !== null);
    expect(within(times).getAllByRole('row').length).toBeGreaterThanOrEqual(filled.length);
  });

  it('tells a good network in the line, and nothing above the list', async () => {
    open('good');
    const line = await screen.findByRole('link', { name: /Network good/ });
    expect(line.getAttribute('href')).toBe('#/network');
    expect(line.getAttribute('aria-current')).toBe('page');
    expect(screen.getByTestId('network-notice').textContent).toBe('');
  });

  it('tells trouble above the list after ten seconds, and lets messages go from there', async () => {
    const user = userEvent.setup();
    open('failing');
    const notice = await screen.findByTestId('network-notice');
    await waitFor(() => expect(notice.textContent).toContain('messages are held'));
    await user.click(within(notice).getByRole('button', { name: 'Send anyway' }));
    expect(fake.calls.some(({ name }) => name === 'health.sendAnyway')).toBe(true);
    cleanup();
    health = { ...recordedHealth('failing'), forMs: 9_000 };
    render(<App session={openSession(fake.api)} />);
    await screen.findByText('The network does not deliver; your messages are held.');
    expect(screen.getByTestId('network-notice').textContent).toBe('');
  });

  it('says so where the engine does not answer, and keeps what was known', async () => {
    open('good');
    await screen.findByText('Messages arrive, most within 7 seconds.');
    fake.refuse();
    await screen.findByText(/The engine does not answer/, undefined, { timeout: 3_000 });
    expect(screen.getByText('Messages arrive, most within 7 seconds.')).toBeDefined();
  });

  it('asks at most once a second, and not while it is hidden', async () => {
    open('good');
    await screen.findByText('Messages arrive, most within 7 seconds.');
    const asked = () => fake.calls.filter(({ name }) => name === 'health.get').length;
    const before = asked();
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    await act(() => new Promise((resolve) => setTimeout(resolve, 2_300)));
    expect(asked() - before).toBeLessThanOrEqual(1);
    Reflect.deleteProperty(document, 'visibilityState');
    await act(() => new Promise((resolve) => setTimeout(resolve, 1_200)));
    expect(asked() - before).toBeGreaterThanOrEqual(1);
  });
});

describe('the report', () => {
  it('has numbers, and no name of a node, a network or a provider', () => {
    const report = redactedReport(good, '0.1.0');
    expect(report).toContain('state: good');
    expect(report).toContain(`returned ${good.loops.returned}`);
    const names = [...good.nodes.map(({ name }) => name), good.network?.name ?? '?'];
    expect(names.filter((name) => report.includes(name))).toEqual([]);
  });
});

describe('the chart', () => {
  it('has a gap where nothing came back, and a scale of three whole lines', () => {
    const [times, p95, p50] = chartData(good.history);
    expect(times).toHaveLength(good.history.steps.length);
    const slept = good.history.steps.findIndex(({ p50Ms }) => p50Ms === null);
    expect([p95?.[slept], p50?.[slept]]).toEqual([null, null]);
    expect(chartTop(good.history)).toBe(9);
    const quick = { ...good.history, expectedMs: 80, steps: [] };
    expect(chartTop(quick)).toBeCloseTo(0.3, 10);
  });
});

describe('a loop on its way', () => {
  const flight = { sentUnixMs: 0, path: [0, 1, 2], delaysMs: [1_000, 500, 0] };
  it('takes for each hop what it drew, and ends at home', () => {
    expect(hopsDone(flight, 0)).toBe(0);
    expect(hopsDone(flight, 500)).toBe(0.5);
    expect(hopsDone(flight, 1_250)).toBe(1.5);
    expect(hopsDone(flight, 1_500)).toBe(2);
    expect(hopsDone(flight, 99_999)).toBe(2);
    expect(hopsDone(flight, -5)).toBe(0);
  });
});
