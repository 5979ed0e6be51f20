import type { Contact, ContactDecline } from '../contract/contact.ts';
import type { Refusal } from '../contract/decision.ts';
import type { ContactId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { enqueue } from './enqueue.ts';
import { type LoadedContact, lockContactFor, standingOf } from './find-contact.ts';
import { replierOf } from './policy.ts';

/**
 * The operator passes on what was offered: it goes to the next one, or waits at its own age, and routing does not offer
 * it to this operator again, until it has had it after all or it is opened again. Throws Problem('not-offered') where it is accepted already, Problem('no-operator'),
 * Problem('not-yours'), Problem('closed'), Problem('forbidden') or Problem('not-found').
 */
export function declineContact(
  desk: Desk,
  actor: Actor,
  id: ContactId,
  { reason }: ContactDecline,
): Promise<Contact> {
  return desk.store.write(async (tx) => {
    const { contact } = await lockContactFor(tx, actor, 'contact.see', id);
    replierOf(actor, standingOf(contact));
    if (!contact.offerExpiresAt) throw new Problem('not-offered', { detail: 'Release it instead.' });
    const told = reason === undefined ? 'declined' : `declined: ${reason}`;
    return passOn(desk, tx, contact, { actor, how: 'declined', reason: told });
  });
}

/** Takes an offered contact, which is locked, from its operator and lets routing go on with it. */
export function passOn(
  desk: Desk,
  tx: Tx,
  contact: LoadedContact,
  { actor, how, reason }: { actor: Actor; how: Refusal; reason: string },
): Promise<Contact> {
  contact.declined = [...(contact.declined ?? []), [contact.operator!.id, how]];
  return enqueue(desk, tx, { contact, actor, trigger: how, type: 'contact.waiting', prefer: null, reason });
}
