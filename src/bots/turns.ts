import type { DueDelivery } from '../desk/due-deliveries.ts';
import { openPace, type Rate } from './pace.ts';

export type Rates = { perChat: Rate; perBot: Rate };

// Telegram: a message a second in a chat, about thirty a second for a bot.
export const telegramRates: Rates = {
  perChat: { everyMs: 1000, burst: 3 },
  perBot: { everyMs: 40, burst: 5 },
};

/** Keeps one source within the limits of its channel. */
export type Turns = {
  /** Milliseconds until the source may send anything at all; 0: now. */
  waitForBot(): number;
  /** Answers 0 when the delivery may go, which then counts, else the milliseconds until it may. */
  take(delivery: DueDelivery): number;
  /** The delivery came to its end: it may have been under way for a while. */
  ended(delivery: DueDelivery): void;
  /** Telegram wants a chat to be left alone for a while. */
  throttled(chat: string, ms: number): void;
};

/** Turns of one source from now on; what another gateway sent for it just before counts as a spent burst. */
export function openTurns({ perChat, perBot }: Rates): Turns {
  const pace = openPace(performance.now());
  let last: { chat: string; until: number } | null = null;
  const BOT = 'bot';

  return {
    waitForBot: () => pace.waitFor(BOT, perBot, performance.now()),
    take(delivery) {
      if (delivery.kind === 'callback') return 0;
      const now = performance.now();
      const wait = Math.max(pace.waitFor(delivery.lane, perChat, now), pace.waitFor(BOT, perBot, now));
      if (wait > 0) return wait;
      pace.take(delivery.lane, perChat, now);
      pace.take(BOT, perBot, now);
      return 0;
    },
    ended({ kind, lane }) {
      if (kind === 'telegram') pace.arrived(lane, perChat, performance.now());
    },
    throttled(chat, ms) {
      const until = performance.now() + ms;
      // A second chat that is throttled meanwhile: it is the bot that Telegram means.
      if (last !== null && last.chat !== chat && last.until > performance.now()) pace.hold(BOT, until);
      last = { chat, until };
    },
  };
}
