import type { Contact, ContactClose } from '../contract/contact.ts';
import type { ContactId, OperatorId } from '../contract/ids.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, lockContactFor, standingOf } from './find-contact.ts';
import { reroute } from './reroute.ts';
import { recordMove } from './trail.ts';
import { contactView } from './views.ts';

/**
 * Closes a contact; its operator stays named, the seat is free for the oldest who waits. Closing a closed one
 * changes nothing. Throws Problem('forbidden') or Problem('not-found').
 */
export function closeContact(desk: Desk, actor: Actor, id: ContactId, input: ContactClose): Promise<Contact> {
  return desk.store.write(async (tx) => {
    const { contact } = await lockContactFor(tx, actor, 'contact.close', id);
    if (contact.status === 'closed') return contactView(contact);
    return closeLocked(desk, tx, contact, { actor, reason: input.reason ?? null });
  });
}

type Closing = { actor: Actor; reason: string | null };

/** Closes a locked, open contact; its seat is free for the oldest who waits. */
export async function closeLocked(
  desk: Desk,
  tx: Tx,
  contact: LoadedContact,
  closing: Closing,
): Promise<Contact> {
  const { view, freed } = await markClosed(desk, tx, contact, closing);
  if (freed !== null) {
    const sources = await tx.sql.sourcesOf([freed]);
    await reroute(desk, tx, { sources, loads: new Map([[freed, -1]]) });
  }
  return view;
}

/** Closes a locked, open contact; the caller gives the seat free that this `freed`. */
export async function markClosed(
  desk: Desk,
  tx: Tx,
  contact: LoadedContact,
  { actor, reason }: Closing,
): Promise<{ view: Contact; freed: OperatorId | null }> {
  const before = standingOf(contact);
  const at = desk.clock.now();
  contact.status = 'closed';
  contact.closedAt = at;
  contact.closeReason = reason;
  contact.offerExpiresAt = null;
  contact.version += 1;
  await tx.em.flush();
  const view = contactView(contact);
  recordMove(tx, { type: 'contact.closed', at, contact: view, before, actor, reason });
  return { view, freed: before.operatorId };
}
