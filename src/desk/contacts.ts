import type { FilterQuery } from '@mikro-orm/core';
import type { Contact as ContactWire, ContactQuery } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import type { Page } from '../contract/page.ts';
import { Contact } from '../store/entities/contact.ts';
import type { Lead } from '../store/entities/lead.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { findContact } from './find-contact.ts';
import { pageById, readIdCursor } from './page.ts';
import { authorize, type Sight } from './policy.ts';
import { sightOf } from './sight.ts';
import { containsText } from './text-search.ts';
import { contactView } from './views.ts';

/** The contacts that the actor sees, newest first. Throws Problem('forbidden') or Problem('invalid'). */
export async function listContacts(
  desk: Desk,
  actor: Actor,
  query: ContactQuery,
): Promise<Page<ContactWire>> {
  authorize(actor, 'contact.see');
  const em = desk.store.em();
  const filters = [inSight(await sightOf(em, actor)), ...asked(query)];
  const rows = await em.find(
    Contact,
    { $and: filters },
    { populate: ['lead', 'source', 'operator'], orderBy: { id: 'desc' }, limit: query.limit + 1 },
  );
  return pageById(rows, query.limit, contactView);
}

/** One contact. Throws Problem('not-found'), also for one that the actor may not see. */
export async function getContact(desk: Desk, actor: Actor, id: ContactId): Promise<ContactWire> {
  return contactView(await findContact(desk.store.em(), actor, id));
}

/** The filter of what somebody with this sight sees. */
export function inSight(sight: Sight): FilterQuery<Contact> {
  if (sight.kind === 'all') return {};
  const queue = { status: 'waiting' as const, source: { $in: [...sight.sourceIds] } };
  return { $or: [{ operator: sight.operatorId }, queue] };
}

function asked(query: ContactQuery): FilterQuery<Contact>[] {
  const filters: FilterQuery<Contact>[] = [];
  const end = readIdCursor<ContactId>(query.cursor);
  if (end !== null) filters.push({ id: { $lt: end } });
  if (query.status !== undefined) filters.push({ status: query.status });
  if (query.operator_id !== undefined) filters.push({ operator: query.operator_id });
  if (query.source_id !== undefined) filters.push({ source: query.source_id });
  if (query.lead_id !== undefined) filters.push({ lead: query.lead_id });
  if (query.from !== undefined) filters.push({ createdAt: { $gte: new Date(query.from) } });
  if (query.to !== undefined) filters.push({ createdAt: { $lt: new Date(query.to) } });
  if (query.q !== undefined && query.q.trim() !== '') filters.push(matching(query.q));
  return filters;
}

function matching(q: string): FilterQuery<Contact> {
  return {
    $or: [
      containsText<Contact>(['text', 'last_text'], q),
      { lead: containsText<Lead>(['name', 'external_id'], q) },
    ],
  };
}
