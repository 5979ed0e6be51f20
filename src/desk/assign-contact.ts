import type { Contact, ContactAssign } from '../contract/contact.ts';
import type { ContactId, OperatorId } from '../contract/ids.ts';
import { invalid, Problem } from '../problem.ts';
import { Operator } from '../store/entities/operator.ts';
import { SourceOperator } from '../store/entities/source-operator.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, lockContactFor } from './find-contact.ts';
import { handTo } from './move-contact.ts';
import { addNote } from './note.ts';
import { reachOf } from './policy.ts';
import { contactView } from './views.ts';

/**
 * Assigns a waiting contact, or transfers an assigned one; to its present operator it changes nothing. Supervisors
 * and admins may also choose a paused operator or one with weight 0; the cap holds for everybody.
 * Throws Problem('closed'), Problem('operator-full'), Problem('operator-inactive'), Problem('forbidden'),
 * Problem('not-found'), or Problem('invalid') for an unknown operator.
 */
export function assignContact(
  desk: Desk,
  actor: Actor,
  id: ContactId,
  input: ContactAssign,
): Promise<Contact> {
  return desk.store.write(async (tx) => {
    const { contact } = await lockContactFor(tx, actor, 'contact.assign', id);
    if (contact.status === 'closed') throw new Problem('closed');
    const to = input.operator_id;
    await checkTarget(tx, actor, contact, to);
    if (input.note !== undefined)
      await addNote(desk, tx, { contact, actor, text: input.note, clientId: null });
    if (contact.operator?.id === to) return contactView(contact);
    const reason = contact.status === 'waiting' ? 'assigned' : 'transferred';
    return handTo(desk, tx, { contact, to, actor, reason, type: 'contact.assigned' });
  });
}

async function checkTarget(tx: Tx, actor: Actor, contact: LoadedContact, to: OperatorId): Promise<void> {
  const operator = await tx.em.findOne(Operator, to);
  if (operator === null) throw invalid('operator_id', `there is no operator ${to}`);
  if (!operator.isActive) throw new Problem('operator-inactive');
  if (reachOf(actor, 'contact.assign') === 'any') return;
  const weight = await tx.em.findOne(SourceOperator, { source: contact.source.id, operator: to });
  if ((weight?.weight ?? 0) === 0)
    throw new Problem('forbidden', { detail: 'The operator does not serve this source.' });
  if (operator.availability !== 'available')
    throw new Problem('forbidden', { detail: 'The operator takes nothing new now.' });
}
