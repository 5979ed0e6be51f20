/** So many at once, and then one every so often. */
export type Rate = { everyMs: number; burst: number };

/** Remembers what went where, and tells when the next may go. Times are milliseconds. */
export type Pace = {
  /** 0: it may go now. */
  waitFor(key: string, rate: Rate, now: number): number;
  take(key: string, rate: Rate, now: number): void;
};

/** A leaky bucket per key, kept as the one moment at which it will be empty (GCRA). */
export function openPace(): Pace {
  const emptyAt = new Map<string, number>();
  return {
    waitFor(key, { everyMs, burst }, now) {
      return Math.max(0, (emptyAt.get(key) ?? 0) - now - everyMs * (burst - 1));
    },
    take(key, { everyMs }, now) {
      if (emptyAt.size > 10_000)
        for (const [other, moment] of emptyAt) if (moment <= now) emptyAt.delete(other);
      emptyAt.set(key, Math.max(emptyAt.get(key) ?? 0, now) + everyMs);
    },
  };
}
