import { type Channel, findChannel } from '../desk/channels.ts';
import { claimDelivery } from '../desk/claim-delivery.ts';
import { type Fence, Fenced } from '../desk/leases.ts';
import type { DueDelivery } from '../desk/due-deliveries.ts';
import { type DeliveryOutcome, settleDelivery } from '../desk/settle-delivery.ts';
import type { Desk } from '../desk/desk.ts';
import type { Log } from '../log.ts';
import type { Backoff } from './backoff.ts';
import type { Holding } from './holdings.ts';
import { pause } from './pause.ts';
import { sendToCallback } from './send-callback.ts';
import { type TelegramRoot, telegramApi } from './telegram/client.ts';
import { sendToTelegram } from './telegram/send.ts';

export type Dispatch = {
  desk: Desk;
  log: Log;
  root: TelegramRoot;
  timeoutMs: number;
  backoff: Backoff;
  /** No new attempt is made from then on. */
  stopped: AbortSignal;
  /** What is under way is cut off: its outcome is unknown. */
  cut: AbortSignal;
};

/**
 * Makes one attempt: `sending` is committed before a byte goes out, the outcome after it. Never rejects; null when there
 * was none to make.
 */
export async function deliver(
  dispatch: Dispatch,
  delivery: DueDelivery,
  { fence }: Holding,
): Promise<DeliveryOutcome | null> {
  const { desk, log, backoff, stopped } = dispatch;
  try {
    const channel = await findChannel(desk, { id: delivery.sourceId });
    if (!(await claimDelivery(desk, delivery.id, fence))) return null;
    const outcome = await attempt(dispatch, channel, delivery);
    log.info(
      { delivery: delivery.id, source: delivery.sourceId, outcome: outcome.kind },
      'a delivery was tried',
    );
    await keepOutcome(dispatch, { delivery, outcome, fence });
    return outcome;
  } catch (error) {
    if (error instanceof Fenced) {
      log.warn(
        { delivery: delivery.id, source: delivery.sourceId },
        'another gateway sends for this source now',
      );
      return null;
    }
    log.error({ err: error, delivery: delivery.id }, 'a delivery could not be tried');
    await pause(backoff(1), stopped);
    return null;
  }
}

async function attempt(
  { desk, root, timeoutMs, cut: signal }: Dispatch,
  channel: Channel | null,
  delivery: DueDelivery,
): Promise<DeliveryOutcome> {
  const { clock } = desk;
  switch (delivery.kind) {
    case 'telegram':
      if (channel?.telegram == null) return { kind: 'failed', error: 'no-channel' };
      return sendToTelegram(telegramApi(channel.telegram, root, { timeoutMs, signal }), delivery, clock);
    case 'callback':
      if (channel?.webhook == null) return { kind: 'failed', error: 'no-channel' };
      return sendToCallback(channel.webhook, delivery, { allow: root.allow, timeoutMs, signal, clock });
  }
}

/** Nobody else knows the outcome: it is kept as soon as that can be done. */
async function keepOutcome(
  { desk, log, backoff, stopped }: Dispatch,
  { delivery, outcome, fence }: { delivery: DueDelivery; outcome: DeliveryOutcome; fence: Fence | null },
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await settleDelivery(desk, delivery.id, outcome, fence);
    } catch (error) {
      if (error instanceof Fenced) throw error;
      log.error({ err: error, delivery: delivery.id }, 'the outcome of a delivery could not be kept yet');
      // The row still says `sending`: the next start takes it up as what it is, unknown.
      if (stopped.aborted) return;
      await pause(backoff(tries), stopped);
    }
  }
}
