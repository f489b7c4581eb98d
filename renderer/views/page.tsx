// The page beside the list: one component for each place.
import type { Route } from '../state/route.ts';
import { useKnown, useSession } from '../state/session.tsx';
import { ChatPage } from './chat.tsx';
import { ContactPage } from './contact.tsx';
import { EmptyPage } from './empty-page.tsx';
import { NetworkPage } from './network.tsx';
import { NewContactPage } from './new-contact.tsx';
import { RequestsPage } from './requests.tsx';
import { SettingsPage } from './settings.tsx';

export type PageProps = {
  readonly route: Route;
  readonly onBack: () => void;
  /** Leads to the search field, for this chat alone. */
  readonly onSearchIn: (contact: number) => void;
};

export function Page({ route, onBack, onSearchIn }: PageProps) {
  const { saveSettings } = useSession();
  const settings = useKnown((known) => known.settings);
  const about = useKnown((known) => known.about);
  const engine = useKnown((known) => known.engine);
  switch (route.place) {
    case 'conversations':
      return <EmptyPage about={about} engine={engine} />;
    case 'chat':
      return (
        <ChatPage
          key={route.contact}
          contact={route.contact}
          message={route.message}
          onBack={onBack}
          onSearch={() => onSearchIn(route.contact)}
        />
      );
    case 'contact':
      return <ContactPage key={route.contact} contact={route.contact} onBack={onBack} />;
    case 'new':
      return <NewContactPage onBack={onBack} />;
    case 'requests':
      return <RequestsPage onBack={onBack} />;
    case 'network':
      return <NetworkPage onBack={onBack} />;
    case 'settings':
      return (
        <SettingsPage
          section={route.section ?? 'appearance'}
          settings={settings}
          about={about}
          onSave={saveSettings}
          onBack={onBack}
        />
      );
  }
}
