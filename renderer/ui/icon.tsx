// Lucide at the design's two sizes: 18 px with stroke 1.6, 15 px in lines of text with stroke 1.75.
import type { LucideIcon } from 'lucide-react';

export function Icon(props: {
  readonly of: LucideIcon;
  readonly small?: boolean;
  /** Turned round where the line runs right to left. */
  readonly mirrored?: boolean;
}) {
  const Drawing = props.of;
  const small = props.small === true;
  return (
    <Drawing
      size={small ? 15 : 18}
      strokeWidth={small ? 1.75 : 1.6}
      className={props.mirrored === true ? 'mirrored' : ''}
      aria-hidden="true"
    />
  );
}
