import type { TrailStep } from '../contract/contact.ts';
import type { Decision as DecisionWire } from '../contract/decision.ts';
import type { ContactId, DecisionId } from '../contract/ids.ts';
import type { Page, PageQuery } from '../contract/page.ts';
import { Decision } from '../store/entities/decision.ts';
import { Event } from '../store/entities/event.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { findContact } from './find-contact.ts';
import { pageById, readIdCursor } from './page.ts';
import { decisionView } from './views.ts';

/** Every decision on a contact, newest first. Throws Problem('not-found') or Problem('invalid'). */
export async function listDecisions(
  desk: Desk,
  actor: Actor,
  id: ContactId,
  query: PageQuery,
): Promise<Page<DecisionWire>> {
  const em = desk.store.em();
  await findContact(em, actor, id);
  const rows = await em.find(
    Decision,
    { contact: id, ...below<DecisionId>(query) },
    { orderBy: { id: 'desc' }, limit: query.limit + 1 },
  );
  return pageById(rows, query.limit, decisionView);
}

/** Every move of a contact with actor and reason, newest first. Throws Problem('not-found') or Problem('invalid'). */
export async function listTrail(
  desk: Desk,
  actor: Actor,
  id: ContactId,
  query: PageQuery,
): Promise<Page<TrailStep>> {
  const em = desk.store.em();
  await findContact(em, actor, id);
  const rows = await em.find(
    Event,
    { contactId: id, type: { $like: 'contact.%' }, ...below(query) },
    { orderBy: { id: 'desc' }, limit: query.limit + 1 },
  );
  return pageById(rows, query.limit, stepView);
}

function below<Id extends number>({ cursor }: PageQuery): { id?: { $lt: Id } } {
  const end = readIdCursor<Id>(cursor);
  return end === null ? {} : { id: { $lt: end } };
}

export function stepView(row: Event): TrailStep {
  return {
    id: row.id,
    at: row.at.toISOString(),
    type: row.type,
    actor: row.actor,
    reason: row.reason ?? null,
    from: { operator_id: row.operatorBefore ?? null },
    to: { operator_id: row.operatorAfter ?? null, status: row.statusAfter ?? 'waiting' },
  };
}
