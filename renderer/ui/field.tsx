// Fields for text: with a visible label, a hint, and an error that says what is wrong and what to
// do.
import { type HTMLInputTypeAttribute, type ReactNode, useEffect, useId, useRef } from 'react';
import './field.css';

export type TextFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: HTMLInputTypeAttribute;
  readonly placeholder?: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly readOnly?: boolean;
  /** Set in Mono: codes, links, numbers to compare. */
  readonly code?: boolean;
  readonly labelHidden?: boolean;
  /** Stands inside the field at its end, a "show" button say. */
  readonly end?: ReactNode;
  readonly autoComplete?: string;
  readonly lengthMax?: number;
  /** Whether it is what its page is about: the focus is in it from the start. */
  readonly takesFocus?: boolean;
};

export function TextField(props: TextFieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = props.error ?? props.hint;
  const wrong = props.error !== undefined;
  const input = useRef<HTMLInputElement>(null);
  const { takesFocus = false } = props;
  useEffect(() => {
    if (takesFocus) input.current?.focus();
  }, [takesFocus]);
  return (
    <div className="field">
      <label
        className={props.labelHidden === true ? 'visually-hidden' : 'field-label'}
        htmlFor={id}
      >
        {props.label}
      </label>
      <div className={wrong ? 'field-box field-wrong' : 'field-box'}>
        <input
          ref={input}
          id={id}
          className={props.code === true ? 'field-input field-code' : 'field-input'}
          type={props.type ?? 'text'}
          dir="auto"
          value={props.value}
          placeholder={props.placeholder}
          readOnly={props.readOnly}
          autoComplete={props.autoComplete ?? 'off'}
          spellCheck={false}
          maxLength={props.lengthMax}
          aria-invalid={wrong || undefined}
          aria-describedby={note === undefined ? undefined : noteId}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
        {props.end}
      </div>
      {note === undefined ? null : (
        <p id={noteId} className={wrong ? 'field-note field-note-wrong' : 'field-note'}>
          {note}
        </p>
      )}
    </div>
  );
}
