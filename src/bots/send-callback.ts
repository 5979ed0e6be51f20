import type { Channel } from '../desk/channels.ts';
import type { DueDelivery } from '../desk/due-deliveries.ts';
import type { DeliveryOutcome } from '../desk/settle-delivery.ts';
import type { Clock } from '../desk/desk.ts';
import { secretsAt } from '../desk/source-secret.ts';
import { type PostResult, postSigned } from '../outgoing/post-signed.ts';
import { waitAfter } from '../outgoing/schedule.ts';

type Around = { allow: readonly string[]; timeoutMs: number; signal: AbortSignal; clock: Clock };

/** Posts one reply to the callback address of its source: at least once, by the schedule, under one `webhook-id`. */
export async function sendToCallback(
  webhook: NonNullable<Channel['webhook']>,
  delivery: DueDelivery,
  { allow, timeoutMs, signal, clock }: Around,
): Promise<DeliveryOutcome> {
  if (webhook.callbackUrl === null) return { kind: 'failed', error: 'no-channel' };
  const result = await postSigned({
    url: webhook.callbackUrl,
    id: `msg_${delivery.messageId ?? `line_${delivery.id}`}`,
    body: JSON.stringify(delivery.body),
    secrets: secretsAt(webhook.secrets, clock.now()),
    allow,
    timeoutMs,
    signal,
  });
  return outcomeOf(result, delivery.attempt + 1, clock.now());
}

// A receiver that asks for more is asked again after a day, or it would hold up what waits behind for good.
const LONGEST_WAIT_MS = 24 * 3_600_000;

function outcomeOf(result: PostResult, tries: number, now: Date): DeliveryOutcome {
  if (result.kind === 'delivered') return { kind: 'sent', externalId: null };
  const error = result.kind === 'answered' ? `status ${result.status}` : result.error;
  const wait = waitAfter(tries, Math.random());
  // 410: the receiver says that it is gone for good.
  if (wait === null || (result.kind === 'answered' && result.status === 410))
    return { kind: 'failed', error };
  const asked = result.kind === 'answered' ? Math.min(result.retryAfterMs ?? 0, LONGEST_WAIT_MS) : 0;
  return { kind: 'retry', at: new Date(now.getTime() + Math.max(wait, asked)), error };
}
