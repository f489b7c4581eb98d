// Settings: their sections in place of the list, the chosen one as the page.
import { ArrowLeft, Info, type LucideIcon, Palette } from 'lucide-react';
import type { About, Settings } from '../../shared/api.ts';
import { formatRoute, type SettingsSection } from '../state/route.ts';
import { moveFocus } from '../state/roving.ts';
import type { Key } from '../strings/catalogue.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { AboutSection } from './settings-about.tsx';
import { AppearanceSection } from './settings-appearance.tsx';
import './settings.css';

type SectionRow = {
  readonly id: SettingsSection;
  readonly icon: LucideIcon;
  readonly name: Extract<Key, 'settings.appearance' | 'settings.about'>;
};

const sections: readonly SectionRow[] = [
  { id: 'appearance', icon: Palette, name: 'settings.appearance' },
  { id: 'about', icon: Info, name: 'settings.about' },
];

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
        {sections.map((row) => (
          <a
            key={row.id}
            className="settings-link"
            href={formatRoute({ place: 'settings', section: row.id })}
            aria-current={row.id === shown ? 'page' : undefined}
            tabIndex={row.id === shown ? 0 : -1}
            data-roving=""
          >
            <Icon of={row.icon} />
            {text(row.name)}
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
      <header className="bar only-narrow">
        <BackButton onBack={props.onBack} />
      </header>
      <div className="settings-page">
        {props.section === 'appearance' ? (
          <AppearanceSection settings={props.settings} onSave={props.onSave} />
        ) : (
          <AboutSection about={props.about} />
        )}
      </div>
    </>
  );
}

function BackButton({ onBack }: { readonly onBack: () => void }) {
  const { text } = useSpeech();
  return (
    <IconButton
      words={text('shell.back')}
      icon={<Icon of={ArrowLeft} mirrored />}
      onPress={onBack}
    />
  );
}
