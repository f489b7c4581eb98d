// The first start: a name, and beside it what starts meanwhile, step by step. Nothing here waits
// for what starts.
import { Check } from 'lucide-react';
import type { FormEvent, ReactNode } from 'react';
import { type Column, NetworkPicture } from '../network/network-picture.tsx';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { Mark } from '../ui/mark.tsx';
import './welcome.css';

export type Step = {
  readonly id: string;
  readonly words: string;
  readonly state: 'done' | 'now' | 'later';
  readonly seconds?: number;
};

/** What starts beside the form: the demo network, or the way into the one that was joined. */
export type Progress = {
  readonly title: string;
  readonly detail: string;
  readonly columns: readonly Column[];
  readonly steps: readonly Step[];
  /** 0 to 1. */
  readonly share: number;
  /** Under the bar: how long it still takes, or what went wrong. */
  readonly words: ReactNode;
};

export type WelcomeProps = {
  readonly name: string;
  readonly progress: Progress;
  readonly onName: (name: string) => void;
  readonly onContinue: () => void;
  /** Left out where a network was joined already. */
  readonly onJoin?: (() => void) | undefined;
  /** Left out where there is no backup to restore. */
  readonly onRestore?: () => void;
  /** Why the name was not taken. */
  readonly error?: string | undefined;
  readonly busy?: boolean;
  /** Between the name and what can be done: the picture. */
  readonly children?: ReactNode;
  /** Above everything: what is wrong with the engine. */
  readonly notice?: ReactNode;
  /** In place of the form: how a network is joined. */
  readonly instead?: ReactNode;
};

/** Longest name, in UTF-16 units; the field takes no more. */
export const NAME_LENGTH_MAX = 64;

export function Welcome(props: WelcomeProps) {
  const { text } = useSpeech();
  return (
    <main className="welcome">
      <div className="welcome-start">
        <p className="wordmark">
          <Mark size={24} />
          {text('app.name')}
        </p>
        {props.notice}
        {props.instead ?? <NameForm {...props} />}
        <p className="welcome-foot">
          {props.onJoin === undefined ? null : (
            <>
              {text('welcome.invited')}{' '}
              <Button kind="text" onPress={props.onJoin}>
                {text('welcome.join')}
              </Button>
            </>
          )}
        </p>
      </div>
      <ProgressPane progress={props.progress} />
    </main>
  );
}

function NameForm(props: WelcomeProps) {
  const { text } = useSpeech();
  const isNamed = props.name.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isNamed && props.busy !== true) props.onContinue();
  };
  return (
    <form className="welcome-form" onSubmit={submit}>
      <h1 className="welcome-title">{text('welcome.title')}</h1>
      <p className="welcome-detail">{text('welcome.detail')}</p>
      <TextField
        label={text('welcome.name')}
        value={props.name}
        lengthMax={NAME_LENGTH_MAX}
        hint={text('welcome.name.hint')}
        error={props.error}
        takesFocus
        onChange={props.onName}
      />
      {props.children}
      <div className="welcome-actions">
        <Button
          kind="filled"
          large
          submits
          busy={props.busy === true}
          disabledReason={isNamed ? undefined : text('welcome.name.missing')}
        >
          {text('welcome.continue')}
        </Button>
        {props.onRestore === undefined ? null : (
          <Button kind="text" large onPress={props.onRestore}>
            {text('welcome.restore')}
          </Button>
        )}
      </div>
    </form>
  );
}

function ProgressPane({ progress }: { readonly progress: Progress }) {
  return (
    <section className="welcome-progress" aria-label={progress.title}>
      <div className="welcome-column">
        <h2 className="welcome-heading">{progress.title}</h2>
        <p className="welcome-explained">{progress.detail}</p>
        {progress.columns.length === 0 ? null : (
          <NetworkPicture label={progress.title} columns={progress.columns} isPlain />
        )}
        {progress.steps.length === 0 ? null : (
          <>
            <ol className="steps">
              {progress.steps.map((step) => (
                <StepRow key={step.id} step={step} />
              ))}
            </ol>
            <progress
              className="progress"
              max="1"
              value={progress.share}
              aria-label={progress.title}
            />
          </>
        )}
        <div className="welcome-left" role="status">
          {progress.words}
        </div>
      </div>
    </section>
  );
}

function StepRow({ step }: { readonly step: Step }) {
  const { text } = useSpeech();
  return (
    <li className={`step step-${step.state}`}>
      <span className="step-sign">
        {step.state === 'done' ? <Icon of={Check} /> : null}
        {step.state === 'now' ? <Mark size={18} active /> : null}
        {step.state === 'later' ? <span className="step-dot" /> : null}
      </span>
      <span className="step-words">{step.words}</span>
      <span className="visually-hidden">{text(`welcome.step.${step.state}`)}</span>
      {step.seconds === undefined ? null : (
        <span className="step-time">{text('welcome.seconds', { seconds: step.seconds })}</span>
      )}
    </li>
  );
}
