const [second, minute, hour] = [1000, 60_000, 3_600_000];

// The schedule that Standard Webhooks recommends: ten tries over 75 hours.
const waits = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** How many times something is posted before it counts as failed. */
export const maxTries = waits.length + 1;

/**
 * Milliseconds to wait after the given number of tries, null when that was the last one.
 * `chance` (0 to 1) adds up to a tenth, so that many failures at once do not come back at once.
 */
export function waitAfter(tries: number, chance: number): number | null {
  const wait = waits[tries - 1];
  return wait === undefined ? null : Math.round(wait * (1 + chance / 10));
}
