// Catches what a view throws, says what happened, and offers a way back. The engine is not
// concerned: it runs elsewhere.
import { Component, type ReactNode } from 'react';
import { formatRoute } from '../state/route.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import './fault.css';

type Props = {
  readonly children: ReactNode;
  /** Around the whole window: the fault is then its main part. */
  readonly whole?: boolean;
  readonly onReload?: () => void;
};
type State = { readonly fault: Error | null };

export class FaultBoundary extends Component<Props, State> {
  override state: State = { fault: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { fault: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render() {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    const reload = this.props.onReload ?? (() => window.location.reload());
    const backToStart = () => {
      window.location.hash = formatRoute({ place: 'conversations' });
      this.setState({ fault: null });
    };
    const page = <FaultPage fault={fault} onReload={reload} onBack={backToStart} />;
    return this.props.whole === true ? <main className="fault-whole">{page}</main> : page;
  }
}

export type FaultPageProps = {
  readonly fault: Error;
  readonly onReload: () => void;
  readonly onBack: () => void;
};

export function FaultPage({ fault, onReload, onBack }: FaultPageProps) {
  const { text } = useSpeech();
  return (
    <div className="fault" role="alert">
      <h1 className="fault-title">{text('fault.title')}</h1>
      <p className="fault-words">{text('fault.detail')}</p>
      <h2 className="fault-what">{text('fault.what')}</h2>
      <p className="fault-message" dir="auto">
        {fault.name}: {fault.message}
      </p>
      <div className="fault-actions">
        <Button kind="filled" onPress={onReload}>
          {text('fault.reload')}
        </Button>
        <Button kind="text" onPress={onBack}>
          {text('fault.back')}
        </Button>
      </div>
    </div>
  );
}
