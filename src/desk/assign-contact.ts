import type { Contact, ContactAssign } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { acceptLocked } from './accept-contact.ts';
import type { Actor } from './actor.ts';
import { checkTarget } from './check-target.ts';
import type { Desk } from './desk.ts';
import { lockContactFor } from './find-contact.ts';
import { handTo } from './move-contact.ts';
import { addNote } from './note.ts';
import { contactView } from './views.ts';

/**
 * Assigns a waiting contact, or transfers an assigned one; for its present operator it accepts what is offered.
 * Supervisors and admins may also choose a paused operator or one with weight 0; the cap holds for everybody.
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
    await checkTarget(tx, actor, contact, { to, action: 'contact.assign' });
    if (input.note !== undefined)
      await addNote(desk, tx, { contact, actor, text: input.note, clientId: null });
    if (contact.operator?.id === to) {
      await acceptLocked(desk, tx, actor, contact);
      return contactView(contact);
    }
    const reason = contact.status === 'waiting' ? 'assigned' : 'transferred';
    return handTo(desk, tx, { contact, to, actor, reason, type: 'contact.assigned' });
  });
}
