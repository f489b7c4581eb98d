// A switch: a checkbox that acts at once. Its label stands beside it, outside.
import './switch.css';

export type SwitchProps = {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  /** Id of the element that names it. */
  readonly labelledBy: string;
  readonly describedBy?: string;
  readonly disabled?: boolean;
};

export function Switch(props: SwitchProps) {
  return (
    <input
      type="checkbox"
      role="switch"
      className="switch"
      checked={props.on}
      aria-checked={props.on}
      disabled={props.disabled}
      aria-labelledby={props.labelledBy}
      aria-describedby={props.describedBy}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}
