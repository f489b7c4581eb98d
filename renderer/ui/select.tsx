// A select: the system's own list under our face, so that keyboard, screen reader and long lists
// are the system's, and no style element is needed.
import { ChevronDown } from 'lucide-react';
import { Icon } from './icon.tsx';
import type { Choice } from './segmented.tsx';
import './select.css';

export type SelectProps<T extends string> = {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
};

export function Select<T extends string>(props: SelectProps<T>) {
  return (
    <span className="select">
      <select
        className="select-face"
        aria-label={props.label}
        value={props.value}
        disabled={props.disabled}
        onChange={(event) => {
          const chosen = props.choices.find((choice) => choice.value === event.currentTarget.value);
          if (chosen !== undefined) props.onChange(chosen.value);
        }}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.words}
          </option>
        ))}
      </select>
      <Icon of={ChevronDown} small />
    </span>
  );
}
