// Two users from their first start to a chat, in whichever window: welcome and demo network,
// invite, request, acceptance, safety number, messages both ways, the lock, a restart, the search.
// Engines, network and windows are real; what is done is done as a person does it, by what stands
// on the screen.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../../renderer/strings/en.ts';
import type { Running, Target } from './target.ts';

/** What a message may take through the demo network on a machine that is busy. */
const ARRIVAL_MS_MAX = 60_000;
const HELLO_MS_MAX = 90_000;
const PASSPHRASE = 'seven slow herons by the canal';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const bubble = (page: Page, words: string) =>
  page.getByRole('main').locator('.bubble').filter({ hasText: words }).last();
const conversation = (page: Page, name: string) =>
  page.getByRole('link').filter({ hasText: name }).first();

async function begin(page: Page, name: string): Promise<void> {
  await page.getByLabel(en['welcome.name']).fill(name);
  await button(page, en['welcome.continue']).click();
  await conversation(page, 'Echo').waitFor({ timeout: HELLO_MS_MAX });
}

async function goTo(page: Page, fragment: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, fragment);
}

async function say(page: Page, words: string): Promise<void> {
  const field = page.locator('textarea.composer-text');
  await field.fill(words);
  await field.press('Enter');
  await bubble(page, words).waitFor();
}

/** The twelve groups of the safety number on a contact's page. */
async function safetyNumber(page: Page): Promise<string> {
  await button(page, en['chat.details']).click();
  const groups = page.getByRole('list', { name: en['safety.title'] }).getByRole('listitem');
  await expect.poll(() => groups.count(), { timeout: ARRIVAL_MS_MAX }).toBe(12);
  return (await groups.allInnerTexts()).join('');
}

