import type { ContactId } from '../contract/ids.ts';
import { type Actor, operatorIdOf } from '../desk/actor.ts';
import { getContact } from '../desk/contacts.ts';
import type { Desk } from '../desk/desk.ts';
import { Problem } from '../problem.ts';
import type { Session } from './session.ts';

/** Tells the others who see a contact that its operator is typing; what the actor may not see is ignored. */
export async function announceTyping(
  desk: Desk,
  actor: Actor,
  contactId: ContactId,
  others: Session[],
): Promise<void> {
  try {
    const contact = await getContact(desk, actor, contactId);
    const me = operatorIdOf(actor);
    if (me === null || contact.operator?.id !== me) return;
    const standing = { operatorId: me, status: contact.status, sourceId: contact.source_id };
    for (const other of others) other.typing(standing, { contact_id: contactId, operator: contact.operator });
  } catch (error) {
    if (!(error instanceof Problem)) desk.log.warn({ err: error }, 'typing could not be told');
  }
}
