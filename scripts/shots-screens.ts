// Every screen and state that the pictures show, and how each is reached: by what a user would do,
// on the real engine, or on the page of parts. `npm run -s shots` fails where one of these is
// missing.
import type { Page } from 'playwright-core';
import type { Settings } from '../shared/api.ts';
import { peopleScreens } from './shots-people.ts';

/** Where a screen is taken: a healthy profile, one of the broken ones, or the page of parts. */
export type Place =
  | 'healthy'
  /** With people and chats, on the demo network; and the same one without a network. */
  | 'peopled'
  | 'offline'
  /** A new profile beside a demo network that is up. */
  | 'unmade'
  | 'locked'
  | 'crashing'
  | 'stopped'
  | 'newer'
  | 'damaged'
  | 'in_use'
  | 'wrong_key'
  | 'silent'
  | 'gone'
  | 'parts';

/** What a picture may need of another user on the same network. */
export type Given = {
  /** His address, to be pasted. */
  readonly code: string;
};

export type Screen = {
  readonly name: string;
  readonly place: Place;
  /** Fragment of the address. */
  readonly at: string;
  /** Text that must be there before the picture is taken. */
  readonly waitFor: string;
  readonly prepare?: (page: Page, given: Given) => Promise<void>;
  /** What the profile's settings are beside English and the system's theme. */
  readonly settings?: Partial<Settings>;
  /** What the engine gives as health, of shots-health.json: states that take an hour to reach. */
  readonly health?: string;
};

/** Nothing is asked of the list before it is there. */
const search = (words: string) => async (page: Page) => {
  await page.getByRole('link', { name: /Mara/ }).first().waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type(words);
  await page
    .getByText(/result/)
    .first()
    .waitFor();
};

/** `people` of the engine's own store, see shots-seed.ts. */
const chats: readonly Screen[] = [
  { name: 'list', place: 'peopled', at: '#/', waitFor: 'Tomás Rivera' },
  { name: 'chat-open', place: 'peopled', at: '#/chat/2', waitFor: 'And the long clamps' },
  { name: 'chat-unread', place: 'peopled', at: '#/chat/3', waitFor: 'Thursday works' },
  { name: 'chat-notes', place: 'peopled', at: '#/chat/4', waitFor: 'Did you get my two letters' },
  { name: 'chat-failed', place: 'peopled', at: '#/chat/5', waitFor: 'Is the side door open' },
  { name: 'chat-hebrew', place: 'peopled', at: '#/chat/6', waitFor: 'נפגשים' },
  {
    name: 'chat-requested',
    place: 'peopled',
    at: '#/chat/8',
    waitFor: 'as soon as it is accepted',
  },
  { name: 'chat-blocked', place: 'peopled', at: '#/chat/9', waitFor: 'You blocked' },
  { name: 'chat-echo', place: 'peopled', at: '#/chat/1', waitFor: 'I am Echo' },
  { name: 'chat-offline', place: 'offline', at: '#/chat/1', waitFor: 'And the long clamps' },
  {
    name: 'chat-menu',
    place: 'peopled',
    at: '#/chat/2',
    waitFor: 'And the long clamps',
    prepare: async (page) => {
      await page.getByText('And the long clamps').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Details of the delivery' }).waitFor();
    },
  },
  {
    name: 'chat-details',
    place: 'peopled',
    at: '#/chat/2',
    waitFor: 'And the long clamps',
    prepare: async (page) => {
      await page.getByText('And the long clamps').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Details of the delivery' }).click();
      await page.getByText('Packets confirmed').waitFor();
    },
  },
  {
    name: 'list-archived',
    place: 'peopled',
    at: '#/',
    waitFor: 'Tomás Rivera',
    prepare: (page) => page.getByRole('button', { name: /Archived/ }).click(),
  },
  { name: 'search', place: 'peopled', at: '#/', waitFor: 'Mara', prepare: search('mast step') },
  {
    name: 'search-nothing',
    place: 'peopled',
    at: '#/',
    waitFor: 'Mara',
    prepare: async (page) => {
      await page.getByRole('link', { name: /Mara/ }).first().waitFor();
      await page.keyboard.press('Control+k');
      await page.keyboard.type('quince');
      await page.getByText('Nothing was found').waitFor();
    },
  },
  { name: 'requests', place: 'peopled', at: '#/requests', waitFor: 'Lena from the boatyard' },
];

