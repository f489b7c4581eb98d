// Who a contact is: picture, name, since when and how known, and the own name for him.
import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Contact } from '../../shared/api-people.ts';
import { NAME_LENGTH_MAX } from '../../shared/api-profile.ts';
import { formatRoute } from '../state/route.ts';
import { useApi } from '../state/session.tsx';
import { failureKey, useAct } from '../state/use-act.ts';
import { plain, useSpeech } from '../strings/speech.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';

export type ContactHeadProps = {
  readonly contact: Contact;
  readonly onContact: (contact: Contact) => void;
};

export function ContactHead({ contact, onContact }: ContactHeadProps) {
  const { text } = useSpeech();
  const [isRenaming, setRenaming] = useState(false);
  return (
    <header className="contact-head">
      <Avatar name={contact.name} pair={contact.pair} picture={contact.avatar} size={72} />
      <div className="contact-who">
        <h2 className="contact-name isolated" dir="auto" tabIndex={-1}>
          {contact.name}
        </h2>
        <Known contact={contact} />
      </div>
      {isRenaming ? null : (
        <div className="contact-actions">
          <Button icon={<Icon of={Pencil} small />} onPress={() => setRenaming(true)}>
            {text('contact.rename')}
          </Button>
          <Button
            onPress={() => {
              window.location.hash = formatRoute({
                place: 'chat',
                contact: contact.id,
                message: null,
              });
            }}
          >
            {text('contact.write')}
          </Button>
        </div>
      )}
      {isRenaming ? (
        <Rename contact={contact} onContact={onContact} onEnd={() => setRenaming(false)} />
      ) : null}
    </header>
  );
}

function Known({ contact }: { readonly contact: Contact }) {
  const { text, formats } = useSpeech();
  const { state, alias, theirName, provider } = contact;
  const known = [
    text(`contact.since.${contact.via}`, { date: formats.date(contact.knownSinceUnixMs) }),
    provider === null ? '' : text('contact.provider', { provider }),
    alias === null || theirName === '' ? '' : text('contact.own_name', { name: theirName }),
  ];
  return (
    <>
      <p className="contact-known">{known.filter((part) => part !== '').join(' ')}</p>
      {state === 'accepted' ? null : (
        <Chip
          kind={state === 'blocked' ? 'danger' : 'neutral'}
          words={text(state === 'blocked' ? 'contact.blocked' : 'contact.requested')}
        />
      )}
    </>
  );
}

function Rename(props: ContactHeadProps & { readonly onEnd: () => void }) {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  const { contact } = props;
  const [alias, setAlias] = useState(contact.alias ?? contact.theirName);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const given = alias.trim();
    act.run(async () => {
      const next = given === '' || given === contact.theirName ? null : given;
      props.onContact(await api.call('contact.set', { id: contact.id, alias: next }));
      props.onEnd();
    });
  };
  const leave = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    props.onEnd();
  };
  return (
    <form className="contact-rename" onSubmit={save} onKeyDown={leave}>
      <TextField
        label={text('contact.alias')}
        value={alias}
        takesFocus
        lengthMax={NAME_LENGTH_MAX}
        hint={
          contact.theirName === ''
            ? text('contact.alias.hint.unnamed')
            : text('contact.alias.hint', { name: contact.theirName })
        }
        error={act.failure === null ? undefined : plain(text(failureKey(act.failure)))}
        onChange={setAlias}
      />
      <div className="contact-actions">
        <Button submits busy={act.isBusy}>
          {text('contact.save')}
        </Button>
        <Button kind="text" onPress={props.onEnd}>
          {text('contact.cancel')}
        </Button>
      </div>
    </form>
  );
}
