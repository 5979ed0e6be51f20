import type { Contact } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { acceptLocked } from './accept-contact.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, lockContact, standingOf } from './find-contact.ts';
import { handTo } from './move-contact.ts';
import { authorize, mayActOn, operatorOf, sees, type Sight } from './policy.ts';
import { sightOf } from './sight.ts';
import { contactView } from './views.ts';

/**
 * The caller takes a waiting contact; taking one's own again accepts it where it is offered.
 * Throws Problem('already-taken') with who has it, Problem('closed'), Problem('operator-full'),
 * Problem('operator-inactive'), Problem('no-operator'), Problem('forbidden') or Problem('not-found').
 */
export async function takeContact(desk: Desk, actor: Actor, id: ContactId): Promise<Contact> {
  authorize(actor, 'contact.take');
  const me = operatorOf(actor);
  return desk.store.write(async (tx) => {
    const contact = await lockContact(tx, id);
    const sight = await sightOf(tx.em, actor);
    if (contact.operator?.id === me && contact.status === 'assigned') {
      await acceptLocked(desk, tx, actor, contact);
      return contactView(contact);
    }
    refuseTaken(sight, contact);
    if (!mayActOn(actor, sight, 'contact.take', standingOf(contact))) throw new Problem('forbidden');
    return handTo(desk, tx, { contact, to: me, actor, reason: 'taken', type: 'contact.assigned' });
  });
}

/** The loser of a race hears who won, though it does not see the contact any more. */
function refuseTaken(sight: Sight, contact: LoadedContact): void {
  const wasInSight = sight.kind === 'all' || sight.sourceIds.has(contact.source.id);
  if (!wasInSight && !sees(sight, standingOf(contact))) throw new Problem('not-found');
  switch (contact.status) {
    case 'waiting':
      return;
    case 'closed':
      throw new Problem('closed');
    case 'assigned': {
      const { id, name } = contact.operator!;
      throw new Problem('already-taken', { operator: { id, name } });
    }
  }
}
