// Theme and language. Each choice is saved at once by the engine; what is shown is what it has
// saved.
import { useState } from 'react';
import type { Settings } from '../../shared/api.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { chooseLanguage, speak } from '../strings/language.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Notice } from '../ui/notice.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { SettingRow } from '../ui/setting-row.tsx';
import { Switch } from '../ui/switch.tsx';

export type AppearanceProps = {
  readonly settings: Settings | null;
  readonly onSave: (change: Partial<Settings>) => Promise<void>;
};

export function AppearanceSection({ settings, onSave }: AppearanceProps) {
  const { text } = useSpeech();
  const [failed, setFailed] = useState(false);
  const waiting = useDelayed(settings === null, LOADING_DELAY_MS);
  const save = (change: Partial<Settings>) => {
    setFailed(false);
    onSave(change).catch(() => setFailed(true));
  };
  return (
    <>
      <h1 className="settings-title" tabIndex={-1}>
        {text('appearance.title')}
      </h1>
      <p className="settings-lead">{text('appearance.detail')}</p>
      {settings === null ? null : <Choices settings={settings} onSave={save} />}
      <div className="settings-notice" role="status">
        {failed ? <Notice kind="danger" words={text('appearance.unsaved')} /> : null}
        {waiting ? <Notice kind="neutral" words={text('appearance.waiting')} /> : null}
      </div>
    </>
  );
}

function Choices(props: {
  readonly settings: Settings;
  readonly onSave: (change: Partial<Settings>) => void;
}) {
  const { text } = useSpeech();
  const system = chooseLanguage('system', navigator.languages);
  return (
    <>
      <SettingRow
        name={text('appearance.theme')}
        detail={text('appearance.theme.detail')}
        control={() => (
          <Segmented
            label={text('appearance.theme')}
            value={props.settings.theme}
            choices={[
              { value: 'system', words: text('appearance.theme.system') },
              { value: 'light', words: text('appearance.theme.light') },
              { value: 'dark', words: text('appearance.theme.dark') },
            ]}
            onChange={(theme) => props.onSave({ theme })}
          />
        )}
      />
      <SettingRow
        name={text('appearance.language')}
        detail={text('appearance.language.detail')}
        control={() => (
          <Select
            label={text('appearance.language')}
            value={props.settings.language}
            choices={[
              {
                value: 'system',
                words: text('appearance.language.system', { language: ownName(system) }),
              },
              { value: 'en', words: ownName('en') },
              { value: 'de', words: ownName('de') },
              { value: 'pseudo', words: text('appearance.language.pseudo') },
            ]}
            onChange={(language) => props.onSave({ language })}
          />
        )}
      />
      <SettingRow
        name={text('appearance.enter')}
        detail={text('appearance.enter.detail')}
        control={({ nameId, detailId }) => (
          <Switch
            on={props.settings.enterSends}
            labelledBy={nameId}
            describedBy={detailId}
            onChange={(enterSends) => props.onSave({ enterSends })}
          />
        )}
      />
    </>
  );
}

/** A language as its own speakers call it, so that it is found by whoever needs it. */
function ownName(language: 'en' | 'de' | 'pseudo'): string {
  const { locale, formats } = speak(language);
  return formats.languageName(locale);
}
