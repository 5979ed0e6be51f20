import type { Api } from 'grammy';
import type { Backoff } from './backoff.ts';
import { pause } from './pause.ts';
import { noteFailure, noteState, type Vitals } from './vitals.ts';

export type WebhookKeeping = {
  api: Api;
  url: string;
  secret: string;
  /** Whatever must succeed once before. */
  prepare(): Promise<void>;
  vitals: Vitals;
  backoff: Backoff;
  checkEveryMs: number;
  signal: AbortSignal;
};

/** Tells Telegram where to post, and asks now and then how that goes, until the signal. */
export async function keepWebhook(keeping: WebhookKeeping): Promise<void> {
  const { api, url, secret, vitals, signal } = keeping;
  let isSet = false;
  let failures = 0;
  while (!signal.aborted) {
    let wait = keeping.checkEveryMs;
    try {
      if (!isSet) {
        await keeping.prepare();
        const wish = {
          secret_token: secret,
          allowed_updates: ['message', 'edited_message', 'my_chat_member'] as const,
        };
        await api.setWebhook(url, wish);
        isSet = true;
      }
      isSet = await isStillThere(keeping);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      wait = noteFailure(vitals, error) ?? keeping.backoff(failures);
    }
    await pause(wait, signal);
  }
}

/** Notes how the webhook does; false when it was taken away and is to be set again. */
async function isStillThere({ api, url, vitals }: WebhookKeeping): Promise<boolean> {
  const info = await api.getWebhookInfo();
  vitals.pendingUpdates = info.pending_update_count;
  if (info.url === url) {
    // Telegram tells its last error for ever; it matters while something waits.
    noteState(vitals, 'running', info.pending_update_count > 0 ? (info.last_error_message ?? null) : null);
    return true;
  }
  // One that somebody else has set is a conflict to show, not a fight to win.
  noteState(vitals, 'conflict', 'the webhook of this bot was set by somebody else, or removed');
  return info.url !== undefined && info.url !== '';
}
