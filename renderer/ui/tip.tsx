// A tooltip: the words of an icon button, or why a button is disabled. On hover after a moment, on
// focus at once; never the only place of a word (the button carries it as its name).
import { Tooltip } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import './tip.css';

export const TIP_DELAY_MS = 500;

export function TipProvider({ children }: { readonly children: ReactNode }) {
  return <Tooltip.Provider delayDuration={TIP_DELAY_MS}>{children}</Tooltip.Provider>;
}

export function Tip(props: { readonly words: string; readonly children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{props.children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tip" sideOffset={6} collisionPadding={8}>
          {props.words}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
