// The bar above a page: back where there is room for one pane, a title, what can be done.
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import './page-bar.css';

export type PageBarProps = {
  /** The page's heading, where it stands in the bar. */
  readonly title?: string;
  readonly children?: ReactNode;
  readonly onBack: () => void;
};

export function PageBar({ title, children, onBack }: PageBarProps) {
  return (
    <header className={title === undefined ? 'bar only-narrow' : 'bar page-bar'}>
      <span className="only-narrow">
        <BackButton onBack={onBack} />
      </span>
      {title === undefined ? null : (
        <h1 className="bar-title" tabIndex={-1}>
          {title}
        </h1>
      )}
      {children}
    </header>
  );
}

export function BackButton({ onBack }: { readonly onBack: () => void }) {
  const { text } = useSpeech();
  return (
    <IconButton
      words={text('shell.back')}
      icon={<Icon of={ArrowLeft} mirrored />}
      onPress={onBack}
    />
  );
}
