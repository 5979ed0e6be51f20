import { raw } from '@mikro-orm/core';
import type { ContactId, OperatorId, SourceId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { RELEASE_PAUSE_MS } from './reroute.ts';
import { recordMove } from './trail.ts';
import { contactView } from './views.ts';

/** An operator whose open contacts go on without it. */
export type Leave = {
  operatorId: OperatorId;
  actor: Actor;
  /** As it stands in the trail of each contact. */
  reason: 'handed-over' | 'operator-deactivated' | 'operator-offline';
  /** Only what it has of these; null: everything. */
  sourceIds: readonly SourceId[] | null;
};

/** The contacts that the operator leaves, as they stand now. */
export function findHeld(tx: Tx, { operatorId, sourceIds }: Omit<Leave, 'actor' | 'reason'>) {
  return tx.em.find(
    Contact,
    {
      operator: operatorId,
      status: 'assigned',
      ...(sourceIds !== null && { source: { $in: [...sourceIds] } }),
    },
    {
      fields: ['id', 'source', 'attempt', 'declined', 'createdAt'],
      orderBy: { id: 'asc' },
      disableIdentityMap: true,
    },
  );
}

/** Locks the contacts that an operator has now, before anything of the operator is changed; answers them. */
export async function lockHeld(tx: Tx, leave: Omit<Leave, 'actor' | 'reason'>) {
  const held = await findHeld(tx, leave);
  if (held.length > 0) await tx.sql.lockContacts(held.map(({ id }) => id));
  return held;
}

/**
 * Puts locked contacts of the operator back into the queue with their age kept; the caller frees its seats. While it
 * may get contacts, routing passes it over for them as if it had released them.
 */
export async function putBack(desk: Desk, tx: Tx, leave: Leave, ids: ContactId[]): Promise<void> {
  if (ids.length === 0) return;
  const isPassedOver = leave.reason !== 'operator-deactivated';
  await tx.em.nativeUpdate(
    Contact,
    { id: { $in: ids } },
    {
      status: 'waiting',
      operator: null,
      assignedAt: null,
      offerExpiresAt: null,
      toldPlace: null,
      releasedBy: isPassedOver ? leave.operatorId : null,
      releasedAt: isPassedOver ? desk.clock.now() : null,
      version: raw('version + 1'),
    },
  );
  const sources = await tellLeft(desk, tx, leave, ids);
  if (isPassedOver) tx.afterCommit(() => desk.drains.later(RELEASE_PAUSE_MS, sources));
}

/** Tells where contacts have gone from the operator; answers the sources they are of. */
export async function tellLeft(
  desk: Desk,
  tx: Tx,
  { operatorId, actor, reason }: Leave,
  ids: ContactId[],
): Promise<SourceId[]> {
  const rows = await tx.sql.readContacts(ids);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const at = desk.clock.now();
  for (const id of ids) {
    const contact = contactView(byId.get(id)!);
    const type = contact.status === 'waiting' ? 'contact.waiting' : 'contact.assigned';
    recordMove(tx, { type, at, contact, before: { operatorId, status: 'assigned' }, actor, reason });
  }
  return [...new Set(rows.map(({ source }) => source.id))];
}
