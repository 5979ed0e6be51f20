import { type Api, GrammyError } from 'grammy';
import type { DueDelivery } from '../../desk/due-deliveries.ts';
import type { DeliveryOutcome } from '../../desk/settle-delivery.ts';
import type { Clock } from '../../desk/desk.ts';
import { type Failure, failureOf } from './client.ts';

// Five minutes apart at the end: about a day, as long as Telegram itself keeps what it cannot deliver.
const mostTries = 300;

/** Sends one message to its chat and tells what became of it: what may have arrived is never sent again by itself. */
export async function sendToTelegram(
  api: Api,
  delivery: DueDelivery,
  clock: Clock,
): Promise<DeliveryOutcome> {
  if (delivery.chat === null) return { kind: 'failed', error: 'no-channel' };
  try {
    return await sendTo(api, delivery.chat, delivery);
  } catch (error) {
    const moved = error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined;
    if (moved === undefined) return outcomeOf(failureOf(error), delivery.attempt + 1, clock.now());
    // A group became a supergroup: it refused this one, and says under which id it goes on.
    const movedTo = String(moved);
    const outcome = await sendTo(api, movedTo, delivery).catch((again: unknown) =>
      outcomeOf(failureOf(again), delivery.attempt + 1, clock.now()),
    );
    return { ...outcome, movedTo };
  }
}

async function sendTo(api: Api, chat: string, delivery: DueDelivery): Promise<DeliveryOutcome> {
  const answered = messageIdIn(chat, delivery.replyToExternalId);
  const wish = answered !== null && {
    reply_parameters: { message_id: answered, allow_sending_without_reply: true },
  };
  const message = await api.sendMessage(chat, delivery.text, { ...wish });
  return { kind: 'sent', externalId: `${message.chat.id}:${message.message_id}` };
}

/** The message's number in this chat, from `<chat>:<number>`; null when it is of another chat. */
function messageIdIn(chat: string, externalId: string | null): number | null {
  if (externalId === null || !externalId.startsWith(`${chat}:`)) return null;
  const id = Number(externalId.slice(chat.length + 1));
  return Number.isSafeInteger(id) ? id : null;
}

function outcomeOf(failure: Failure, tries: number, now: Date): DeliveryOutcome {
  switch (failure.kind) {
    case 'unknown':
      return { kind: 'uncertain', error: failure.reason };
    case 'refused':
      if (tries >= mostTries) return { kind: 'failed', error: `unreachable: ${failure.reason}` };
      return { kind: 'retry', at: inMs(now, waitAfter(tries)), error: failure.reason };
    case 'answered':
      if (failure.status >= 500) return { kind: 'uncertain', error: failure.reason };
      if (failure.status !== 429) return { kind: 'failed', error: reasonOf(failure) };
      return {
        kind: 'retry',
        at: inMs(now, failure.retryAfterMs ?? waitAfter(tries)),
        error: failure.reason,
        isThrottled: true,
      };
  }
}

function reasonOf({ status, reason }: Failure & { kind: 'answered' }): string {
  if (status === 401) return 'bot-unauthorized';
  if (status === 403 && /blocked by the user/i.test(reason)) return 'blocked-by-user';
  if (status === 403 && /deactivated/i.test(reason)) return 'user-deactivated';
  if (status === 400 && /chat not found/i.test(reason)) return 'chat-not-found';
  return reason;
}

/** Milliseconds after the n-th try: doubles from a second up to five minutes. */
function waitAfter(tries: number): number {
  return Math.min(300_000, 500 * 2 ** Math.min(tries, 20));
}

function inMs(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
