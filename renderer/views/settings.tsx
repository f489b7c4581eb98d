// Settings: their sections in place of the list, the chosen one as the page.
import { HardDrive, Info, Lock, type LucideIcon, Palette, User } from 'lucide-react';
import type { ReactNode } from 'react';
import type { About, Settings } from '../../shared/api.ts';
import { formatRoute, type SettingsSection, settingsSections } from '../state/route.ts';
import { moveFocus } from '../state/roving.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import { BackButton, PageBar } from './page-bar.tsx';
import { AboutSection } from './settings-about.tsx';
import { AppearanceSection } from './settings-appearance.tsx';
import { PrivacySection } from './settings-privacy.tsx';
import { ProfileSection } from './settings-profile.tsx';
import { StorageSection } from './settings-storage.tsx';
import './settings.css';

const icons: Readonly<Record<SettingsSection, LucideIcon>> = {
  profile: User,
  appearance: Palette,
  privacy: Lock,
  storage: HardDrive,
  about: Info,
};

export type SettingsPaneProps = {
  readonly section: SettingsSection | null;
  readonly onBack: () => void;
};

export function SettingsPane({ section, onBack }: SettingsPaneProps) {
  const { text } = useSpeech();
  const shown = section ?? 'appearance';
  return (
    <>
      <header className="bar">
        <BackButton onBack={onBack} />
        <h1 className="bar-title" tabIndex={-1}>
          {text('settings.title')}
        </h1>
      </header>
      <nav
        className="settings-sections"
        aria-label={text('settings.sections')}
        onKeyDown={moveFocus}
      >
        {settingsSections.map((section) => (
          <a
            key={section}
            className="settings-link"
            href={formatRoute({ place: 'settings', section })}
            aria-current={section === shown ? 'page' : undefined}
            tabIndex={section === shown ? 0 : -1}
            data-roving=""
          >
            <Icon of={icons[section]} />
            {text(`settings.${section}`)}
          </a>
        ))}
      </nav>
    </>
  );
}

export type SettingsPageProps = {
  readonly section: SettingsSection;
  readonly settings: Settings | null;
  readonly about: About | null;
  readonly onSave: (change: Partial<Settings>) => Promise<void>;
  readonly onBack: () => void;
};

export function SettingsPage(props: SettingsPageProps) {
  return (
    <>
      <PageBar onBack={props.onBack} />
      <div className="settings-page">{sectionOf(props)}</div>
    </>
  );
}

function sectionOf({ section, settings, about, onSave }: SettingsPageProps): ReactNode {
  switch (section) {
    case 'profile':
      return <ProfileSection />;
    case 'appearance':
      return <AppearanceSection settings={settings} onSave={onSave} />;
    case 'privacy':
      return <PrivacySection />;
    case 'storage':
      return <StorageSection />;
    case 'about':
      return <AboutSection about={about} />;
  }
}
