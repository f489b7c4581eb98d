// The bar above a chat: who, what is agreed with them, and what can be opened from here.
import { ArrowLeft, Info, Search, ShieldCheck } from 'lucide-react';
import { useSpeech } from '../strings/speech.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import './chat-header.css';

export type ChatHeaderProps = {
  readonly name: string;
  readonly pair: number;
  readonly picture?: string | null;
  readonly group?: boolean;
  readonly verified?: boolean;
  /** "Verified 3 November · messages disappear after 4 weeks". */
  readonly detail: string;
  readonly onBack: () => void;
  readonly onSearch: () => void;
  readonly onDetails: () => void;
};

export function ChatHeader(props: ChatHeaderProps) {
  const { text } = useSpeech();
  return (
    <header className="chat-header">
      <span className="only-narrow">
        <IconButton
          words={text('shell.back')}
          icon={<Icon of={ArrowLeft} mirrored />}
          onPress={props.onBack}
        />
      </span>
      <Avatar
        name={props.name}
        pair={props.pair}
        picture={props.picture}
        group={props.group === true}
        size={36}
      />
      <div className="chat-who">
        <h1 className="chat-name" tabIndex={-1}>
          <span className="one-line isolated" dir="auto">
            {props.name}
          </span>
          {props.verified === true ? (
            <span className="sign sign-accent">
              <Icon of={ShieldCheck} small />
              <span className="visually-hidden">{text('row.verified')}</span>
            </span>
          ) : null}
        </h1>
        <p className="chat-detail one-line">{props.detail}</p>
      </div>
      <IconButton
        words={text('chat.search')}
        icon={<Icon of={Search} />}
        onPress={props.onSearch}
      />
      <IconButton
        words={text('chat.details')}
        icon={<Icon of={Info} />}
        onPress={props.onDetails}
      />
    </header>
  );
}
