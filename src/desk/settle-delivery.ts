import type { MessageStatus } from '../contract/message.ts';
import { Delivery } from '../store/entities/delivery.ts';
import type { Tx } from '../store/write.ts';
import type { Desk } from './desk.ts';
import { assertFence, type Fence } from './leases.ts';
import { stampMessage } from './stamp-message.ts';

export type DeliveryOutcome =
  | { kind: 'sent'; externalId: string | null }
  | { kind: 'retry'; at: Date; error: string }
  | { kind: 'failed'; error: string }
  /** It may have been delivered: it is never sent again by itself. */
  | { kind: 'uncertain'; error: string };

/**
 * Notes how a delivery went, on it and on its message. What is already finished stays as it is. Raises Fenced when
 * somebody else sends for the source by now.
 */
export async function settleDelivery(
  desk: Desk,
  id: number,
  outcome: DeliveryOutcome,
  fence: Fence | null = null,
): Promise<void> {
  await desk.store.write(async (tx) => {
    await assertFence(tx, desk, fence);
    const delivery = await tx.em.findOne(Delivery, { id });
    // A start that was too careful may have called it uncertain meanwhile: what really came out counts.
    if (delivery === null || delivery.status === 'sent' || delivery.status === 'failed') return;
    await settle(desk, tx, delivery, outcome);
  });
}

const STATUS_OF = {
  sent: 'sent',
  retry: 'queued',
  failed: 'failed',
  uncertain: 'uncertain',
} as const satisfies Record<DeliveryOutcome['kind'], MessageStatus>;

/** The same for a delivery at hand. */
export async function settle(
  desk: Desk,
  tx: Tx,
  delivery: Delivery,
  outcome: DeliveryOutcome,
): Promise<void> {
  const status = STATUS_OF[outcome.kind];
  const error = outcome.kind === 'sent' ? null : outcome.error;
  delivery.status = status;
  delivery.error = error;
  delivery.updatedAt = desk.clock.now();
  if (outcome.kind === 'retry') delivery.nextAt = outcome.at;
  await tx.em.flush();
  const externalId = outcome.kind === 'sent' ? outcome.externalId : null;
  await stampMessage(desk, tx, delivery, { status, error, externalId });
}
