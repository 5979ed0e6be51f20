/** A message that came faster than Telegram takes them. */
export type Violation = { token: string; chat: string; at: Date };

export type Limits = {
  readonly violations: readonly Violation[];
  /** 0: the message may go. Else it is a violation, and answers in how many seconds it may come again. */
  admit(token: string, chat: string): number;
};

/** `slackSeconds`: what was paced to the letter may arrive bunched, the way there keeps no time. */
type Rate = { burst: number; perSecond: number; slackSeconds: number };

// Telegram: "avoid sending more than one message per second" in a chat, short bursts are let through, and not more
// than 30 a second for a bot. https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
const perChat: Rate = { burst: 3, perSecond: 1, slackSeconds: 0.5 };
const perBot: Rate = { burst: 30, perSecond: 30, slackSeconds: 0.1 };

/** `clock` tells milliseconds. */
export function openLimits(clock: () => number = () => performance.now()): Limits {
  const buckets = new Map<string, { level: number; at: number }>();
  const violations: Violation[] = [];

  /** How much is in the bucket now; it fills up with time, and never beyond a burst. */
  function levelOf(key: string, { burst, perSecond }: Rate, now: number): number {
    const bucket = buckets.get(key);
    if (bucket === undefined) return burst;
    return Math.min(burst, bucket.level + ((now - bucket.at) / 1000) * perSecond);
  }

  return {
    violations,
    admit(token, chat) {
      const now = clock();
      const asked = [
        { key: `${token} ${chat}`, rate: perChat },
        { key: token, rate: perBot },
      ].map(({ key, rate }) => ({ key, rate, level: levelOf(key, rate, now) }));
      const waits = asked.map(({ rate, level }) => ({ rate, seconds: (1 - level) / rate.perSecond }));
      if (waits.some(({ rate, seconds }) => seconds > rate.slackSeconds)) {
        violations.push({ token, chat, at: new Date() });
        return Math.ceil(Math.max(...waits.map(({ seconds }) => seconds)));
      }
      for (const { key, level } of asked) buckets.set(key, { level: level - 1, at: now });
      return 0;
    },
  };
}
