// A few words on a tint: "not verified yet".
import './chip.css';

export type ChipKind = 'neutral' | 'accent' | 'caution' | 'danger';

export function Chip({ kind, words }: { readonly kind: ChipKind; readonly words: string }) {
  return <span className={`chip chip-${kind}`}>{words}</span>;
}
