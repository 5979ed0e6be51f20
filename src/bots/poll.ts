import type { Api } from 'grammy';
import type { Update } from 'grammy/types';
import { NOT_COMMITTED } from './advice.ts';
import type { Backoff } from './backoff.ts';
import { pause } from './pause.ts';
import { noteError, noteFailure, noteState, type Vitals } from './vitals.ts';

export type Polling = {
  api: Api;
  /** Whatever must succeed once before the first poll. */
  prepare(): Promise<void>;
  /** Resolves when the update is committed. */
  receive(update: Update): Promise<void>;
  vitals: Vitals;
  backoff: Backoff;
  longPollSeconds: number;
  signal: AbortSignal;
};

/**
 * Polls until the signal. An offset confirms everything before it to Telegram, so the next one is sent only when the
 * whole batch is committed. An aborted poll confirms nothing: what it would have brought comes again.
 */
export async function pollUpdates(polling: Polling): Promise<void> {
  const { vitals, backoff, signal } = polling;
  let isPrepared = false;
  let failures = 0;
  let offset: number | undefined;
  while (!signal.aborted) {
    let wait: number | null = null;
    try {
      if (!isPrepared) {
        await polling.prepare();
        isPrepared = true;
        noteState(vitals, 'running', null);
      }
      const updates = await askForUpdates(polling, offset, failures > 0);
      noteState(vitals, 'running', null);
      if (await isCommitted(polling, updates)) {
        // Confirmed and nothing new: without an offset the next poll starts at the oldest unconfirmed update,
        // even where Telegram begins to count anew after a quiet week.
        offset = updates.length === 0 ? undefined : Math.max(...updates.map((one) => one.update_id)) + 1;
        failures = 0;
      } else {
        failures += 1;
        wait = Math.min(backoff(failures), 10_000);
      }
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      wait = noteFailure(vitals, error) ?? backoff(failures);
    }
    if (wait !== null) await pause(wait, signal);
  }
}

function askForUpdates(polling: Polling, offset: number | undefined, hasFailed: boolean): Promise<Update[]> {
  // After a failure a short poll tells at once whether it is over. Not after a conflict: it would always win.
  const isCheck = hasFailed && polling.vitals.state !== 'conflict';
  const wish = {
    ...(offset !== undefined && { offset }),
    limit: 100,
    timeout: isCheck ? 0 : polling.longPollSeconds,
    allowed_updates: ['message', 'edited_message', 'my_chat_member'] as const,
  };
  return polling.api.getUpdates(wish);
}

/** Hands the batch over in its order, waits for all of it, and tells whether all of it was committed. */
async function isCommitted(polling: Polling, updates: Update[]): Promise<boolean> {
  if (updates.length === 0) return true;
  const { vitals } = polling;
  vitals.lastUpdateAt = new Date();
  const receiving: Promise<void>[] = [];
  for (const update of updates) {
    // What speaks of an earlier message waits for what came before it: that may be in the same batch.
    const isLater = 'edited_message' in update || 'my_chat_member' in update;
    const before = isLater ? Promise.allSettled(receiving) : null;
    receiving.push(before === null ? polling.receive(update) : before.then(() => polling.receive(update)));
  }
  const results = await Promise.allSettled(receiving);
  const lost = results.find((result) => result.status === 'rejected');
  if (lost === undefined) return true;
  const reason = lost.reason instanceof Error ? lost.reason.message : 'unknown';
  noteError(vitals, `${NOT_COMMITTED}: ${reason}`);
  vitals.log.warn(
    { updates: updates.length, reason },
    'a batch of updates was not committed and comes again',
  );
  return false;
}
