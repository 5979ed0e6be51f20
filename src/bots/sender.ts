import { type DueDelivery, dueDeliveries, nextDeliveryAt } from '../desk/due-deliveries.ts';
import { recoverDeliveries } from '../desk/settle-delivery.ts';
import type { Desk } from '../desk/desk.ts';
import type { Log } from '../log.ts';
import { type Backoff, backoffAfter } from './backoff.ts';
import { deliver } from './deliver.ts';
import type { EventFeed } from './feed.ts';
import { openHint } from './hint.ts';
import { openPace, type Rate } from './pace.ts';

export type SenderOptions = {
  desk: Desk;
  feed: EventFeed;
  log: Log;
  /** The Bot API server (TELEGRAM_API_ROOT), trusted as given. */
  apiRoot: string;
  /** Private addresses that callbacks and a source's own API server may have (CALLBACK_ALLOW). */
  allow: readonly string[];
  /** Lanes that may be under way at once. */
  width?: number;
  sendTimeoutMs?: number;
  /** How long disposing waits for what is under way. */
  graceMs?: number;
  rates?: Rates;
  /** The feed is a hint, the table is the truth: so often it is looked at without any hint. */
  lookEveryMs?: number;
  backoff?: Backoff;
};

export type Rates = { perChat: Rate; perBot: Rate };

// Telegram: a message a second in a chat, about thirty a second for a bot.
const telegramRates: Rates = { perChat: { everyMs: 1000, burst: 3 }, perBot: { everyMs: 40, burst: 5 } };

/** Sends what waits in the outbox. Disposing lets what is under way come to its end. */
export type Sender = AsyncDisposable;

/** Starts sending: lanes side by side, in a lane one after the other; the outcome of each attempt is kept. */
export async function startSender(options: SenderOptions): Promise<Sender> {
  const { desk, feed, log, backoff = backoffAfter } = options;
  const { width = 32, graceMs = 7000, lookEveryMs = 5000 } = options;
  const takeTurn = turnTaker(options.rates ?? telegramRates);
  const underWay = new Map<string, Promise<void>>();
  const [stopped, cut] = [new AbortController(), new AbortController()];
  const hint = openHint();
  const dispatch = {
    desk,
    log,
    backoff,
    root: { apiRoot: options.apiRoot, allow: options.allow },
    timeoutMs: options.sendTimeoutMs ?? 20_000,
    stopped: stopped.signal,
    cut: cut.signal,
  };

  /** Starts every lane that may go now; answers in how many milliseconds another look makes sense. */
  async function startDue(): Promise<number> {
    let wait = lookEveryMs;
    for (const delivery of await dueDeliveries(desk, width * 8)) {
      const lane = `${delivery.sourceId} ${delivery.lane}`;
      if (underWay.has(lane)) continue;
      if (underWay.size >= width || stopped.signal.aborted) return wait;
      const turn = takeTurn(delivery, lane);
      if (turn > 0) {
        wait = Math.min(wait, turn);
        continue;
      }
      const done = deliver(dispatch, delivery).finally(() => {
        underWay.delete(lane);
        hint.give();
      });
      underWay.set(lane, done);
    }
    const next = await nextDeliveryAt(desk);
    const ms = next === null ? lookEveryMs : next.getTime() - desk.clock.now().getTime();
    // What is due and did not start is held by its lane or its rate, and these wake the loop themselves.
    return ms > 0 ? Math.min(wait, ms) : wait;
  }

  async function keepLooking(): Promise<void> {
    let failures = 0;
    while (!stopped.signal.aborted) {
      let wait: number;
      try {
        wait = await startDue();
        failures = 0;
      } catch (error) {
        failures += 1;
        wait = backoff(failures);
        log.error({ err: error }, 'the outbox could not be read');
      }
      await hint.taken(Math.min(wait, lookEveryMs));
    }
  }

  await recoverDeliveries(desk);
  const unsubscribe = feed.subscribe((events) => {
    if (events.some(({ type, data }) => type.startsWith('message.') && isQueued(data))) hint.give();
  });
  const looking = keepLooking();

  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      stopped.abort();
      hint.give();
      await looking;
      const timer = setTimeout(() => cut.abort(), graceMs);
      await Promise.all(underWay.values());
      clearTimeout(timer);
    },
  };
}

function isQueued(message: object): boolean {
  return 'status' in message && message.status === 'queued';
}

/** Answers 0 when the delivery may go, which then counts, else the milliseconds until it may. */
function turnTaker({ perChat, perBot }: Rates): (delivery: DueDelivery, lane: string) => number {
  const pace = openPace();
  return (delivery, lane) => {
    if (delivery.kind === 'callback') return 0;
    const bot = `bot ${delivery.sourceId}`;
    const now = performance.now();
    const wait = Math.max(pace.waitFor(lane, perChat, now), pace.waitFor(bot, perBot, now));
    if (wait > 0) return wait;
    pace.take(lane, perChat, now);
    pace.take(bot, perBot, now);
    return 0;
  };
}
