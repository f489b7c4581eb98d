// Buttons: filled (one in a view), outlined, text, and the outlined one that destroys. A disabled
// button stays reachable and says why; a busy one keeps its width and shows the mark.
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Mark } from './mark.tsx';
import { Tip } from './tip.tsx';
import './button.css';

export type ButtonKind = 'filled' | 'outlined' | 'text' | 'destructive';

export type ButtonProps = {
  readonly children: ReactNode;
  readonly kind?: ButtonKind;
  /** The page's one action: 44 px high. */
  readonly large?: boolean;
  readonly icon?: ReactNode;
  readonly busy?: boolean;
  /** Why it cannot be pressed now; its presence disables the button. */
  readonly disabledReason?: string | undefined;
  readonly submits?: boolean;
  /** Takes the focus as it comes up: where it is all that there is to do. */
  readonly takesFocus?: boolean;
  readonly onPress?: () => void;
};

export function Button(props: ButtonProps) {
  const { kind = 'outlined', busy = false, disabledReason } = props;
  const reasonId = useId();
  const element = useRef<HTMLButtonElement>(null);
  const takesFocus = props.takesFocus === true;
  useEffect(() => {
    if (takesFocus) element.current?.focus();
  }, [takesFocus]);
  const blocked = busy || disabledReason !== undefined;
  const classes = ['button', `button-${kind}`];
  if (props.large === true) classes.push('button-large');
  if (busy) classes.push('button-busy');
  const button = (
    <button
      ref={element}
      type={props.submits === true ? 'submit' : 'button'}
      className={classes.join(' ')}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      aria-describedby={disabledReason === undefined ? undefined : reasonId}
      onClick={(event) => {
        if (blocked) event.preventDefault();
        else props.onPress?.();
      }}
    >
      {props.icon !== undefined && !busy ? <span className="button-icon">{props.icon}</span> : null}
      {busy ? (
        <span className="button-mark">
          <Mark size={18} active />
        </span>
      ) : null}
      <span className="button-words">{props.children}</span>
    </button>
  );
  if (disabledReason === undefined) return button;
  return (
    <>
      <Tip words={disabledReason}>{button}</Tip>
      <span id={reasonId} className="visually-hidden">
        {disabledReason}
      </span>
    </>
  );
}
