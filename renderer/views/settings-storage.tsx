// What lies on the disk of this computer: how much, whether it is whole, and a new key for it.

import { useState } from 'react';
import type { Storage } from '../../shared/api-profile.ts';
import { useApi } from '../state/session.tsx';
import { useAct } from '../state/use-act.ts';
import { useAsked } from '../state/use-asked.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import { SettingRow } from '../ui/setting-row.tsx';
import { Failure } from './failure.tsx';

export function StorageSection() {
  const { text } = useSpeech();
  const storage = useAsked('storage.get', {});
  const isWaiting = storage.value === null && storage.failure === null;
  const waiting = useDelayed(isWaiting, LOADING_DELAY_MS);
  return (
    <>
      <h1 className="settings-title" tabIndex={-1}>
        {text('storage.title')}
      </h1>
      <p className="settings-lead">{text('storage.detail')}</p>
      {storage.value === null ? null : (
        <>
          <StorageFacts storage={storage.value} />
          <Rekey bytes={storage.value.fileBytes} onDone={storage.ask} />
        </>
      )}
      {waiting ? <Notice kind="neutral" words={text('storage.waiting')} /> : null}
      <Failure failure={storage.failure} onAgain={storage.ask} />
    </>
  );
}

function StorageFacts({ storage }: { readonly storage: Storage }) {
  const { text, formats } = useSpeech();
  const { backups, lastCheck } = storage;
  const checked = () => {
    if (lastCheck === null) return text('storage.check.none');
    const moment = formats.until(lastCheck.atUnixMs);
    return text(lastCheck.isWhole ? 'storage.check.whole' : 'storage.check.damaged', { moment });
  };
  const rows: readonly (readonly [name: string, value: string])[] = [
    [text('storage.file'), formats.size(storage.fileBytes)],
    [text('storage.messages'), formats.number(storage.messages)],
    [text('storage.contacts'), formats.number(storage.contacts)],
    [
      text('storage.backups'),
      backups.count === 0
        ? text('storage.backups.none')
        : text('storage.backups.some', {
            count: backups.count,
            size: formats.size(backups.bytes),
          }),
    ],
    [text('storage.check'), checked()],
  ];
  return (
    <>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {lastCheck?.isWhole === false ? (
        <Notice kind="danger" words={text('storage.check.damaged.detail')} />
      ) : null}
    </>
  );
}

function Rekey({ bytes, onDone }: { readonly bytes: number; readonly onDone: () => void }) {
  const { text, formats } = useSpeech();
  const api = useApi();
  const act = useAct();
  const [isDone, setDone] = useState(false);
  const rekey = () => {
    setDone(false);
    act.run(async () => {
      await api.call('storage.rekey', {});
      setDone(true);
      onDone();
    });
  };
  return (
    <div className="storage-rekey">
      <SettingRow
        name={text('storage.rekey')}
        detail={text('storage.rekey.detail')}
        control={() => (
          <Button busy={act.isBusy} onPress={rekey}>
            {text('storage.rekey.action')}
          </Button>
        )}
      />
      <div role="status" className="failure">
        {act.isBusy ? (
          <Notice
            kind="neutral"
            icon={<Mark size={18} active />}
            words={text('storage.rekey.working', { size: formats.size(bytes) })}
          />
        ) : null}
        {isDone ? <Notice kind="neutral" words={text('storage.rekey.done')} /> : null}
      </div>
      <Failure failure={act.failure} />
    </div>
  );
}
