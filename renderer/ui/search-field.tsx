// The search field of the list.

import { Search, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import './search-field.css';

export type SearchFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly clearWords: string;
  /** The key that leads here, as people write it; shown while the field is empty. */
  readonly shortcut?: string;
  /** Whether the field is to take the focus, as soon as it is in sight. */
  readonly wantsFocus?: boolean;
  readonly onFocused?: () => void;
  /** Arrow down leads from the field to what was found. */
  readonly onDown?: () => void;
};

export function SearchField(props: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (props.wantsFocus !== true) return;
    input.current?.focus();
    if (document.activeElement !== input.current) return;
    input.current?.select();
    props.onFocused?.();
  });
  return (
    <search className="search-field">
      <Icon of={Search} small />
      <input
        ref={input}
        type="search"
        className="search-input"
        dir="auto"
        aria-label={props.label}
        placeholder={props.label}
        value={props.value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => props.onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' && props.onDown !== undefined) {
            event.preventDefault();
            props.onDown();
          }
          if (event.key !== 'Escape' || props.value === '') return;
          event.preventDefault();
          props.onChange('');
        }}
      />
      {props.value !== '' ? (
        <IconButton
          words={props.clearWords}
          icon={<Icon of={X} small />}
          onPress={() => props.onChange('')}
        />
      ) : props.shortcut === undefined ? null : (
        <kbd className="search-shortcut">{props.shortcut}</kbd>
      )}
    </search>
  );
}
