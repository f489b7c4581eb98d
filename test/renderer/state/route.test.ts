// Places and the fragments that name them; which pane is shown where there is room for one.
import { describe, expect, it } from 'vitest';
import {
  formatRoute,
  paneOf,
  parentRoute,
  parseRoute,
  type Route,
} from '../../../renderer/state/route.ts';
import { target } from '../../../renderer/state/roving.ts';
import {
  SIDEBAR_PX_MAX,
  SIDEBAR_PX_MIN,
  widthAfterKey,
} from '../../../renderer/state/sidebar-width.ts';
import { settingsSchema } from '../../../shared/api.ts';
import { firstSettings } from '../support/fake-api.ts';

const routes: readonly Route[] = [
  { place: 'conversations' },
  { place: 'settings', section: null },
  { place: 'settings', section: 'appearance' },
  { place: 'settings', section: 'about' },
  { place: 'chat', contact: 12, message: null },
  { place: 'chat', contact: 12, message: 340 },
  { place: 'contact', contact: 12 },
  { place: 'new' },
  { place: 'requests' },
  { place: 'network' },
];

describe('a route', () => {
  it.each(routes)('comes back from its fragment: %o', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });
  it('is the conversations for a fragment that names nothing', () => {
    const nowhere = ['', '#', '#/', '#/nowhere', '#main', '#/chat', '#/chat/0', '#/chat/x1'];
    for (const fragment of [...nowhere, '#/contact/-1', '#/chat/99999999999999999']) {
      expect(parseRoute(fragment)).toEqual({ place: 'conversations' });
    }
    expect(parseRoute('#/settings/nothing')).toEqual({ place: 'settings', section: null });
  });
  it('leads back from a page to its list, and from there to the conversations', () => {
    const about: Route = { place: 'settings', section: 'about' };
    const list: Route = { place: 'settings', section: null };
    expect(parentRoute(about, 'page')).toEqual(list);
    expect(parentRoute(list, 'page')).toEqual({ place: 'conversations' });
    expect(parentRoute(about, 'list')).toEqual({ place: 'conversations' });
    const chat: Route = { place: 'chat', contact: 12, message: null };
    expect(parentRoute({ place: 'contact', contact: 12 }, 'page')).toEqual(chat);
    expect(parentRoute(chat, 'page')).toEqual({ place: 'conversations' });
  });
  it('shows a list where there is room for one pane, unless a page was chosen', () => {
    const lists = routes.filter((route) => paneOf(route) === 'list');
    expect(lists).toEqual([{ place: 'conversations' }, { place: 'settings', section: null }]);
  });
});

describe('the width of the list', () => {
  it('moves by arrow keys toward the page and stops at its limits', () => {
    expect(widthAfterKey('ArrowRight', 320, 'ltr')).toBe(330);
    expect(widthAfterKey('ArrowRight', 320, 'rtl')).toBe(310);
    expect(widthAfterKey('ArrowRight', SIDEBAR_PX_MAX, 'ltr')).toBe(SIDEBAR_PX_MAX);
    expect(widthAfterKey('ArrowLeft', SIDEBAR_PX_MIN, 'ltr')).toBe(SIDEBAR_PX_MIN);
    expect(widthAfterKey('Home', 320, 'ltr')).toBe(SIDEBAR_PX_MIN);
    expect(widthAfterKey('x', 320, 'ltr')).toBeNull();
  });
  it('has the limits that the contract has', () => {
    const takes = (sidebarWidth: number) =>
      settingsSchema.safeParse({ ...firstSettings, sidebarWidth }).success;
    expect([SIDEBAR_PX_MIN, SIDEBAR_PX_MAX].map(takes)).toEqual([true, true]);
    expect([SIDEBAR_PX_MIN - 1, SIDEBAR_PX_MAX + 1].map(takes)).toEqual([false, false]);
  });
});

it('arrow keys move inside a list and stop at its ends', () => {
  expect(target('ArrowDown', 1, 3)).toBe(2);
  expect(target('ArrowDown', 2, 3)).toBe(2);
  expect(target('ArrowUp', 0, 3)).toBe(0);
  expect(target('End', 0, 3)).toBe(2);
  expect(target('Home', 2, 3)).toBe(0);
  expect(target('Tab', 0, 3)).toBeNull();
  expect(target('ArrowDown', 0, 0)).toBeNull();
});
