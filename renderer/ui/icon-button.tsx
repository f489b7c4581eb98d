// A button of one icon, 36 by 36, with its words as name and tooltip. As a link where it leads to a
// place, so that it can be opened as one.
import type { ReactNode } from 'react';
import { Tip } from './tip.tsx';
import './icon-button.css';

type Common = { readonly words: string; readonly icon: ReactNode; readonly pressed?: boolean };

export type IconButtonProps = Common & { readonly onPress: () => void };
export type IconLinkProps = Common & { readonly href: string };

export function IconButton(props: IconButtonProps) {
  return (
    <Tip words={props.words}>
      <button
        type="button"
        className="icon-button"
        aria-label={props.words}
        aria-pressed={props.pressed}
        onClick={props.onPress}
      >
        {props.icon}
      </button>
    </Tip>
  );
}

export function IconLink(props: IconLinkProps) {
  return (
    <Tip words={props.words}>
      <a className="icon-button" href={props.href} aria-label={props.words}>
        {props.icon}
      </a>
    </Tip>
  );
}
