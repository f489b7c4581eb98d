// How somebody becomes a contact: a code of the own, or one that somebody gave.
import { X } from 'lucide-react';
import { useState } from 'react';
import { InvitePanel } from '../contact/invite-panel.tsx';
import { UseCodePanel } from '../contact/use-code-panel.tsx';
import { useKnown } from '../state/session.tsx';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageBar } from './page-bar.tsx';

export function NewContactPage({ onBack }: { readonly onBack: () => void }) {
  const { text } = useSpeech();
  const isOnline = useKnown((known) => known.network?.state === 'online');
  const isAway = useKnown((known) => known.network !== null) && !isOnline;
  const [canSend, setCanSend] = useState(false);
  return (
    <>
      <PageBar title={text('new_contact.title')} onBack={onBack}>
        <span className="bar-end only-wide">
          <IconButton words={text('new.close')} icon={<Icon of={X} />} onPress={onBack} />
        </span>
      </PageBar>
      <div className="page-scroll">
        <div role="status" className="new-offline">
          {isAway ? <Notice kind="caution" words={text('new.offline')} /> : null}
        </div>
        <div className="new-contact">
          <InvitePanel isOnline={isOnline} isMain={!canSend} />
          <span className="new-divider" />
          <UseCodePanel isOnline={isOnline} onReady={setCanSend} />
        </div>
      </div>
    </>
  );
}
