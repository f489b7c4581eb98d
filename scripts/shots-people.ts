// The screens about the user and about people: first start, new contact, a contact, settings, the
// lock. Each is reached by what a user would do, on the real engine.
import type { Page } from 'playwright-core';
import type { Screen } from './shots-screens.ts';

const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).first().click();

/** A part of the page as a picture's file: with no code in it, and something to cut. */
const pictureOf = async (page: Page, part: string) => ({
  name: 'picture.png',
  mimeType: 'image/png',
  buffer: await page.locator(part).first().screenshot(),
});

const paste = async (page: Page, text: string, told: string) => {
  const field = page.getByRole('textbox', { name: 'Invite' });
  await field.fill(text);
  await page.getByText(told).first().waitFor();
  await field.scrollIntoViewIfNeeded();
};

/** Makes a code where none is open yet: of the pictures of one run, the first one does. */
const madeCode = async (page: Page) => {
  const make = page.getByRole('button', { name: /^Make an (invite|address)$/ });
  await make
    .or(page.getByRole('button', { name: 'Copy link' }))
    .first()
    .waitFor();
  if ((await make.count()) > 0) await make.click();
  await page.getByText('It can be used now').waitFor();
};

const welcome: readonly Screen[] = [
  { name: 'first-start', place: 'unmade', at: '#/', waitFor: 'The network is ready' },
  {
    name: 'first-start-join',
    place: 'unmade',
    at: '#/',
    waitFor: 'The network is ready',
    prepare: async (page) => {
      await press(page, 'Join by link, QR or file');
      await page.getByRole('textbox').fill('eddy:n/AAAA');
      await press(page, 'Join');
      await page.getByText('names no network').waitFor();
    },
  },
];

const newContact: readonly Screen[] = [
  {
    name: 'new-contact-offline',
    place: 'offline',
    at: '#/new',
    waitFor: 'You have no open invite',
  },
  {
    name: 'new-contact',
    place: 'peopled',
    at: '#/new',
    waitFor: 'Invite somebody',
    prepare: async (page) => {
      await madeCode(page);
      await paste(page, 'eddy:c/AQdUaWRld2F5x9c4z6rn1h8jp5g2ua7el0wt4yd9k3', 'is cut off');
    },
  },
  {
    name: 'new-contact-whole',
    place: 'peopled',
    at: '#/new',
    waitFor: 'Invite somebody',
    prepare: async (page, { code }) => {
      await madeCode(page);
      await paste(page, code, 'A whole address');
    },
  },
  {
    name: 'new-contact-address',
    place: 'peopled',
    at: '#/new',
    waitFor: 'Invite somebody',
    prepare: async (page) => {
      await page.getByText('For many people').click();
      await madeCode(page);
    },
  },
  {
    name: 'new-contact-unread',
    place: 'peopled',
    at: '#/new',
    waitFor: 'Invite somebody',
    prepare: async (page) => {
      await page.getByTestId('file').setInputFiles(await pictureOf(page, '.drop-place'));
      await page.getByText('No QR code was found').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'new-contact-withdraw',
    place: 'peopled',
    at: '#/new',
    waitFor: 'Invite somebody',
    prepare: async (page) => {
      await madeCode(page);
      await press(page, 'Withdraw');
      await page.getByRole('dialog').waitFor();
    },
  },
];

const contact: readonly Screen[] = [
  {
    name: 'contact-unverified',
    place: 'peopled',
    at: '#/contact/3',
    waitFor: 'not verified yet',
    prepare: (page) => page.getByRole('list', { name: 'Safety number' }).waitFor(),
  },
  { name: 'contact-verified', place: 'peopled', at: '#/contact/2', waitFor: 'Not verified after' },
  {
    name: 'contact-differ',
    place: 'peopled',
    at: '#/contact/3',
    waitFor: 'They differ',
    prepare: (page) => press(page, 'They differ'),
  },
  {
    name: 'contact-scan',
    place: 'peopled',
    at: '#/contact/3',
    waitFor: 'They differ',
    prepare: async (page) => {
      const picture = page.getByRole('img', { name: /safety number/ });
      const file = { name: 'own.png', mimeType: 'image/png', buffer: await picture.screenshot() };
      await page.getByTestId('file').setInputFiles(file);
      await page.getByText('This is your own code').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'contact-rename',
    place: 'peopled',
    at: '#/contact/3',
    waitFor: 'Rename',
    prepare: (page) => press(page, 'Rename'),
  },
  {
    name: 'contact-renew',
    place: 'peopled',
    at: '#/contact/3',
    waitFor: 'Renew the encryption',
    prepare: async (page) => {
      await press(page, 'Renew');
      await page.getByText('New keys are agreed').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'contact-remove',
    place: 'peopled',
    at: '#/contact/3',
    waitFor: 'Forgets them',
    prepare: (page) => press(page, 'Remove'),
  },
  { name: 'contact-requested', place: 'peopled', at: '#/contact/8', waitFor: 'waits for them' },
  { name: 'contact-blocked', place: 'peopled', at: '#/contact/9', waitFor: 'They are not told' },
  { name: 'contact-gone', place: 'peopled', at: '#/contact/999', waitFor: 'is not there' },
];

const settings: readonly Screen[] = [
  { name: 'settings-profile', place: 'peopled', at: '#/settings/profile', waitFor: 'Identity' },
  {
    name: 'settings-profile-crop',
    place: 'peopled',
    at: '#/settings/profile',
    waitFor: 'Identity',
    prepare: async (page) => {
      await page.getByTestId('file').setInputFiles(await pictureOf(page, '.settings-page'));
      await page.getByRole('button', { name: 'Take it' }).waitFor();
    },
  },
  { name: 'settings-privacy', place: 'peopled', at: '#/settings/privacy', waitFor: 'Passphrase' },
  {
    name: 'settings-privacy-set',
    place: 'peopled',
    at: '#/settings/privacy',
    waitFor: 'Passphrase',
    prepare: async (page) => {
      await press(page, 'Set');
      await page.getByLabel('New passphrase').fill('short');
    },
  },
  { name: 'settings-storage', place: 'peopled', at: '#/settings/storage', waitFor: 'Last check' },
];

const lock: readonly Screen[] = [
  { name: 'locked', place: 'locked', at: '#/', waitFor: 'Eddy is locked' },
  {
    name: 'locked-wrong',
    place: 'locked',
    at: '#/',
    waitFor: 'Eddy is locked',
    prepare: async (page) => {
      await page.locator('input[type=password]').fill('not this one');
      await press(page, 'Unlock');
      await page.getByText('not the passphrase').waitFor();
    },
  },
];

export const peopleScreens: readonly Screen[] = [
  ...welcome,
  ...newContact,
  ...contact,
  ...settings,
  ...lock,
];
