// Facts of the network: what is measured, its value with unit, and under it interval and count. And
// the cards that hold charts, each with its table beside it.
import { type ReactNode, useId } from 'react';
import { type Choice, Segmented } from '../ui/segmented.tsx';
import './facts.css';

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="fact-row">{children}</dl>;
}

export type FactProps = {
  readonly label: string;
  readonly value: string;
  /** Beside the value, at its size: an interval. */
  readonly graphic?: ReactNode;
  readonly lines: readonly string[];
};

export function Fact(props: FactProps) {
  return (
    <div className="fact">
      <dt className="fact-label">{props.label}</dt>
      <dd className="fact-value">
        {props.value}
        {props.graphic}
      </dd>
      {props.lines.map((line) => (
        <dd key={line} className="fact-line">
          {line}
        </dd>
      ))}
    </div>
  );
}

export type PanelProps<T extends string> = {
  readonly title: string;
  /** From what and from when: "last hour". */
  readonly note?: string;
  /** Chart or table. */
  readonly view?: {
    readonly label: string;
    readonly value: T;
    readonly choices: readonly Choice<T>[];
    readonly onChange: (value: T) => void;
  };
  /** The title is a label, and what stands under it is large. */
  readonly isQuiet?: boolean;
  readonly children: ReactNode;
};

export function Panel<T extends string>(props: PanelProps<T>) {
  const titleId = useId();
  return (
    <section className="panel" aria-labelledby={titleId}>
      <header className={props.isQuiet === true ? 'panel-head panel-head-quiet' : 'panel-head'}>
        <h2 className="panel-title" id={titleId}>
          {props.title}
        </h2>
        {props.note === undefined ? null : <p className="panel-note">{props.note}</p>}
        {props.view === undefined ? null : (
          <span className="panel-view">
            <Segmented {...props.view} />
          </span>
        )}
      </header>
      {props.children}
    </section>
  );
}
