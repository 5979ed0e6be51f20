import { type FilterQuery, raw } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { LeadId } from '../contract/ids.ts';
import type { Lead as LeadWire, LeadDetails, LeadQuery } from '../contract/lead.ts';
import type { Page } from '../contract/page.ts';
import { Problem } from '../problem.ts';
import { Contact } from '../store/entities/contact.ts';
import { Lead } from '../store/entities/lead.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { pageById, readIdCursor } from './page.ts';
import { authorize, type Sight } from './policy.ts';
import { sightOf } from './sight.ts';
import { containsText } from './text-search.ts';
import { contactBrief, leadView } from './views.ts';

const MOST_CONTACTS = 200;

/** The leads of contacts that the actor sees, newest first. Throws Problem('forbidden') or Problem('invalid'). */
export async function listLeads(desk: Desk, actor: Actor, query: LeadQuery): Promise<Page<LeadWire>> {
  authorize(actor, 'lead.see');
  const em = desk.store.em();
  const filters = [{ erasedAt: null }, inSight(await sightOf(em, actor)), ...asked(query)];
  const rows = await em.find(Lead, { $and: filters }, { orderBy: { id: 'desc' }, limit: query.limit + 1 });
  return pageById(rows, query.limit, leadView);
}

/**
 * A lead with its newest 200 contacts, of which no more is told than where they stand.
 * Throws Problem('not-found'), also for one that the actor may not see or that was erased.
 */
export async function getLead(desk: Desk, actor: Actor, id: LeadId): Promise<LeadDetails> {
  authorize(actor, 'lead.see');
  const em = desk.store.em();
  const lead = await em.findOne(Lead, { $and: [{ id, erasedAt: null }, inSight(await sightOf(em, actor))] });
  if (lead === null) throw unknownLead(id);
  const contacts = await em.find(
    Contact,
    { lead: id },
    { populate: ['lead', 'source'], orderBy: { id: 'desc' }, limit: MOST_CONTACTS },
  );
  return { ...leadView(lead), contacts: contacts.map(contactBrief) };
}

/** The lead as the database has it now. Throws Problem('not-found'), also for one that was erased. */
export async function findLead(em: SqlEntityManager, id: LeadId): Promise<Lead> {
  const lead = await em.findOne(Lead, { id }, { refresh: true });
  if (lead === null || lead.erasedAt) throw unknownLead(id);
  return lead;
}

export function unknownLead(id: LeadId): Problem {
  return new Problem('not-found', { detail: `There is no lead ${id}.` });
}

function asked(query: LeadQuery): FilterQuery<Lead>[] {
  const filters: FilterQuery<Lead>[] = [];
  const end = readIdCursor<LeadId>(query.cursor);
  if (end !== null) filters.push({ id: { $lt: end } });
  if (query.q !== undefined && query.q.trim() !== '')
    filters.push(containsText(['external_id', 'name', 'phone', 'email'], query.q));
  return filters;
}

/** An operator sees a lead by way of its own contacts and the queues of its sources. */
function inSight(sight: Sight): FilterQuery<Lead> {
  if (sight.kind === 'all') return {};
  const seen = raw(
    (lead) => `exists (select 1 from contact c where c.lead_id = ${lead}.id and (c.operator_id = ?
      or (c.status = 'waiting' and c.source_id in
        (select source_id from source_operator where operator_id = ? and weight > 0))))`,
    [sight.operatorId, sight.operatorId],
  );
  return { [seen]: [] };
}
