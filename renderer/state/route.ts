// Where the window is: a closed set of places, written into the address's fragment, so that Back
// and a reload work in the browser shell and in Electron alike.
export const settingsSections = ['profile', 'appearance', 'privacy', 'storage', 'about'] as const;
export type SettingsSection = (typeof settingsSections)[number];
export type Route =
  | { readonly place: 'conversations' }
  /** A chat; with `message`, at that message of it. */
  | { readonly place: 'chat'; readonly contact: number; readonly message: number | null }
  | { readonly place: 'contact'; readonly contact: number }
  | { readonly place: 'new' }
  | { readonly place: 'requests' }
  | { readonly place: 'network' }
  | { readonly place: 'settings'; readonly section: SettingsSection | null };

/** Which of the two panes is shown where there is room for one. */
export type Pane = 'list' | 'page';

const home: Route = { place: 'conversations' };

/** The place that a fragment names; conversations where it names none. */
export function parseRoute(fragment: string): Route {
  const [place, first, second, third] = fragment.replace(/^#\/?/, '').split('/');
  if (place === 'new' || place === 'requests' || place === 'network') return { place };
  if (place === 'settings') {
    return { place, section: settingsSections.find((known) => known === first) ?? null };
  }
  const contact = parseId(first);
  if (contact === null) return home;
  if (place === 'contact') return { place, contact };
  if (place !== 'chat') return home;
  return { place, contact, message: second === 'at' ? parseId(third) : null };
}

export function formatRoute(route: Route): string {
  switch (route.place) {
    case 'conversations':
      return '#/';
    case 'chat':
      return `#/chat/${route.contact}${route.message === null ? '' : `/at/${route.message}`}`;
    case 'contact':
      return `#/contact/${route.contact}`;
    case 'settings':
      return route.section === null ? '#/settings' : `#/settings/${route.section}`;
    case 'new':
    case 'requests':
    case 'network':
      return `#/${route.place}`;
  }
}

/** One step back: a page leads to its list, the list of settings to the conversations. */
export function parentRoute(route: Route, from: Pane): Route {
  if (from === 'list') return home;
  if (route.place === 'settings' && route.section !== null) {
    return { place: 'settings', section: null };
  }
  if (route.place === 'contact') return { place: 'chat', contact: route.contact, message: null };
  return home;
}

export function paneOf(route: Route): Pane {
  if (route.place === 'settings') return route.section === null ? 'list' : 'page';
  return route.place === 'conversations' ? 'list' : 'page';
}

function parseId(part: string | undefined): number | null {
  if (part === undefined || !/^[1-9]\d{0,15}$/.test(part)) return null;
  const id = Number(part);
  return Number.isSafeInteger(id) ? id : null;
}