export function describePeople(name: string, prepare: () => Promise<Target>): void {
  describe(`two people in ${name}`, () => {
    let target: Target;
    let lena: Running;
    let mara: Running;

    beforeAll(async () => {
      target = await prepare();
      [lena, mara] = await Promise.all([
        target.open(target.profile('lena'), 'demo'),
        target.open(target.profile('mara'), 'demo'),
      ]);
    });
    afterAll(async () => {
      await lena?.close();
      await mara?.close();
      await target?.close();
    });

    it('start, are greeted through the demo network, and get an answer', async () => {
      await Promise.all([begin(lena.page, 'Lena'), begin(mara.page, 'Mara')]);
      await conversation(lena.page, 'Echo').click();
      await bubble(lena.page, 'Lena').waitFor({ timeout: HELLO_MS_MAX });
      await say(lena.page, 'Is anybody there?');
      await bubble(lena.page, 'Is anybody there').waitFor();
      const answers = lena.page.locator('.message:not(.message-own) .bubble');
      await expect.poll(() => answers.count(), { timeout: ARRIVAL_MS_MAX }).toBeGreaterThan(1);
    });

    it('find each other by an invite, and both want it', async () => {
      await goTo(lena.page, '#/new');
      await button(lena.page, en['invite.make']).click();
      await lena.page.getByText(en['invite.ready']).waitFor({ timeout: ARRIVAL_MS_MAX });
      const code = await lena.page.getByLabel(en['invite.link'], { exact: true }).inputValue();
      expect(code).toMatch(/^eddy:c\//);
      await goTo(mara.page, '#/new');
      const field = mara.page.getByLabel(en['use.field'], { exact: true });
      await field.fill(code.slice(0, -9));
      await mara.page.getByText('This invite is cut off').waitFor();
      await field.fill(code);
      await button(mara.page, en['use.send']).click();
      await mara.page.getByText(en['use.sent']).waitFor();
      await lena.page
        .getByRole('link', { name: /1 contact request/ })
        .click({ timeout: ARRIVAL_MS_MAX });
      await lena.page.getByRole('heading', { name: 'Mara' }).waitFor();
      await button(lena.page, en['request.accept']).click();
      for (const { page } of [lena, mara]) {
        const other = page === lena.page ? 'Mara' : 'Lena';
        await conversation(page, other).click({ timeout: ARRIVAL_MS_MAX });
        await page
          .getByText(`You and ${other} can write to each other now.`)
          .first()
          .waitFor({ timeout: ARRIVAL_MS_MAX });
      }
    });

    it('write to each other, and see that it was delivered', async () => {
      await say(mara.page, 'The ferry leaves at nine');
      await bubble(lena.page, 'The ferry leaves at nine').waitFor({ timeout: ARRIVAL_MS_MAX });
      await say(lena.page, 'Then I bring the long clamps');
      await bubble(mara.page, 'Then I bring the long clamps').waitFor({ timeout: ARRIVAL_MS_MAX });
      await lena.page
        .getByText(/^Delivered/)
        .first()
        .waitFor({ timeout: ARRIVAL_MS_MAX });
    });

    it('see the same safety number, and mark it', async () => {
      const [lenas, maras] = [await safetyNumber(lena.page), await safetyNumber(mara.page)];
      expect(lenas).toMatch(/^\d{60}$/);
      expect(maras).toBe(lenas);
      await button(lena.page, en['safety.match']).click();
      await lena.page
        .getByText(/^verified/)
        .first()
        .waitFor();
    });

    it('lock with a passphrase: nothing is left to see, and what comes meanwhile is there', async () => {
      const { page } = mara;
      await goTo(page, '#/settings/privacy');
      await button(page, en['passphrase.set']).click();
      await page.getByLabel(en['passphrase.next']).fill(PASSPHRASE);
      await page.getByLabel(en['passphrase.repeat']).fill(PASSPHRASE);
      await button(page, en['passphrase.set']).click();
      await page.getByText(en['passphrase.was_set']).waitFor({ timeout: ARRIVAL_MS_MAX });
      await button(page, en['privacy.lock.now']).click();
      await page.getByText(en['lock.title']).waitFor();
      const shown = await page.evaluate(() => document.documentElement.outerHTML);
      for (const secret of ['Lena', 'ferry', 'clamps', PASSPHRASE]) {
        expect(shown).not.toContain(secret);
      }
      await goTo(lena.page, '#/');
      await conversation(lena.page, 'Mara').click();
      await say(lena.page, 'Sent while you were away');
      await lena.page
        .getByText(/^At Mara’s provider/)
        .first()
        .waitFor({ timeout: ARRIVAL_MS_MAX });
      const field = page.getByLabel(en['lock.passphrase'], { exact: true });
      await field.fill('seven fast herons');
      await field.press('Enter');
      await page.getByText(en['lock.wrong']).waitFor({ timeout: ARRIVAL_MS_MAX });
      await field.fill(PASSPHRASE);
      await field.press('Enter');
      await page.getByText(en['privacy.detail'].slice(0, 30)).waitFor({ timeout: ARRIVAL_MS_MAX });
      await goTo(page, '#/');
      await conversation(page, 'Lena').click();
      await bubble(page, 'Sent while you were away').waitFor({ timeout: ARRIVAL_MS_MAX });
      await lena.page
        .getByText(/^Delivered/)
        .first()
        .waitFor({ timeout: ARRIVAL_MS_MAX });
    });

    it('find everything again after a restart, by list, lock and search', async () => {
      await mara.close();
      mara = await target.open(target.profile('mara'), 'demo');
      const { page } = mara;
      const field = page.getByLabel(en['lock.passphrase'], { exact: true });
      await field.fill(PASSPHRASE);
      await field.press('Enter');
      await conversation(page, 'Lena').waitFor({ timeout: ARRIVAL_MS_MAX });
      await page.getByRole('searchbox').fill('clamp');
      const hit = page.getByRole('link').filter({ hasText: 'I bring the long clamps' });
      await hit.first().click();
      await bubble(page, 'Then I bring the long clamps').waitFor();
      await bubble(page, 'Sent while you were away').waitFor();
      await say(page, 'Back again');
      await bubble(lena.page, 'Back again').waitFor({ timeout: ARRIVAL_MS_MAX });
    });

    it('have caused no error on the way', () => {
      expect([...lena.faults.take(), ...mara.faults.take()]).toEqual([]);
    });
  });
}
