// The whole window: language and theme from the settings; the welcome, the lock, or the two panes.
import { useEffect, useEffectEvent, useState } from 'react';
import { applyLook } from './state/look.ts';
import type { Session } from './state/projection.ts';
import { type Pane, paneOf, parentRoute } from './state/route.ts';
import type { Search } from './state/search.ts';
import { SessionProvider, useKnown, useSession } from './state/session.tsx';
import { useStore } from './state/store.ts';
import { usePresence } from './state/use-presence.ts';
import { useRoute } from './state/use-route.ts';
import { chooseLanguage, speak } from './strings/language.ts';
import { SpeechProvider } from './strings/speech.tsx';
import { TipProvider } from './ui/tip.tsx';
import { ConversationsPane } from './views/conversations.tsx';
import { EngineNotice } from './views/engine-notice.tsx';
import { FaultBoundary } from './views/fault.tsx';
import { FirstStart } from './views/first-start.tsx';
import { LockNotice } from './views/lock-notice.tsx';
import { LockedWindow } from './views/locked.tsx';
import { NetworkFoot } from './views/network-foot.tsx';
import { NetworkNotice } from './views/network-notice.tsx';
import { Page } from './views/page.tsx';
import { SettingsPane } from './views/settings.tsx';
import { Shell } from './views/shell.tsx';

/** Where there is room for one pane: shell.css. */
const NARROW = '(width < 880px)';

export function App({ session }: { readonly session: Session }) {
  const setting = useStore(session.store, (known) => known.settings?.language ?? 'system');
  const theme = useStore(session.store, (known) => known.settings?.theme ?? 'system');
  const speech = speak(chooseLanguage(setting, navigator.languages), navigator.languages);
  useEffect(() => {
    applyLook({ theme, locale: speech.locale, direction: speech.direction });
  }, [theme, speech.locale, speech.direction]);
  return (
    <SessionProvider session={session}>
      <SpeechProvider speech={speech}>
        <TipProvider>
          <FaultBoundary whole>
            <Window />
          </FaultBoundary>
        </TipProvider>
      </SpeechProvider>
    </SessionProvider>
  );
}

function Window() {
  const isLocked = useKnown((known) => known.lock?.state === 'locked');
  const isUnnamed = useKnown((known) => known.profile?.name === null);
  if (isLocked) return <LockedWindow />;
  return isUnnamed ? <FirstStart /> : <Panes />;
}

function Panes() {
  usePresence();
  const session = useSession();
  const [route, go] = useRoute();
  const connection = useKnown((known) => known.connection);
  const engine = useKnown((known) => known.engine);
  const savedWidth = useKnown((known) => known.settings?.sidebarWidth);
  const [width, setWidth] = useState<number | null>(null);
  const inSettings = route.place === 'settings';
  const [search, setSearch] = useState<Search>({ text: '', contact: null });
  const [wantsFocus, setWantsFocus] = useState(false);
  const startSearch = (contact: number | null) => {
    setSearch((last) => ({ text: contact === last.contact ? last.text : '', contact }));
    setWantsFocus(true);
    if (inSettings || window.matchMedia?.(NARROW).matches) go({ place: 'conversations' });
  };
  useShortcut(() => startSearch(search.contact));
  const back = (from: Pane) => go(parentRoute(route, from));
  return (
    <Shell
      pane={paneOf(route)}
      listLabel={inSettings ? 'settings.sections' : 'shell.conversations'}
      width={width ?? savedWidth}
      onResize={setWidth}
      onResized={(sidebarWidth) => {
        // Not saved costs the width of the next start; the notice says what is wrong.
        session.saveSettings({ sidebarWidth }).catch(() => {});
      }}
      onBack={back}
      notice={
        <>
          <EngineNotice connection={connection} engine={engine} />
          <LockNotice />
          <NetworkNotice />
        </>
      }
      foot={<NetworkFoot />}
      list={
        inSettings ? (
          <SettingsPane section={route.section} onBack={() => back('list')} />
        ) : (
          <ConversationsPane
            route={route}
            search={search}
            wantsFocus={wantsFocus}
            onFocused={() => setWantsFocus(false)}
            onSearch={setSearch}
          />
        )
      }
      page={
        <FaultBoundary key={route.place}>
          <Page route={route} onBack={() => back('page')} onSearchIn={startSearch} />
        </FaultBoundary>
      }
    />
  );
}

/** Ctrl K, or Cmd K, wherever the focus is. */
function useShortcut(onPress: () => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const isMeant = event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey;
    if (!isMeant || event.key.toLowerCase() !== 'k') return;
    event.preventDefault();
    onPress();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
