// A field of several lines for what is pasted: a code, a link, a file's text. In Mono.
import { type ClipboardEvent, type Ref, useId } from 'react';
import './field.css';

export type TextAreaProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onPaste?: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
  readonly hint?: string | undefined;
  /** Whether what it holds cannot be used; the words stand in `noteId`. */
  readonly isWrong: boolean;
  /** Id of the element that says what is known of it. */
  readonly noteId: string;
  readonly lengthMax: number;
  readonly rows?: number;
  readonly field?: Ref<HTMLTextAreaElement>;
};

export function TextArea(props: TextAreaProps) {
  const id = useId();
  const described = props.hint === undefined ? props.noteId : `${id}-hint ${props.noteId}`;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {props.label}
      </label>
      <div className={props.isWrong ? 'field-box field-wrong' : 'field-box'}>
        <textarea
          ref={props.field}
          id={id}
          className="field-input field-code field-area"
          rows={props.rows ?? 4}
          value={props.value}
          maxLength={props.lengthMax}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-invalid={props.isWrong || undefined}
          aria-describedby={described}
          onChange={(event) => props.onChange(event.currentTarget.value)}
          onPaste={props.onPaste}
        />
      </div>
      {props.hint === undefined ? null : (
        <p id={`${id}-hint`} className="field-note">
          {props.hint}
        </p>
      )}
    </div>
  );
}
