// What others learn, and what guards the profile on this computer.
import { useState } from 'react';
import type { Settings } from '../../shared/api.ts';
import type { Lock } from '../../shared/api-profile.ts';
import { useApi, useKnown, useSession } from '../state/session.tsx';
import { useAct } from '../state/use-act.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Select } from '../ui/select.tsx';
import { SettingRow } from '../ui/setting-row.tsx';
import { Switch } from '../ui/switch.tsx';
import { Failure } from './failure.tsx';
import { type PassphraseChange, PassphraseForm } from './passphrase-form.tsx';
import { Strangers } from './settings-strangers.tsx';

/** What the automatic lock is offered to wait; 0 is never. */
const LOCK_MINUTES = [0, 1, 5, 15, 60] as const;

export function PrivacySection() {
  const { text } = useSpeech();
  const lock = useKnown((known) => known.lock);
  const settings = useKnown((known) => known.settings);
  const waiting = useDelayed(lock === null || settings === null, LOADING_DELAY_MS);
  return (
    <>
      <h1 className="settings-title" tabIndex={-1}>
        {text('privacy.title')}
      </h1>
      <p className="settings-lead">{text('privacy.detail')}</p>
      {lock === null || settings === null ? null : (
        <>
          <h2 className="settings-part">{text('privacy.here')}</h2>
          <LockRow lock={lock} settings={settings} />
          <PassphraseRow lock={lock} />
          {lock.hasKeychain === null ? null : <KeychainRow lock={lock} />}
          <h2 className="settings-part settings-heading">{text('privacy.people')}</h2>
          <TellsRow settings={settings} />
          <div className="settings-notice">
            <Notice kind="neutral" words={text('privacy.cover')} />
          </div>
          <Strangers />
        </>
      )}
      {waiting ? <Notice kind="neutral" words={text('privacy.waiting')} /> : null}
    </>
  );
}

function LockRow({ lock, settings }: { readonly lock: Lock; readonly settings: Settings }) {
  const { text } = useSpeech();
  const { api, saveSettings } = useSession();
  const act = useAct();
  const { autoLockMinutes } = settings;
  const offered = LOCK_MINUTES.some((minutes) => minutes === autoLockMinutes)
    ? [...LOCK_MINUTES]
    : [...LOCK_MINUTES, autoLockMinutes].sort((one, other) => one - other);
  const words = (minutes: number) =>
    minutes === 0 ? text('privacy.lock.never') : text('privacy.lock.minutes', { minutes });
  return (
    <div className="setting-block">
      <SettingRow
        name={text('privacy.lock')}
        detail={text(lock.hasPassphrase ? 'privacy.lock.detail' : 'privacy.lock.none')}
        control={() => (
          <span className="setting-controls">
            <Select
              label={text('privacy.lock')}
              value={String(autoLockMinutes)}
              disabled={!lock.hasPassphrase}
              choices={offered.map((minutes) => ({
                value: String(minutes),
                words: words(minutes),
              }))}
              onChange={(minutes) =>
                act.run(() => saveSettings({ autoLockMinutes: Number(minutes) }))
              }
            />
            <Button
              disabledReason={lock.hasPassphrase ? undefined : text('privacy.lock.none')}
              onPress={() => act.run(() => api.call('lock.now', {}))}
            >
              {text('privacy.lock.now')}
            </Button>
          </span>
        )}
      />
      <Failure failure={act.failure} />
    </div>
  );
}

const done = {
  set: 'passphrase.was_set',
  change: 'passphrase.was_changed',
  remove: 'passphrase.was_removed',
} as const;

function PassphraseRow({ lock }: { readonly lock: Lock }) {
  const { text } = useSpeech();
  const [open, setOpen] = useState<PassphraseChange | null>(null);
  const [last, setLast] = useState<PassphraseChange | null>(null);
  const start = (change: PassphraseChange) => {
    setLast(null);
    setOpen(change);
  };
  const detail = !lock.hasPassphrase
    ? lock.wasGivenToKeychain
      ? 'privacy.passphrase.only_keychain'
      : 'privacy.passphrase.none'
    : lock.hasKeychain === true
      ? 'privacy.passphrase.keychain'
      : 'privacy.passphrase.alone';
  return (
    <div className="setting-block">
      <SettingRow
        name={text('privacy.passphrase')}
        detail={text(detail)}
        control={() =>
          open !== null ? null : (
            <span className="setting-controls">
              <Button onPress={() => start(lock.hasPassphrase ? 'change' : 'set')}>
                {text(lock.hasPassphrase ? 'passphrase.change' : 'passphrase.set')}
              </Button>
              {lock.hasPassphrase ? (
                <Button kind="destructive" onPress={() => start('remove')}>
                  {text('passphrase.remove')}
                </Button>
              ) : null}
            </span>
          )
        }
      />
      {open === null ? null : (
        <PassphraseForm
          key={open}
          change={open}
          isKept={lock.hasKeychain === true}
          onDone={() => {
            setLast(open);
            setOpen(null);
          }}
          onCancel={() => setOpen(null)}
        />
      )}
      <div role="status" className="failure">
        {last === null ? null : <Notice kind="neutral" words={text(done[last])} />}
      </div>
    </div>
  );
}

function KeychainRow({ lock }: { readonly lock: Lock }) {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  const [isAsking, setAsking] = useState(false);
  const isAlone = !lock.hasPassphrase;
  const isOn = lock.hasKeychain === true;
  const turn = (next: boolean) => {
    setAsking(next && isAlone && !isAsking);
    if (next && isAlone && !isAsking) return;
    act.run(() => api.call('lock.setKeychain', { isOn: next }));
  };
  return (
    <div className="setting-block">
      <SettingRow
        name={text('privacy.keychain')}
        detail={text(isAlone ? 'privacy.keychain.alone' : 'privacy.keychain.detail')}
        control={({ nameId, detailId }) => (
          <Switch
            on={isOn}
            labelledBy={nameId}
            describedBy={detailId}
            disabled={act.isBusy}
            onChange={turn}
          />
        )}
      />
      <div role="alert" className="failure">
        {isAsking && isAlone && !isOn ? (
          <Notice
            kind="caution"
            words={text('privacy.keychain.warning')}
            action={
              <span className="setting-controls">
                <Button onPress={() => setAsking(false)}>{text('passphrase.cancel')}</Button>
                <Button kind="destructive" onPress={() => turn(true)}>
                  {text('privacy.keychain.anyway')}
                </Button>
              </span>
            }
          />
        ) : null}
      </div>
      <Failure failure={act.failure} />
    </div>
  );
}

function TellsRow({ settings }: { readonly settings: Settings }) {
  const { text } = useSpeech();
  const { saveSettings } = useSession();
  const act = useAct();
  return (
    <div className="setting-block">
      <SettingRow
        name={text('privacy.tells')}
        detail={text('privacy.tells.detail')}
        control={({ nameId, detailId }) => (
          <Switch
            on={settings.tellsRead}
            labelledBy={nameId}
            describedBy={detailId}
            onChange={(tellsRead) => act.run(() => saveSettings({ tellsRead }))}
          />
        )}
      />
      <Failure failure={act.failure} />
    </div>
  );
}
