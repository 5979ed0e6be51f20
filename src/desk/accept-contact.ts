import type { Contact } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, lockContactFor, standingOf } from './find-contact.ts';
import { replierOf } from './policy.ts';
import { recordMove } from './trail.ts';
import { contactView } from './views.ts';

/**
 * The operator keeps what was offered; accepting what is its own already changes nothing. Throws
 * Problem('no-operator'), Problem('not-yours'), Problem('closed'), Problem('forbidden') or Problem('not-found').
 */
export function acceptContact(desk: Desk, actor: Actor, id: ContactId): Promise<Contact> {
  return desk.store.write(async (tx) => {
    const { contact } = await lockContactFor(tx, actor, 'contact.see', id);
    replierOf(actor, standingOf(contact));
    await acceptLocked(desk, tx, actor, contact);
    return contactView(contact);
  });
}

/** Accepts a locked contact of the actor, where there is something to accept. */
export async function acceptLocked(desk: Desk, tx: Tx, actor: Actor, contact: LoadedContact): Promise<void> {
  if (!contact.offerExpiresAt) return;
  contact.offerExpiresAt = null;
  contact.version += 1;
  await tx.em.flush();
  const [at, before] = [desk.clock.now(), standingOf(contact)];
  recordMove(tx, { type: 'contact.accepted', at, contact: contactView(contact), before, actor });
}
