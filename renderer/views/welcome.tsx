// The first start: a name, and beside it what starts meanwhile, step by step.
import { Check } from 'lucide-react';
import type { FormEvent } from 'react';
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

/** What starts beside the form: the demo network and the first loop through it. */
export type Progress = {
  readonly columns: readonly Column[];
  readonly steps: readonly Step[];
  /** 0 to 1. */
  readonly share: number;
  readonly secondsLeft: number | null;
};

export type WelcomeProps = {
  readonly name: string;
  readonly progress: Progress;
  readonly onName: (name: string) => void;
  readonly onContinue: () => void;
  readonly onJoin: () => void;
  /** Left out where there is no backup to restore. */
  readonly onRestore?: () => void;
};

/** Longest name, in UTF-16 units; the field takes no more. */
export const NAME_LENGTH_MAX = 64;

export function Welcome(props: WelcomeProps) {
  const { text } = useSpeech();
  const isNamed = props.name.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isNamed) props.onContinue();
  };
  return (
    <main className="welcome">
      <div className="welcome-start">
        <p className="wordmark">
          <Mark size={24} />
          {text('app.name')}
        </p>
        <form className="welcome-form" onSubmit={submit}>
          <h1 className="welcome-title">{text('welcome.title')}</h1>
          <p className="welcome-detail">{text('welcome.detail')}</p>
          <TextField
            label={text('welcome.name')}
            value={props.name}
            lengthMax={NAME_LENGTH_MAX}
            hint={text('welcome.name.hint')}
            onChange={props.onName}
          />
          <div className="welcome-actions">
            <Button
              kind="filled"
              large
              submits
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
        <p className="welcome-foot">
          {text('welcome.invited')}{' '}
          <Button kind="text" onPress={props.onJoin}>
            {text('welcome.join')}
          </Button>
        </p>
      </div>
      <ProgressPane progress={props.progress} />
    </main>
  );
}

function ProgressPane({ progress }: { readonly progress: Progress }) {
  const { text } = useSpeech();
  return (
    <section className="welcome-progress" aria-label={text('welcome.demo')}>
      <div className="welcome-column">
        <h2 className="welcome-heading">{text('welcome.demo')}</h2>
        <p className="welcome-explained">{text('welcome.demo.detail')}</p>
        <NetworkPicture label={text('welcome.demo')} columns={progress.columns} isPlain />
        <ol className="steps">
          {progress.steps.map((step) => (
            <StepRow key={step.id} step={step} />
          ))}
        </ol>
        <progress
          className="progress"
          max="1"
          value={progress.share}
          aria-label={text('welcome.demo')}
        />
        <p className="welcome-left" role="status">
          {progress.secondsLeft === null
            ? null
            : text('welcome.left', { seconds: progress.secondsLeft })}
        </p>
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
