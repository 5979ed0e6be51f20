import type { ContactId } from '../contract/ids.ts';
import type { MessageStatus } from '../contract/message.ts';
import { Delivery } from '../store/entities/delivery.ts';
import type { Tx } from '../store/write.ts';
import { SYSTEM } from './actor.ts';
import type { Desk } from './desk.ts';
import { lockContact } from './find-contact.ts';
import { assertFence, type Fence } from './leases.ts';
import { moveChat } from './move-chat.ts';
import { markReachable, unreachableReason } from './reach.ts';
import { shutLane } from './shut-lane.ts';
import { stampMessage } from './stamp-message.ts';

export type DeliveryOutcome = Outcome & {
  /** The channel says that the chat goes on under this id. */
  movedTo?: string;
};
type Outcome =
  | { kind: 'sent'; externalId: string | null }
  | { kind: 'retry'; at: Date; error: string; isThrottled?: true }
  | { kind: 'failed'; error: string }
  /** It may have been delivered: it is never sent again by itself. */
  | { kind: 'uncertain'; error: string };

/**
 * Notes how a delivery went, on it and on its message, and what that says of its chat. What is already finished stays
 * as it is. Raises Fenced when somebody else sends for the source by now.
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
  if (outcome.movedTo !== undefined) await moveChat(tx, delivery, outcome.movedTo);
  const shut = delivery.kind === 'telegram' && outcome.kind === 'failed' && unreachableReason(outcome.error);
  // Before the rows of the outbox are touched: whoever writes in a contact holds it first.
  if (shut) await shutLane(desk, tx, delivery, shut);
  const updatedAt = desk.clock.now();
  // Somebody may have taken it back to try it again since it was read.
  const unfinished = { id: delivery.id, status: { $nin: ['sent' as const, 'failed' as const] } };
  if ((await tx.em.nativeUpdate(Delivery, unfinished, { updatedAt })) === 0) return;
  const status = STATUS_OF[outcome.kind];
  const error = outcome.kind === 'sent' ? null : outcome.error;
  Object.assign(delivery, { status, error, updatedAt });
  if (outcome.kind === 'retry') delivery.nextAt = outcome.at;
  await tx.em.flush();
  const externalId = outcome.kind === 'sent' ? outcome.externalId : null;
  const contact = await stampMessage(desk, tx, delivery, { status, error, externalId });
  if (status === 'sent' && contact?.unreachableReason) await noteReached(desk, tx, contact.id);
}

/** What a person has tried again all the same has arrived. */
async function noteReached(desk: Desk, tx: Tx, id: ContactId): Promise<void> {
  const change = { at: desk.clock.now(), actor: SYSTEM };
  await markReachable(tx, await lockContact(tx, id), change);
}
