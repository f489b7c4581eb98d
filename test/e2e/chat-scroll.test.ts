// A long chat in a real Chromium, whose layout jsdom has not: it opens at its end, few of its
// messages are drawn, each turn of the wheel moves what is in sight by just so much while pages
// come in above and what is below falls off, and nothing else moves it.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transaction } from '../../main/store/handle.ts';
import { createMessageStore } from '../../main/store/message-store.ts';
import { createPeopleStore } from '../../main/store/people-store.ts';
import { WINDOW_MAX } from '../../renderer/state/chat-window.ts';
import { PAGE_LENGTH } from '../../renderer/state/open-chat.ts';
import { en } from '../../renderer/strings/en.ts';
import { withProfile } from '../../scripts/shots-seed.ts';
import { uidOf } from '../support/stored-chats.ts';
import { begin } from './support/begin.ts';
import { chromiumTarget } from './support/chromium.ts';
import type { Running, Target } from './support/target.ts';

const program = process.env['EDDY_TEST_CHROMIUM'];
/** More than are held at once, and a page. */
const MESSAGES = WINDOW_MAX + PAGE_LENGTH + 20;
const NOW_UNIX_MS = Date.UTC(2026, 10, 22, 12);
const TURN_PX = 500;
/** Layout is in fractions of a pixel. */
const OFF_PX_MAX = 2;
/** Looks until a turn of the wheel has been drawn. */
const WAITS_MAX = 40;

/** A person, and a chat of months whose messages are of one to nine lines. */
async function seed(profileDir: string): Promise<void> {
  await withProfile(profileDir, (db) => {
    const people = createPeopleStore(db);
    const messages = createMessageStore(db);
    transaction(db, () => {
      const contact = people.addContact({
        signingKey: uidOf(1, 32),
        agreementKey: uidOf(2, 32),
        theirName: 'Mara',
        pair: 1,
        state: 'accepted',
        knownSinceUnixMs: NOW_UNIX_MS,
        via: 'own_invite',
        address: null,
        returnToken: null,
      });
      messages.begin(contact, NOW_UNIX_MS);
      let last = 0;
      for (let at = 1; at <= MESSAGES; at++) {
        const sentUnixMs = NOW_UNIX_MS - (MESSAGES - at) * 7_200_000;
        const text = `message ${at}. ${'More was said of it then. '.repeat((at * 7) % 23)}`;
        const times = { sentUnixMs, arrivedUnixMs: sentUnixMs, receivedUnixMs: sentUnixMs };
        last = messages.addReceived({ contact, uid: uidOf(at), text, ...times }) ?? last;
      }
      messages.markRead(contact, last, MESSAGES);
    });
  });
}

type Sight = { readonly tops: Readonly<Record<string, number>>; readonly drawn: number };

/** Where the messages stand of which something is in sight, px below the upper edge. */
function sight(page: Page): Promise<Sight> {
  return page.evaluate(async () => {
    // What the last input brings is drawn, and put in its place.
    for (let frame = 0; frame < 3; frame++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    const scroller = document.querySelector('.messages');
    if (scroller === null) throw new Error('no messages');
    const edge = scroller.getBoundingClientRect();
    const items = [...scroller.querySelectorAll<HTMLElement>('[data-item]')];
    const tops: Record<string, number> = {};
    for (const item of items) {
      const { top, bottom } = item.getBoundingClientRect();
      if (bottom > edge.top && top < edge.bottom) tops[item.dataset['item'] ?? ''] = top - edge.top;
    }
    return { tops, drawn: items.length };
  });
}

/** How far what is in sight both times has moved down, px. */
function moved(from: Sight, to: Sight): readonly number[] {
  return Object.entries(from.tops).flatMap(([id, top]) => {
    const now = to.tops[id];
    return now === undefined ? [] : [now - top];
  });
}

describe.skipIf(program === undefined)('a long chat in Chromium', () => {
  let target: Target;
  let running: Running;
  let page: Page;

  beforeAll(async () => {
    target = await chromiumTarget(program ?? '');
    const profile = target.profile('reader');
    const first = await target.open(profile);
    await begin(first.page);
    await first.close();
    await seed(profile);
    running = await target.open(profile);
    page = running.page;
    await page.setViewportSize({ width: 1_000, height: 700 });
    await page.getByRole('link').filter({ hasText: 'Mara' }).first().click();
    await page.getByText(`message ${MESSAGES}.`).last().waitFor();
  });
  afterAll(async () => {
    expect(running.faults.take()).toEqual([]);
    await running.close();
    await target.close();
  });

  const message = (at: number) => page.locator('.messages').getByText(`message ${at}.`);
  const isInSight = async (at: number) =>
    (await message(at).count()) === 1 &&
    (await message(at).evaluate((element) => {
      const edge = element.closest('.messages')?.getBoundingClientRect();
      const box = element.getBoundingClientRect();
      return edge !== undefined && box.bottom > edge.top && box.top < edge.bottom;
    }));
  /** One turn of the wheel upwards; gives how far what stays in sight is off, px. */
  const turn = async (): Promise<{ readonly off: readonly number[]; readonly drawn: number }> => {
    const before = await sight(page);
    await page.mouse.wheel(0, -TURN_PX);
    // The browser scrolls in its own time.
    let after = await sight(page);
    const isUnderWay = () => Math.abs(moved(before, after)[0] ?? TURN_PX) < TURN_PX - OFF_PX_MAX;
    for (let waits = 0; waits < WAITS_MAX && isUnderWay(); waits++) after = await sight(page);
    after = await sight(page);
    return { off: moved(before, after).map((px) => px - TURN_PX), drawn: after.drawn };
  };
  const isOff = (px: number) => Math.abs(px) > OFF_PX_MAX;

  it('opens at its end, with a page of it', async () => {
    expect(await isInSight(MESSAGES)).toBe(true);
    expect((await sight(page)).drawn).toBeLessThanOrEqual(2 * PAGE_LENGTH);
  });

  it('moves by what the wheel turns, up to its beginning, and draws a window of it', async () => {
    await page.locator('.messages').hover();
    const turns = [];
    while (!(await isInSight(1)) && turns.length < MESSAGES) turns.push(await turn());
    // At the beginning there is less to scroll than was turned.
    const off = turns.slice(0, -2).flatMap((one) => one.off);
    expect(off.length).toBeGreaterThan(PAGE_LENGTH);
    expect(off.filter(isOff)).toEqual([]);
    expect(Math.max(...turns.map(({ drawn }) => drawn))).toBeLessThanOrEqual(WINDOW_MAX);
    expect(await message(MESSAGES).count()).toBe(0);
  });

  it('goes to its end by a button', async () => {
    await page.getByRole('button', { name: en['chat.to_end'] }).click();
    await message(MESSAGES).waitFor();
    expect(await isInSight(MESSAGES)).toBe(true);
  });

  it('stays where it is when something above it grows, and a jump would be seen', async () => {
    await page.locator('.messages').hover();
    await turn();
    const before = await sight(page);
    const grown = page.locator('.messages [data-item]').first();
    await grown.evaluate((element: HTMLElement) => {
      element.style.paddingTop = '137px';
    });
    expect(moved(before, await sight(page)).filter(isOff)).toEqual([]);
    // The planted jump.
    await page.locator('.messages').evaluate((scroller) => {
      scroller.scrollTop += 37;
    });
    const jumped = moved(before, await sight(page));
    expect(jumped.length).toBeGreaterThan(0);
    expect(jumped.filter((px) => !isOff(px))).toEqual([]);
  });
});
