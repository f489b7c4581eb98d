// A segmented control: a few choices, all in sight. Radio buttons underneath, so the arrow keys and
// screen readers know it already.
import { useId } from 'react';
import './segmented.css';

export type Choice<T extends string> = { readonly value: T; readonly words: string };

export type SegmentedProps<T extends string> = {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
};

export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const name = useId();
  return (
    <fieldset className="segmented" disabled={props.disabled}>
      <legend className="visually-hidden">{props.label}</legend>
      {props.choices.map((choice) => (
        <label key={choice.value} className="segment">
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            checked={choice.value === props.value}
            onChange={() => props.onChange(choice.value)}
          />
          <span className="segment-words" data-words={choice.words}>
            {choice.words}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
