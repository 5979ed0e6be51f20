/** Milliseconds to wait after so many failures in a row (1, 2, …): doubles up to a minute, with some chance in it. */
export function backoffAfter(failures: number): number {
  const wait = Math.min(60_000, 500 * 2 ** failures);
  return Math.round(wait * (0.8 + 0.4 * Math.random()));
}

export type Backoff = typeof backoffAfter;
