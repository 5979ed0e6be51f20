import type { Contact, ContactReopen } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { Contact as ContactRow } from '../store/entities/contact.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { checkTarget } from './check-target.ts';
import type { Desk } from './desk.ts';
import { enqueue } from './enqueue.ts';
import { isErased, type LoadedContact, lockContactFor } from './find-contact.ts';
import { handTo } from './move-contact.ts';
import { contactView } from './views.ts';

/**
 * Opens a closed contact again: for the named operator, who may be chosen as in `assignContact`, or routed by the
 * source's return policy. Reopening an open one changes nothing. Throws Problem('operator-full'),
 * Problem('operator-inactive'), Problem('already-open') when the lead has another one opened by messages on that
 * source, Problem('closed') for one that was erased, Problem('forbidden'), Problem('not-found'), or Problem('invalid')
 * for an unknown operator.
 */
export function reopenContact(
  desk: Desk,
  actor: Actor,
  id: ContactId,
  input: ContactReopen,
): Promise<Contact> {
  return desk.store.write(async (tx) => {
    await lockLeadOf(tx, id);
    const { contact } = await lockContactFor(tx, actor, 'contact.reopen', id);
    if (contact.status !== 'closed') return contactView(contact);
    if (isErased(contact)) throw new Problem('closed');
    await refuseSecond(tx, contact);
    const to = input.operator_id;
    if (to !== undefined) {
      await checkTarget(tx, actor, contact, { to, action: 'contact.reopen' });
      return handTo(desk, tx, { contact, to, actor, reason: 'reopened', type: 'contact.reopened' });
    }
    const prefer = contact.source.returnPolicy === 'prefer_last' ? (contact.operator?.id ?? null) : null;
    return enqueue(desk, tx, { contact, actor, trigger: 'reopened', type: 'contact.reopened', prefer });
  });
}

/** Leads are locked before contacts: a message that arrives now cannot open another contact beside us. */
async function lockLeadOf(tx: Tx, id: ContactId): Promise<void> {
  const contact = await tx.em.findOne(ContactRow, { id }, { populate: ['lead'] });
  if (contact !== null) await tx.sql.lockLeads([contact.lead.externalId]);
}

/** At most one contact of a lead on a source is open through messages. */
async function refuseSecond(tx: Tx, contact: LoadedContact): Promise<void> {
  if (!contact.byMessage) return;
  const { lead, source } = contact;
  const other = await tx.em.count(ContactRow, {
    lead: lead.id,
    source: source.id,
    byMessage: true,
    status: { $ne: 'closed' },
  });
  if (other > 0) throw new Problem('already-open');
}
