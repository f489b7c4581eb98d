// The safety number of a contact: to compare by eye or by picture, and what that said.
import { Copy, ShieldCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { CallValue } from '../../shared/api.ts';
import type { Contact } from '../../shared/api-people.ts';
import { useApi } from '../state/session.tsx';
import { useAct } from '../state/use-act.ts';
import { useAsked } from '../state/use-asked.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Icon } from '../ui/icon.tsx';
import { Notice, type NoticeKind } from '../ui/notice.tsx';
import { Failure } from '../views/failure.tsx';
import { copyText } from './copy-text.ts';
import { DropArea, ScanButton, usePastedPicture } from './picture-drop.tsx';
import { PICTURE_SIZE_MAX, readQrFile } from './picture-file.ts';
import { qrModules } from './qr.ts';
import { QrCode } from './qr-code.tsx';
import { SafetyNumber, safetyGroups } from './safety-number.tsx';
import './safety-panel.css';

const PICTURE_PX = 184;
/** Characters of a scan text, at most. */
const SCAN_LENGTH_MAX = 1_024;

type Outcome = CallValue<'contact.scan'>['outcome'];
type Said = Outcome | 'differ' | 'copied' | 'uncopied' | 'unread' | 'no_picture' | null;

export type SafetyPanelProps = {
  readonly contact: Contact;
  readonly onContact: (contact: Contact) => void;
};

export function SafetyPanel({ contact, onContact }: SafetyPanelProps) {
  const { text, formats } = useSpeech();
  const safety = useAsked('contact.safety', { id: contact.id });
  const waiting = useDelayed(safety.value === null && safety.failure === null, LOADING_DELAY_MS);
  const panel = useSafetyActs(contact, onContact);
  const { verifiedUnixMs, keysChange, name } = contact;
  const isVerified = verifiedUnixMs !== null;
  const chip = isVerified
    ? text('safety.verified', { date: formats.date(verifiedUnixMs) })
    : text(keysChange?.wasVerified === true ? 'safety.changed' : 'safety.unverified');
  return (
    <DropArea onFile={panel.scan}>
      {(isOver) => (
        <section
          className="safety-panel"
          aria-labelledby="safety-title"
          data-over={isOver ? '' : undefined}
        >
          {keysChange === null ? null : keysChange.wasVerified ? (
            <Notice kind="caution" words={text('safety.changed.detail', { name })} />
          ) : (
            <Notice kind="neutral" words={text('safety.changed.unverified', { name })} />
          )}
          <div className="safety-top">
            <div className="safety-words">
              <h2 className="safety-title" id="safety-title">
                {text('safety.title')}{' '}
                <Chip kind={isVerified ? 'accent' : 'caution'} words={chip} />
              </h2>
              <p className="safety-detail">{text('safety.detail', { name })}</p>
              <Digits digits={safety.value?.digits ?? null} />
              {waiting ? <p className="safety-detail">{text('safety.waiting')}</p> : null}
              <Failure failure={safety.failure} onAgain={safety.ask} />
            </div>
            <div className="safety-picture">
              <SafetyPicture name={name} scan={safety.value?.scan ?? null} />
              <ScanButton kind="text" busy={panel.isReading} onFile={panel.scan}>
                {text('safety.scan')}
              </ScanButton>
            </div>
          </div>
          <Actions isVerified={isVerified} panel={panel} digits={safety.value?.digits ?? null} />
          <div role="status" className="safety-said">
            <SaidNotice said={panel.said} name={name} />
          </div>
          <Failure failure={panel.failure} />
        </section>
      )}
    </DropArea>
  );
}

type SafetyActs = ReturnType<typeof useSafetyActs>;

function useSafetyActs(contact: Contact, onContact: (contact: Contact) => void) {
  const api = useApi();
  const act = useAct();
  const reading = useAct();
  const [said, say] = useState<Said>(null);
  const { id } = contact;
  const verify = (isVerified: boolean, then: Said) => {
    say(null);
    act.run(async () => {
      onContact(await api.call('contact.verify', { id, isVerified }));
      say(then);
    });
  };
  const scan = (file: File) => {
    say(null);
    reading.run(async () => {
      const found = await readQrFile(file);
      if (found.kind !== 'text') {
        say(found.kind === 'none' ? 'unread' : 'no_picture');
        return;
      }
      const scanned = found.text.slice(0, SCAN_LENGTH_MAX);
      const { outcome } = await api.call('contact.scan', { id, text: scanned });
      say(outcome);
      if (outcome !== 'match') return;
      const changed = await api.call('contact.get', { id });
      if (changed !== null) onContact(changed);
    });
  };
  usePastedPicture(scan);
  return {
    said,
    say,
    scan,
    isReading: reading.isBusy,
    isBusy: act.isBusy,
    failure: act.failure ?? reading.failure,
    match: () => verify(true, null),
    differ: () => (contact.verifiedUnixMs === null ? say('differ') : verify(false, 'differ')),
    undo: () => verify(false, null),
  };
}

function Actions(props: {
  readonly isVerified: boolean;
  readonly panel: SafetyActs;
  readonly digits: string | null;
}) {
  const { text } = useSpeech();
  const { panel, digits } = props;
  const copy = () => {
    const groups = safetyGroups(digits ?? '') ?? [];
    void copyText(groups.join(' ')).then((isCopied) => {
      panel.say(isCopied ? 'copied' : 'uncopied');
    });
  };
  return (
    <div className="safety-actions">
      {props.isVerified ? (
        <Button busy={panel.isBusy} onPress={panel.undo}>
          {text('safety.undo')}
        </Button>
      ) : digits === null ? null : (
        <>
          <Button
            kind="filled"
            icon={<Icon of={ShieldCheck} small />}
            busy={panel.isBusy}
            onPress={panel.match}
          >
            {text('safety.match')}
          </Button>
          <Button onPress={panel.differ}>{text('safety.differ')}</Button>
        </>
      )}
      {digits === null ? null : (
        <span className="safety-copy">
          <Button kind="text" icon={<Icon of={Copy} small />} onPress={copy}>
            {text('safety.copy')}
          </Button>
        </span>
      )}
    </div>
  );
}

function Digits({ digits }: { readonly digits: string | null }) {
  const { text } = useSpeech();
  const groups = digits === null ? null : safetyGroups(digits);
  // Its place is kept, so that nothing moves when it comes.
  if (groups === null) return <div className="safety-place" />;
  return <SafetyNumber label={text('safety.title')} groups={groups} />;
}

function SafetyPicture({ name, scan }: { readonly name: string; readonly scan: string | null }) {
  const { text } = useSpeech();
  const modules = scan === null ? null : qrModules(scan);
  if (modules === null) return <div className="safety-picture-place" />;
  return <QrCode label={text('safety.qr', { name })} modules={modules} sizeMax={PICTURE_PX} />;
}

function SaidNotice({ said, name }: { readonly said: Said; readonly name: string }): ReactNode {
  const { text, formats } = useSpeech();
  const notice = (kind: NoticeKind, words: string) => <Notice kind={kind} words={words} />;
  switch (said) {
    case null:
      return null;
    case 'match':
      return notice('neutral', text('safety.scan.match', { name }));
    case 'mismatch':
      return notice('danger', text('safety.scan.mismatch'));
    case 'differ':
      return notice('danger', text('safety.differ.detail'));
    case 'unread':
      return notice('caution', text('use.unread'));
    case 'no_picture':
      return notice('caution', text('use.no_picture', { size: formats.size(PICTURE_SIZE_MAX) }));
    case 'copied':
      return notice('neutral', text('safety.copied'));
    case 'uncopied':
      return notice('caution', text('safety.uncopied'));
    case 'own':
    case 'newer_version':
    case 'not_a_number':
      return notice('caution', text(`safety.scan.${said}`));
  }
}
