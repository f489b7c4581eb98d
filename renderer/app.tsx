// The whole window: language and theme from the settings, and which views stand in the two panes.
import { useEffect, useState } from 'react';
import { applyLook } from './state/look.ts';
import type { Session } from './state/projection.ts';
import { type Pane, paneOf, parentRoute } from './state/route.ts';
import { useStore } from './state/store.ts';
import { useRoute } from './state/use-route.ts';
import { chooseLanguage, speak } from './strings/language.ts';
import { SpeechProvider, useSpeech } from './strings/speech.tsx';
import { TipProvider } from './ui/tip.tsx';
import { ConversationsPane, EmptyPage } from './views/conversations.tsx';
import { EngineNotice } from './views/engine-notice.tsx';
import { FaultBoundary } from './views/fault.tsx';
import { NetworkLine } from './views/network-line.tsx';
import { SettingsPage, SettingsPane } from './views/settings.tsx';
import { Shell } from './views/shell.tsx';

export function App({ session }: { readonly session: Session }) {
  const setting = useStore(session.store, (known) => known.settings?.language ?? 'system');
  const theme = useStore(session.store, (known) => known.settings?.theme ?? 'system');
  const speech = speak(chooseLanguage(setting, navigator.languages), navigator.languages);
  useEffect(() => {
    applyLook({ theme, locale: speech.locale, direction: speech.direction });
  }, [theme, speech.locale, speech.direction]);
  return (
    <SpeechProvider speech={speech}>
      <TipProvider>
        <FaultBoundary whole>
          <Panes session={session} />
        </FaultBoundary>
      </TipProvider>
    </SpeechProvider>
  );
}

function Panes({ session }: { readonly session: Session }) {
  const { text } = useSpeech();
  const [route, go] = useRoute();
  const known = useStore(session.store, (projection) => projection);
  const [width, setWidth] = useState<number | null>(null);
  const inSettings = route.place === 'settings';
  const back = (from: Pane) => go(parentRoute(route, from));
  return (
    <Shell
      pane={paneOf(route)}
      listLabel={inSettings ? 'settings.sections' : 'shell.conversations'}
      width={width ?? known.settings?.sidebarWidth}
      onResize={setWidth}
      onResized={(sidebarWidth) => {
        // Not saved costs the width of the next start; the notice says what is wrong.
        session.saveSettings({ sidebarWidth }).catch(() => {});
      }}
      onBack={back}
      notice={<EngineNotice connection={known.connection} engine={known.engine} />}
      foot={
        <NetworkLine state="none" words={text('network.none')} fact={text('network.none.detail')} />
      }
      list={
        inSettings ? (
          <SettingsPane section={route.section} onBack={() => back('list')} />
        ) : (
          <ConversationsPane isOpen={known.about !== null} />
        )
      }
      page={
        <FaultBoundary key={route.place}>
          {inSettings ? (
            <SettingsPage
              section={route.section ?? 'appearance'}
              settings={known.settings}
              about={known.about}
              onSave={session.saveSettings}
              onBack={() => back('page')}
            />
          ) : (
            <EmptyPage about={known.about} engine={known.engine} />
          )}
        </FaultBoundary>
      }
    />
  );
}
