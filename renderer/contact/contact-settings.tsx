// What can be set and done about a contact. A dialog stands before what cannot be undone alone;
// renewing the encryption is explained in its row first.
import { useState } from 'react';
import type { Contact } from '../../shared/api-people.ts';
import { useApi } from '../state/session.tsx';
import { useAct } from '../state/use-act.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { SettingRow } from '../ui/setting-row.tsx';
import { Switch } from '../ui/switch.tsx';
import { Failure } from '../views/failure.tsx';

export type ContactSettingsProps = {
  readonly contact: Contact;
  readonly onContact: (contact: Contact) => void;
  readonly onRemoved: () => void;
};

export function ContactSettings({ contact, onContact, onRemoved }: ContactSettingsProps) {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  const [isAsking, setAsking] = useState(false);
  const { id, name } = contact;
  const keep = (call: () => Promise<Contact>) => act.run(async () => onContact(await call()));
  return (
    <section className="contact-settings" aria-label={text('contact.settings')}>
      <div className="contact-columns">
        {contact.state === 'accepted' ? (
          <div>
            <SettingRow
              name={text('contact.tells', { name })}
              detail={text('contact.tells.detail')}
              control={({ nameId, detailId }) => (
                <Switch
                  on={contact.tellsRead}
                  labelledBy={nameId}
                  describedBy={detailId}
                  onChange={(tellsRead) => keep(() => api.call('contact.set', { id, tellsRead }))}
                />
              )}
            />
            <ResetRow contact={contact} />
          </div>
        ) : null}
        <div>
          {contact.state === 'requested' ? null : <BlockRow contact={contact} keep={keep} />}
          <SettingRow
            name={text('contact.remove')}
            detail={text('contact.remove.detail')}
            control={() => (
              <Button kind="destructive" onPress={() => setAsking(true)}>
                {text('contact.remove')}
              </Button>
            )}
          />
        </div>
      </div>
      <Failure failure={act.failure} />
      <Dialog
        open={isAsking}
        title={text('contact.remove.title', { name })}
        description={text('contact.remove.explained')}
        actions={
          <>
            <Button onPress={() => setAsking(false)}>{text('contact.keep')}</Button>
            <Button
              kind="destructive"
              onPress={() => {
                setAsking(false);
                act.run(async () => {
                  await api.call('contact.remove', { id });
                  onRemoved();
                });
              }}
            >
              {text('contact.remove')}
            </Button>
          </>
        }
        onClose={() => setAsking(false)}
      />
    </section>
  );
}

type BlockRowProps = {
  readonly contact: Contact;
  readonly keep: (call: () => Promise<Contact>) => void;
};

function BlockRow({ contact, keep }: BlockRowProps) {
  const { text } = useSpeech();
  const api = useApi();
  const { id, state } = contact;
  const isBlocked = state === 'blocked';
  return (
    <SettingRow
      name={text(isBlocked ? 'contact.unblock' : 'contact.block')}
      detail={text(isBlocked ? 'contact.unblock.detail' : 'contact.block.detail')}
      control={() => (
        <Button
          kind={isBlocked ? 'outlined' : 'destructive'}
          onPress={() =>
            keep(() => api.call(isBlocked ? 'contact.unblock' : 'contact.block', { id }))
          }
        >
          {text(isBlocked ? 'contact.unblock' : 'contact.block')}
        </Button>
      )}
    />
  );
}

/** Renewing the encryption: what it does first, then the button that does it. */
function ResetRow({ contact }: { readonly contact: Contact }) {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  const [stage, setStage] = useState<'rest' | 'explained' | 'done'>('rest');
  const renew = () =>
    act.run(async () => {
      await api.call('contact.reset', { id: contact.id });
      setStage('done');
    });
  return (
    <div className="contact-reset">
      <SettingRow
        name={text('contact.reset')}
        detail={text('contact.reset.detail')}
        control={() => (
          <Button
            disabledReason={stage === 'done' ? text('contact.reset.done') : undefined}
            onPress={() => setStage(stage === 'explained' ? 'rest' : 'explained')}
          >
            {text(stage === 'explained' ? 'contact.cancel' : 'contact.reset.action')}
          </Button>
        )}
      />
      <div role="status">
        {stage === 'explained' ? (
          <Notice
            kind="caution"
            words={text('contact.reset.explained', { name: contact.name })}
            action={
              <Button busy={act.isBusy} onPress={renew}>
                {text('contact.reset.sure')}
              </Button>
            }
          />
        ) : null}
        {stage === 'done' ? <Notice kind="neutral" words={text('contact.reset.done')} /> : null}
      </div>
      <Failure failure={act.failure} />
    </div>
  );
}
