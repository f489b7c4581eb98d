// A person or a group: a picture, or letters on one of six quiet grounds.
import './avatar.css';

export type AvatarProps = {
  readonly name: string;
  /** What picks the colours: the contact's key or the group's identifier, as bytes. */
  readonly pair: number;
  /** base64url of a PNG or WebP; letters where it is null or neither. */
  readonly picture?: string | null | undefined;
  readonly group?: boolean;
  /** px; 40 in the list, 36 in a bar, 72 on a page. */
  readonly size?: 36 | 40 | 72;
};

export const AVATAR_PAIRS = 6;

/** One of the six pairs for a key; the first byte is enough to look different, not to identify. */
export function avatarPair(key: Uint8Array): number {
  return (key[0] ?? 0) % AVATAR_PAIRS;
}

/** Up to two letters: of the first and the last word, as a person would abbreviate. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(firstLetter);
  return letters.join('').toLocaleUpperCase();
}

/** The address of a picture's own bytes; null where they do not begin like PNG or WebP. */
export function pictureAddress(picture: string): string | null {
  const type = picture.startsWith('iVBORw0KGgo')
    ? 'image/png'
    : picture.startsWith('UklGR')
      ? 'image/webp'
      : null;
  if (type === null || !/^[\w-]+$/.test(picture)) return null;
  return `data:${type};base64,${picture.replaceAll('-', '+').replaceAll('_', '/')}`;
}

export function Avatar(props: AvatarProps) {
  const shape = props.group === true ? 'avatar avatar-group' : 'avatar';
  const letters =
    props.group === true ? firstLetter(props.name).toUpperCase() : initials(props.name);
  const address = typeof props.picture === 'string' ? pictureAddress(props.picture) : null;
  return (
    <span
      className={`${shape} avatar-${props.size ?? 40} person-${props.pair % AVATAR_PAIRS}`}
      aria-hidden="true"
    >
      {address === null ? letters : <img className="avatar-picture" src={address} alt="" />}
    </span>
  );
}

/** The first letter or digit as its reader sees it (a grapheme); empty where a name has none. */
function firstLetter(word: string | undefined): string {
  if (word === undefined) return '';
  for (const { segment } of new Intl.Segmenter(undefined).segment(word)) {
    if (/[\p{L}\p{N}]/u.test(segment)) return segment;
  }
  return '';
}
