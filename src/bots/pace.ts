/** So many at once, and then one every so often. */
export type Rate = { everyMs: number; burst: number };

/** Remembers what went where, and tells when the next may go. Times are milliseconds. */
export type Pace = {
  /** 0: it may go now. */
  waitFor(key: string, rate: Rate, now: number): number;
  take(key: string, rate: Rate, now: number): void;
  /** What was taken has arrived only now: the bucket cannot have begun to empty before. */
  arrived(key: string, rate: Rate, now: number): void;
  /** Nothing goes there before that moment. */
  hold(key: string, until: number): void;
};

/**
 * A leaky bucket per key, kept as the one moment at which it will be empty (GCRA). Whoever sent before `since` may have
 * used up the burst: it counts as spent then.
 */
export function openPace(since: number): Pace {
  const emptyAt = new Map<string, number>();
  const heldUntil = new Map<string, number>();

  function emptyMoment(key: string, { everyMs, burst }: Rate): number {
    return emptyAt.get(key) ?? since + everyMs * (burst - 1);
  }

  function forgetOld(now: number): void {
    for (const moments of [emptyAt, heldUntil])
      if (moments.size > 10_000) for (const [key, moment] of moments) if (moment <= now) moments.delete(key);
  }

  return {
    waitFor(key, rate, now) {
      const turn = emptyMoment(key, rate) - rate.everyMs * (rate.burst - 1);
      return Math.max(0, turn - now, (heldUntil.get(key) ?? 0) - now);
    },
    take(key, rate, now) {
      forgetOld(now);
      emptyAt.set(key, Math.max(emptyMoment(key, rate), now) + rate.everyMs);
    },
    arrived(key, { everyMs }, now) {
      emptyAt.set(key, Math.max(emptyAt.get(key) ?? 0, now + everyMs));
    },
    hold(key, until) {
      heldUntil.set(key, Math.max(heldUntil.get(key) ?? 0, until));
    },
  };
}
