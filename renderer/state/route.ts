// Where the window is: a closed set of places, written into the address's fragment, so that Back
// and a reload work in the browser shell and in Electron alike.
export type SettingsSection = 'appearance' | 'about';
export type Route =
  | { readonly place: 'conversations' }
  | { readonly place: 'settings'; readonly section: SettingsSection | null };

/** Which of the two panes is shown where there is room for one. */
export type Pane = 'list' | 'page';

const sections: readonly SettingsSection[] = ['appearance', 'about'];
const home: Route = { place: 'conversations' };

/** The place that a fragment names; conversations where it names none. */
export function parseRoute(fragment: string): Route {
  const [place, section] = fragment.replace(/^#\/?/, '').split('/');
  if (place !== 'settings') return home;
  return { place, section: sections.find((known) => known === section) ?? null };
}

export function formatRoute(route: Route): string {
  if (route.place === 'conversations') return '#/';
  return route.section === null ? '#/settings' : `#/settings/${route.section}`;
}

/** One step back: a page leads to its list, the list of settings to the conversations. */
export function parentRoute(route: Route, from: Pane): Route {
  if (from === 'page' && route.place === 'settings' && route.section !== null) {
    return { place: 'settings', section: null };
  }
  return home;
}

export function paneOf(route: Route): Pane {
  return route.place === 'settings' && route.section !== null ? 'page' : 'list';
}
