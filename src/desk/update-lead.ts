import type { LeadId } from '../contract/ids.ts';
import type { Lead as LeadWire, LeadUpdate } from '../contract/lead.ts';
import { Problem } from '../problem.ts';
import { LeadAlias } from '../store/entities/lead-alias.ts';
import type { Lead } from '../store/entities/lead.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { findLead } from './leads.ts';
import { authorizeAny } from './policy.ts';
import { leadView } from './views.ts';

/**
 * Changes what is known of a lead. Throws Problem('external-id-taken') when another lead has this id or had it before
 * it was merged, Problem('forbidden') or Problem('not-found').
 */
export async function updateLead(desk: Desk, actor: Actor, id: LeadId, input: LeadUpdate): Promise<LeadWire> {
  authorizeAny(actor, 'lead.change');
  return desk.store.write(async (tx) => {
    const { externalId } = await findLead(tx.em, id);
    await tx.sql.lockLeads([externalId]);
    const lead = await findLead(tx.em, id);
    if (input.external_id !== undefined) await rename(tx, lead, input.external_id);
    if (input.name !== undefined) lead.name = input.name;
    if (input.phone !== undefined) lead.phone = input.phone;
    if (input.email !== undefined) lead.email = input.email;
    if (input.language !== undefined) lead.language = input.language;
    lead.updatedAt = desk.clock.now();
    await tx.em.flush();
    return leadView(lead);
  });
}

async function rename(tx: Tx, lead: Lead, externalId: string): Promise<void> {
  if (externalId === lead.externalId) return;
  const [owner] = await tx.sql.lockLeads([externalId]);
  const alias = await tx.em.findOne(LeadAlias, { externalId });
  if ([owner?.id, alias?.lead.id].some((id) => id !== undefined && id !== lead.id))
    throw new Problem('external-id-taken');
  // An id that came to it by a merge becomes its first one: it is no alias any more.
  if (alias !== null) tx.em.remove(alias);
  lead.externalId = externalId;
}
