// A field for a passphrase. What is typed stands in the field's own element and nowhere else: no
// state, no property. `takePassphrase` reads it and empties the field in one go.
import { Eye, EyeOff } from 'lucide-react';
import { type Ref, useId, useState } from 'react';
import { PASSPHRASE_LENGTH_MAX } from '../../shared/api-profile.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import './field.css';

export type PassphraseFieldProps = {
  readonly label: string;
  readonly labelHidden?: boolean;
  readonly isNew: boolean;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly field: Ref<HTMLInputElement>;
  /** How many characters stand in it now. */
  readonly onTyped?: (length: number) => void;
};

/** What stands in the field, which is empty afterwards. */
export function takePassphrase(field: HTMLInputElement | null): string {
  if (field === null) return '';
  const { value } = field;
  field.value = '';
  return value;
}

export function PassphraseField(props: PassphraseFieldProps) {
  const { text } = useSpeech();
  const id = useId();
  const [isShown, setShown] = useState(false);
  const note = props.error ?? props.hint;
  const isWrong = props.error !== undefined;
  return (
    <div className="field">
      <label
        className={props.labelHidden === true ? 'visually-hidden' : 'field-label'}
        htmlFor={id}
      >
        {props.label}
      </label>
      <div className={isWrong ? 'field-box field-wrong' : 'field-box'}>
        <input
          ref={props.field}
          id={id}
          className="field-input"
          type={isShown ? 'text' : 'password'}
          autoComplete={props.isNew ? 'new-password' : 'current-password'}
          spellCheck={false}
          autoCapitalize="off"
          maxLength={PASSPHRASE_LENGTH_MAX}
          aria-invalid={isWrong || undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          onChange={(event) => props.onTyped?.(event.currentTarget.value.length)}
        />
        <IconButton
          words={text(isShown ? 'lock.hide' : 'lock.show')}
          icon={<Icon of={isShown ? Eye : EyeOff} />}
          onPress={() => setShown(!isShown)}
        />
      </div>
      {note === undefined ? null : (
        <p
          id={`${id}-note`}
          className={isWrong ? 'field-note field-note-wrong' : 'field-note'}
          role={isWrong ? 'alert' : undefined}
        >
          {note}
        </p>
      )}
    </div>
  );
}
