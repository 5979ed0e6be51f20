import type { Contact } from '../contract/contact.ts';
import type { OperatorId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { Operator } from '../store/entities/operator.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, standingOf } from './find-contact.ts';
import { reroute } from './reroute.ts';
import { recordMove } from './trail.ts';
import { contactView } from './views.ts';

export type Handing = {
  contact: LoadedContact;
  to: OperatorId;
  actor: Actor;
  reason: string | null;
  type: 'contact.assigned' | 'contact.reopened';
};

/**
 * Gives a contact to an operator by hand: the seat is taken, the one before is freed, and what that lets move moves.
 * Throws Problem('operator-inactive') or Problem('operator-full').
 */
export async function handTo(
  desk: Desk,
  tx: Tx,
  { contact, to, actor, reason, type }: Handing,
): Promise<Contact> {
  const before = standingOf(contact);
  // A closed contact names its last operator but holds no seat of it.
  const freed = before.status === 'assigned' ? before.operatorId : null;
  const operator = await tx.em.findOne(Operator, to);
  if (operator === null) throw new Problem('operator-inactive');
  const at = desk.clock.now();
  contact.status = 'assigned';
  contact.operator = operator;
  contact.assignedAt = at;
  contact.closedAt = null;
  contact.closeReason = null;
  contact.releasedBy = null;
  contact.releasedAt = null;
  contact.offerExpiresAt = null;
  // Who has it after all is not passed over for it any more.
  contact.declined = contact.declined?.filter(([id]) => id !== to) ?? null;
  contact.version += 1;
  await tx.em.flush();

  const view = contactView(contact);
  recordMove(tx, { type, at, contact: view, before, actor, reason });
  const loads = new Map([[to, 1]]);
  if (freed !== null) loads.set(freed, -1);
  await reroute(desk, tx, { sources: freed === null ? [] : await tx.sql.sourcesOf([freed]), loads });
  return view;
}
