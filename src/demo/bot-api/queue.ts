import type { Bot, StoredUpdate } from './bot.ts';
import { Refusal } from './refusal.ts';

// What Telegram leaves out unless it is asked for by name.
const onRequestOnly = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

/** Gives the update its id (its own, where it has one: a jump) and hands it to whoever waits. */
export function pushUpdate(bot: Bot, update: Record<string, unknown>): StoredUpdate {
  const id = typeof update['update_id'] === 'number' ? update['update_id'] : bot.nextUpdateId;
  const stored = { ...update, update_id: id };
  bot.nextUpdateId = id + 1;
  bot.updates.push(stored);
  const waiting = bot.poll;
  if (waiting !== null) {
    bot.poll = null;
    waiting.answer(bot.updates.slice(0, waiting.limit));
  }
  bot.webhook?.wake();
  return stored;
}

/** Whether the bot asked for updates of this type. */
export function wantsUpdate(bot: Bot, type: string): boolean {
  return bot.allowedUpdates.length === 0 ? !onRequestOnly.has(type) : bot.allowedUpdates.includes(type);
}

/** Forgets what lies before `offset`; a negative one keeps only that many of the newest. */
function confirmUpdates(bot: Bot, offset: number): void {
  if (offset < 0) bot.updates = bot.updates.slice(offset);
  if (offset > 0) bot.updates = bot.updates.filter((update) => update.update_id >= offset);
}

/** `getUpdates`: one caller at a time, the newer ends the older; `gone` ends it without an answer. */
export function takeUpdates(
  bot: Bot,
  wish: { offset: number; limit: number; timeoutSeconds: number },
  gone: AbortSignal,
): Promise<StoredUpdate[]> {
  if (bot.webhook !== null)
    throw new Refusal(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  endPoll(bot, 'other getUpdates');
  confirmUpdates(bot, wish.offset);
  if (bot.updates.length > 0 || wish.timeoutSeconds === 0)
    return Promise.resolve(bot.updates.slice(0, wish.limit));
  return new Promise((resolve, reject) => {
    const waiting = {
      limit: wish.limit,
      answer: (updates: StoredUpdate[]) => settle(() => resolve(updates)),
      refuse: (error: Error) => settle(() => reject(error)),
    };
    const leave = () => waiting.refuse(new Error('the caller has gone'));
    const timer = setTimeout(() => waiting.answer([]), wish.timeoutSeconds * 1000);
    gone.addEventListener('abort', leave);
    bot.poll = waiting;

    function settle(how: () => void): void {
      clearTimeout(timer);
      gone.removeEventListener('abort', leave);
      if (bot.poll === waiting) bot.poll = null;
      how();
    }
  });
}

/** Another caller took over, or a webhook was set. */
export function endPoll(bot: Bot, by: 'other getUpdates' | 'setWebhook'): void {
  const advice = by === 'setWebhook' ? '' : '; make sure that only one bot instance is running';
  bot.poll?.refuse(new Refusal(409, `Conflict: terminated by ${by} request${advice}`));
}