const clickTables = async (page: Page) => {
  const tables = page.getByText('Table', { exact: true });
  await tables.first().click();
  await tables.last().click();
};
const networkAt = { place: 'healthy', at: '#/network' } as const;

/** The network's page: of the demo network as it runs, and as it was recorded. */
const network: readonly Screen[] = [
  { name: 'network', place: 'peopled', at: '#/network', waitFor: 'Only you' },
  { name: 'network-none', ...networkAt, waitFor: 'Once Eddy has joined' },
  { name: 'network-measuring', ...networkAt, health: 'measuring', waitFor: 'of 20 loops' },
  { name: 'network-good', ...networkAt, health: 'good', waitFor: 'Messages arrive' },
  {
    name: 'network-tables',
    ...networkAt,
    health: 'good',
    waitFor: 'Messages arrive',
    prepare: clickTables,
  },
  { name: 'network-degraded', ...networkAt, health: 'degraded', waitFor: 'loses packets' },
  { name: 'network-failing', ...networkAt, health: 'failing', waitFor: 'does not deliver' },
  { name: 'network-offline', ...networkAt, health: 'offline', waitFor: 'no link to' },
  { name: 'network-clock', ...networkAt, health: 'clock_wrong', waitFor: '4 minutes behind' },
  {
    name: 'network-german',
    ...networkAt,
    health: 'good',
    waitFor: 'Nachrichten kommen an',
    settings: { language: 'de' },
  },
];

export const screens: readonly Screen[] = [
  ...chats,
  ...network,
  ...peopleScreens,
  { name: 'start', place: 'healthy', at: '#/', waitFor: 'No network yet' },
  { name: 'settings', place: 'healthy', at: '#/settings', waitFor: 'Appearance' },
  {
    name: 'settings-appearance',
    place: 'healthy',
    at: '#/settings/appearance',
    waitFor: 'Light and dark carry',
  },
  { name: 'settings-about', place: 'healthy', at: '#/settings/about', waitFor: 'Database cipher' },
  {
    name: 'settings-german',
    place: 'healthy',
    at: '#/settings/appearance',
    waitFor: 'Hell und Dunkel',
    settings: { language: 'de' },
  },
  {
    name: 'settings-pseudo',
    place: 'healthy',
    at: '#/settings/appearance',
    waitFor: '[Åþþéåŕåñçé',
    settings: { language: 'pseudo' },
  },
  { name: 'engine-connecting', place: 'silent', at: '#/', waitFor: 'Connecting to the engine' },
  { name: 'engine-lost', place: 'gone', at: '#/', waitFor: 'connection to Eddy is lost' },
  { name: 'engine-restarting', place: 'crashing', at: '#/', waitFor: 'is starting again' },
  { name: 'engine-stopped', place: 'stopped', at: '#/', waitFor: 'stops again and again' },
  { name: 'store-newer', place: 'newer', at: '#/', waitFor: 'by a newer Eddy' },
  { name: 'store-damaged', place: 'damaged', at: '#/', waitFor: 'is damaged' },
  { name: 'profile-in-use', place: 'in_use', at: '#/', waitFor: 'open in another Eddy' },
  { name: 'store-key', place: 'wrong_key', at: '#/', waitFor: 'does not open this profile' },
  { name: 'parts', place: 'parts', at: '#parts', waitFor: 'Delivery states' },
  {
    name: 'controls',
    place: 'parts',
    at: '#controls',
    waitFor: 'Fields',
    prepare: (page) => page.getByRole('button', { name: 'More' }).click(),
  },
  { name: 'dialog', place: 'parts', at: '#dialog', waitFor: 'Delete the chat' },
  { name: 'fault', place: 'parts', at: '#fault', waitFor: 'What happened' },
  { name: 'chat', place: 'parts', at: '#chat', waitFor: 'Shall I ask Tomás' },
  { name: 'chat-states', place: 'parts', at: '#chat-states', waitFor: 'Trying again' },
  { name: 'welcome', place: 'parts', at: '#welcome', waitFor: 'Private, down to' },
  { name: 'contact', place: 'parts', at: '#contact', waitFor: 'Safety number' },
  { name: 'health', place: 'parts', at: '#health', waitFor: 'Messages arrive' },
  { name: 'lock', place: 'parts', at: '#lock', waitFor: 'Eddy is locked' },
  {
    name: 'lock-wrong',
    place: 'parts',
    at: '#lock-wrong',
    waitFor: 'not the passphrase',
  },
  { name: 'lock-working', place: 'parts', at: '#lock-working', waitFor: 'about a second' },
];
