// A dialog, for what cannot be undone and nothing else. The focus goes in, stays in and comes back;
// Escape and the ground beside it leave things as they were.
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import './dialog.css';

export type DialogProps = {
  readonly open: boolean;
  readonly title: string;
  /** What will happen, and that it cannot be taken back. */
  readonly description: string;
  readonly children?: ReactNode;
  /** The buttons, the way out first. */
  readonly actions: ReactNode;
  readonly onClose: () => void;
};

export function Dialog(props: DialogProps) {
  return (
    <Radix.Root open={props.open} onOpenChange={(open) => (open ? undefined : props.onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-ground" />
        <Radix.Content className="dialog">
          <Radix.Title className="dialog-title">{props.title}</Radix.Title>
          <Radix.Description className="dialog-words">{props.description}</Radix.Description>
          {props.children}
          <div className="dialog-actions">{props.actions}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
