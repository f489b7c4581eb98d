// A row of the list with its menu: pin, mute, archive, mark as read. The menu opens by its button,
// by the pointer's second button and by the menu key.
import {
  Archive,
  ArchiveRestore,
  Bell,
  BellOff,
  CheckCheck,
  Ellipsis,
  Pin,
  PinOff,
} from 'lucide-react';
import { memo, useEffect, useState } from 'react';
import type { Conversation } from '../../shared/api-chat.ts';
import { formatRoute } from '../state/route.ts';
import { useSession } from '../state/session.tsx';
import type { Text } from '../strings/catalogue.ts';
import { shownName } from '../strings/shown-name.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { focusComposer } from './composer.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { previewOf } from './preview.ts';

export type ConversationAct = 'pin' | 'mute' | 'archive' | 'read';

export type ConversationItemProps = {
  readonly conversation: Conversation;
  readonly chosen: boolean;
  readonly isTabStop: boolean;
  readonly nowUnixMs: number;
  readonly onAct: (act: ConversationAct, conversation: Conversation) => void;
};

export const ConversationItem = memo(function ConversationItem(props: ConversationItemProps) {
  const { conversation } = props;
  const speech = useSpeech();
  const [isOpen, setOpen] = useState(false);
  const { text, formats } = speech;
  const name = shownName(speech, conversation);
  const { readPicture } = useSession();
  useEffect(() => {
    if (conversation.avatar === null) readPicture(conversation.contact);
  }, [conversation.avatar, conversation.contact, readPicture]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the menu's button does the same by keys
    <div
      className="row-item"
      onContextMenu={(event) => {
        event.preventDefault();
        setOpen(true);
      }}
    >
      <ConversationRow
        href={formatRoute({ place: 'chat', contact: conversation.contact, message: null })}
        name={name}
        pair={conversation.pair}
        picture={conversation.avatar}
        preview={previewOf(speech, conversation, props.chosen)}
        stamp={formats.stamp(conversation.atUnixMs, props.nowUnixMs)}
        unread={conversation.unread}
        verified={conversation.isVerified}
        pinned={conversation.isPinned}
        muted={conversation.isMuted}
        chosen={props.chosen}
        isTabStop={props.isTabStop}
        {...(props.chosen ? { onPress: focusComposer } : {})}
      />
      <span className="row-menu">
        <Menu
          words={text('row.menu', { name })}
          icon={<Icon of={Ellipsis} />}
          items={menuOf(text, conversation)}
          open={isOpen}
          onOpen={setOpen}
          isTabStop={props.isTabStop}
          onChoose={(id) => props.onAct(id as ConversationAct, conversation)}
        />
      </span>
    </div>
  );
});

function menuOf(text: Text, conversation: Conversation): readonly MenuItem[] {
  return [
    {
      id: 'pin',
      words: text(conversation.isPinned ? 'row.unpin' : 'row.pin'),
      icon: <Icon of={conversation.isPinned ? PinOff : Pin} small />,
    },
    {
      id: 'mute',
      words: text(conversation.isMuted ? 'row.unmute' : 'row.mute'),
      icon: <Icon of={conversation.isMuted ? Bell : BellOff} small />,
    },
    {
      id: 'archive',
      words: text(conversation.isArchived ? 'row.unarchive' : 'row.archive'),
      icon: <Icon of={conversation.isArchived ? ArchiveRestore : Archive} small />,
    },
    {
      id: 'read',
      words: text('row.read'),
      icon: <Icon of={CheckCheck} small />,
      disabled: conversation.unread === 0,
    },
  ];
}
