// An estimate with the interval it lies in, drawn beside the words that say the same.
const WIDTH = 120;
const HEIGHT = 14;

export type IntervalBarProps = {
  /** Shares, 0 to 1, `low` ≤ `estimate` ≤ `high`. */
  readonly low: number;
  readonly estimate: number;
  readonly high: number;
  /** Where the drawn scale begins; the words beside it say the numbers. */
  readonly from: number;
};

export function IntervalBar({ low, estimate, high, from }: IntervalBarProps) {
  const at = (share: number) => Math.max(0, ((share - from) / (1 - from)) * WIDTH);
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <rect className="interval" y="5" width={WIDTH} height="4" rx="2" />
      <rect
        className="interval-band"
        x={at(low)}
        y="5"
        width={Math.max(2, at(high) - at(low))}
        height="4"
        rx="2"
      />
      <rect className="interval-estimate" x={at(estimate) - 1} y="1" width="2" height="12" rx="1" />
    </svg>
  );
}
