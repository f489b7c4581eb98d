// A menu behind an icon button. One level; what destroys stands last. It stays where its button is
// in the document, so that it belongs to the same region, and hides nothing from a screen reader.
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import './menu.css';

export type MenuItem = {
  readonly id: string;
  readonly words: string;
  readonly icon?: ReactNode;
  readonly destructive?: boolean;
  readonly disabled?: boolean;
};

export type MenuProps = {
  readonly words: string;
  readonly icon: ReactNode;
  readonly items: readonly MenuItem[];
  readonly onChoose: (id: string) => void;
  /** Where it is opened in other ways too, by the pointer's second button. */
  readonly open?: boolean;
  readonly onOpen?: (open: boolean) => void;
  /** False where its button is reached by another key than Tab. */
  readonly isTabStop?: boolean;
  /** What takes the focus when it closes, where that is not its button. */
  readonly returnsTo?: { readonly current: HTMLElement | null };
};

export function Menu(props: MenuProps) {
  return (
    <DropdownMenu.Root
      modal={false}
      {...(props.open === undefined ? {} : { open: props.open })}
      {...(props.onOpen === undefined ? {} : { onOpenChange: props.onOpen })}
    >
      <DropdownMenu.Trigger
        className="icon-button"
        aria-label={props.words}
        tabIndex={props.isTabStop === false ? -1 : 0}
      >
        {props.icon}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        className="menu"
        align="end"
        sideOffset={4}
        collisionPadding={8}
        onCloseAutoFocus={(event) => {
          if (props.returnsTo === undefined) return;
          event.preventDefault();
          props.returnsTo.current?.focus();
        }}
      >
        {props.items.map((item) => (
          <DropdownMenu.Item
            key={item.id}
            className={item.destructive === true ? 'menu-item menu-destructive' : 'menu-item'}
            disabled={item.disabled === true}
            onSelect={() => props.onChoose(item.id)}
          >
            {item.icon}
            {item.words}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
