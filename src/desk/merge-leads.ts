import type { LeadId } from '../contract/ids.ts';
import type { Lead as LeadWire, LeadMerge } from '../contract/lead.ts';
import { invalid } from '../problem.ts';
import { LeadAlias } from '../store/entities/lead-alias.ts';
import { Lead } from '../store/entities/lead.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { moveQueues } from './configuration.ts';
import type { Desk } from './desk.ts';
import { findLead } from './leads.ts';
import { joinContacts } from './merge-contacts.ts';
import { authorizeAny } from './policy.ts';
import { reroute } from './reroute.ts';
import { leadView } from './views.ts';

/**
 * Joins the history of a lead to that of another and answers that other one; the old external ids keep resolving. Where
 * both have a contact opened by messages on one source, the older stays and the newer closes as `merged`.
 * Throws Problem('forbidden'), Problem('not-found'), or Problem('invalid') for an `into` that is itself or unknown.
 */
export async function mergeLeads(desk: Desk, actor: Actor, id: LeadId, input: LeadMerge): Promise<LeadWire> {
  authorizeAny(actor, 'lead.change');
  if (input.into === id) throw invalid('into', 'must be another lead');
  const { lead, sources } = await desk.store.write(async (tx) => {
    const { from, into } = await lockBoth(tx, id, input.into);
    const freed = await joinContacts(desk, tx, actor, { from, into });
    await moveNames(desk, tx, from, into);
    const change = { subject: `lead:${id}`, after: { into: input.into } };
    await audit(tx, actor, { at: desk.clock.now(), action: 'lead.merged', ...change });
    await reroute(desk, tx, { sources: [], loads: freed });
    return { lead: leadView(into), sources: await tx.sql.sourcesOf([...freed.keys()]) };
  });
  // In a commit of its own: many contacts are locked here already, not in the order of the queue.
  await moveQueues(desk, { sources });
  return lead;
}

/** Both leads, locked, so that no message of theirs comes in between. */
async function lockBoth(tx: Tx, fromId: LeadId, intoId: LeadId): Promise<{ from: Lead; into: Lead }> {
  const { externalId } = await findLead(tx.em, fromId);
  const target = await tx.em.findOne(Lead, { id: intoId, erasedAt: null });
  if (target === null) throw invalid('into', `there is no lead ${intoId}`);
  await tx.sql.lockLeads([externalId, target.externalId]);
  return { from: await findLead(tx.em, fromId), into: await findLead(tx.em, intoId) };
}

/** What was not known of the lead that stays is filled; every external id of the other becomes its alias. */
async function moveNames(desk: Desk, tx: Tx, from: Lead, into: Lead): Promise<void> {
  into.name ??= from.name;
  into.phone ??= from.phone;
  into.email ??= from.email;
  into.language ??= from.language;
  into.updatedAt = desk.clock.now();
  const { externalId } = from;
  await tx.em.nativeUpdate(LeadAlias, { lead: from.id }, { lead: into.id });
  tx.em.remove(from);
  await tx.em.flush();
  await tx.em.upsert(LeadAlias, { externalId, lead: into.id });
}
