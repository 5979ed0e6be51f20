import type { ContactId, OperatorId, SourceId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type Entering, reroute } from './reroute.ts';
import { recordMove } from './trail.ts';
import { contactView } from './views.ts';

/** Locks the contacts that an operator has now, before anything of the operator is changed. */
export async function lockHeld(tx: Tx, operatorId: OperatorId): Promise<ContactId[]> {
  const held = await tx.em.find(
    Contact,
    { operator: operatorId, status: 'assigned' },
    { fields: ['id'], disableIdentityMap: true },
  );
  const ids = held.map((contact) => contact.id);
  if (ids.length > 0) await tx.sql.lockContacts(ids);
  return ids;
}

/** What `moveQueues` is told of contacts that are back in the queue. */
export type Requeued = { sources: SourceId[]; entering: ReadonlyMap<ContactId, Entering> };

/**
 * Puts all contacts of a deactivated operator back into the queue with their age kept, and frees its seats. The
 * operator must be flushed as inactive, so that it gets nothing more meanwhile.
 */
export async function requeueHeld(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  operatorId: OperatorId,
): Promise<Requeued> {
  const ids = await lockHeld(tx, operatorId);
  const contacts = await tx.em.find(
    Contact,
    { id: { $in: ids }, operator: operatorId, status: 'assigned' },
    { populate: ['lead', 'source'], orderBy: { id: 'asc' } },
  );
  for (const contact of contacts) {
    contact.status = 'waiting';
    contact.operator = null;
    contact.assignedAt = null;
    contact.offerExpiresAt = null;
    contact.version += 1;
  }
  await tx.em.flush();
  const at = desk.clock.now();
  const before = { operatorId, status: 'assigned' as const };
  const reason = 'operator-deactivated';
  for (const contact of contacts)
    recordMove(tx, { type: 'contact.waiting', at, contact: contactView(contact), before, actor, reason });
  if (contacts.length > 0)
    await reroute(desk, tx, { sources: [], loads: new Map([[operatorId, -contacts.length]]) });
  return {
    sources: contacts.map((contact) => contact.source.id),
    entering: new Map(contacts.map(({ id }) => [id, { trigger: 'requeued' }])),
  };
}
