/**
 * The value that a part (0 to 1) of them does not exceed, as `percentile_cont` of the SQL standard: between two values it
 * takes the line from one to the other. null for none; `sorted` rises.
 */
export function percentile(sorted: ArrayLike<number>, part: number): number | null {
  if (sorted.length === 0) return null;
  const place = part * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}
