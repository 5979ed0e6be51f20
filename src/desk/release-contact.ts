import type { Contact } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { lockContactFor } from './find-contact.ts';
import { enqueue } from './enqueue.ts';
import { contactView } from './views.ts';

/**
 * Puts a contact back into the queue with its age kept; routing does not return it to whoever released it for a
 * while. Releasing a waiting one changes nothing. Throws Problem('closed'), Problem('forbidden') or
 * Problem('not-found').
 */
export function releaseContact(desk: Desk, actor: Actor, id: ContactId): Promise<Contact> {
  return desk.store.write(async (tx) => {
    const { contact } = await lockContactFor(tx, actor, 'contact.release', id);
    switch (contact.status) {
      case 'closed':
        throw new Problem('closed');
      case 'waiting':
        return contactView(contact);
      case 'assigned':
        contact.releasedBy = contact.operator;
        contact.releasedAt = desk.clock.now();
        return enqueue(desk, tx, {
          contact,
          actor,
          trigger: 'released',
          type: 'contact.waiting',
          prefer: null,
        });
    }
  });
}
