import type { ContactId, OperatorId } from '../contract/ids.ts';
import type { OnOffline } from '../contract/source.ts';
import { Contact } from '../store/entities/contact.ts';
import { Source } from '../store/entities/source.ts';
import type { Tx } from '../store/write.ts';
import { SYSTEM } from './actor.ts';
import type { Desk } from './desk.ts';
import { handOverHeld } from './hand-over.ts';
import { type Leave, lockHeld } from './leave.ts';

const REASON = 'operator-offline';

/**
 * Locks the contacts of an operator who goes offline that are not to stay, by what their sources say, and hands over
 * those to be handed over; the caller puts the others back into the queue when the operator is flushed as offline.
 */
export async function leaveOffline(desk: Desk, tx: Tx, operatorId: OperatorId): Promise<Leave> {
  const sources = await tx.em.find(Source, { onOffline: { $ne: 'keep' } }, { fields: ['onOffline'] });
  const leaveOf = (fate: OnOffline) => ({
    operatorId,
    actor: SYSTEM,
    reason: REASON as typeof REASON,
    sourceIds: sources.filter(({ onOffline }) => onOffline === fate).map(({ id }) => id),
  });
  const [requeued, handedOver] = [leaveOf('requeue'), leaveOf('hand_over')];
  const sourceIds = sources.map(({ id }) => id);
  // All of them before any operator, and in one order.
  if (sourceIds.length > 0) await lockHeld(tx, { operatorId, sourceIds });
  if (handedOver.sourceIds.length > 0) await handOverHeld(desk, tx, handedOver);
  return requeued;
}

/** Who is back may get at once, by the rule, what it has lost by going offline and what still waits. */
export async function forgetOffline(tx: Tx, operatorId: OperatorId): Promise<void> {
  const lost = await tx.em.execute<{ id: number | string }[]>(
    `select c.id from contact c where c.released_by_id = ? and c.status = 'waiting' and ? =
            (select e.reason from event e where e.contact_id = c.id and e.type in ('contact.waiting', 'contact.reopened')
              order by e.id desc limit 1)`,
    [operatorId, REASON],
  );
  if (lost.length === 0) return;
  const ids = lost.map(({ id }) => Number(id) as ContactId);
  await tx.sql.lockContacts(ids);
  await tx.em.nativeUpdate(
    Contact,
    { id: { $in: ids }, status: 'waiting', releasedBy: operatorId },
    { releasedBy: null, releasedAt: null },
  );
}
