// Quantiles of measured times.

/**
 * The quantile `share` (0 to 1) of `values`, between neighbours by their distance (type 7 of
 * Hyndman and Fan, what spreadsheets and R do); null of no values.
 */
export function quantile(values: readonly number[], share: number): number | null {
  // A typed array sorts numbers without asking for each pair: an hour's loops are looked at often.
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (place - Math.floor(place));
}
