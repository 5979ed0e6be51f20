import { setTimeout as pause } from 'node:timers/promises';
import type { Bot, StoredUpdate, WebhookSender } from './bot.ts';

export type WebhookSettings = { url: string; secret: string; maxConnections: number };
type Play = {
  /** The wait after the first failure; it doubles with every further one, up to sixteen times that. */
  retryMs: number;
  /** A JSON answer with a `method` is a call of that method. */
  callMethod(answer: Record<string, unknown>): Promise<unknown>;
};

/** Telegram's sender: one update in flight per chat, again until 2xx, then the next of that chat. */
export function startWebhook(bot: Bot, settings: WebhookSettings, play: Play): WebhookSender {
  const stopped = new AbortController();
  const busyChats = new Set<string>();
  let lastError: { at: Date; text: string } | null = null;

  function wake(): void {
    if (stopped.signal.aborted) return;
    for (const update of bot.updates) {
      if (busyChats.size >= settings.maxConnections) return;
      const chat = chatOf(update);
      if (busyChats.has(chat)) continue;
      busyChats.add(chat);
      void deliverUntilTaken(update).then(
        () => {
          busyChats.delete(chat);
          bot.updates = bot.updates.filter((other) => other !== update);
          wake();
        },
        () => busyChats.delete(chat),
      );
    }
  }

  async function deliverUntilTaken(update: StoredUpdate): Promise<void> {
    for (let failures = 0; !(await deliver(update)); failures += 1)
      await pause(play.retryMs * 2 ** Math.min(failures, 4), undefined, { signal: stopped.signal });
  }

  async function deliver(update: StoredUpdate): Promise<boolean> {
    try {
      const response = await fetch(settings.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(settings.secret === '' ? {} : { 'x-telegram-bot-api-secret-token': settings.secret }),
        },
        body: JSON.stringify(update),
        redirect: 'manual',
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(60_000)]),
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`Wrong response from the webhook: ${response.status}`);
      if (answer.includes('"method"')) await play.callMethod(JSON.parse(answer)).catch(() => null);
      return true;
    } catch (error) {
      if (stopped.signal.aborted) throw error;
      lastError = { at: new Date(), text: wordsFor(error) };
      return false;
    }
  }

  const sender: WebhookSender = {
    url: settings.url,
    maxConnections: settings.maxConnections,
    get lastError() {
      return lastError;
    },
    wake,
    stop: () => stopped.abort(),
  };
  wake();
  return sender;
}

/** As `getWebhookInfo` words it. */
function wordsFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'Read timeout expired';
  const code = error.cause instanceof Error && 'code' in error.cause ? error.cause.code : null;
  return code === 'ECONNREFUSED' ? 'Connection refused' : error.message;
}

function chatOf(update: StoredUpdate): string {
  for (const part of Object.values(update)) {
    if (typeof part !== 'object' || part === null || !('chat' in part)) continue;
    const { chat } = part;
    if (typeof chat === 'object' && chat !== null && 'id' in chat) return String(chat.id);
  }
  return `update ${update.update_id}`;
}
