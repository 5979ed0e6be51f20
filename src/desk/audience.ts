import type { Contact } from '../contract/contact.ts';
import type { GatewayEvent } from '../contract/event.ts';
import type { OperatorId } from '../contract/ids.ts';
import type { Operator } from '../contract/operator.ts';
import type { Source } from '../contract/source.ts';
import type { FeedEvent } from '../store/feed.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { authorize, type ContactStanding, sees, type Sight } from './policy.ts';
import { sightOf } from './sight.ts';

export type { FeedEvent };

/** Somebody who listens to events: what they may see of them. */
export type Audience = { sight: Sight; colleagues: ReadonlySet<OperatorId> };

/** Who the actor is as a listener. Throws Problem('forbidden') for those who may not look at contacts. */
export async function audienceOf(desk: Desk, actor: Actor): Promise<Audience> {
  authorize(actor, 'contact.see');
  const em = desk.store.em();
  const sight = await sightOf(em, actor);
  if (sight.kind === 'all') return { sight, colleagues: new Set() };
  const ids = [...sight.sourceIds];
  if (ids.length === 0) return { sight, colleagues: new Set() };
  // Every socket asks this: ids alone, no entity for each colleague.
  const rows = await em.execute<{ id: number | string }[]>(
    `select distinct operator_id as id from source_operator
      where weight > 0 and source_id in (${ids.map(() => '?').join(', ')})`,
    ids,
  );
  return { sight, colleagues: new Set(rows.map((row) => Number(row.id) as OperatorId)) };
}

/** The event as this audience hears it; null when it does not concern it. */
export function toldTo(audience: Audience, event: FeedEvent): GatewayEvent | null {
  const { cursor, at } = event;
  switch (event.type) {
    case 'contact.created':
    case 'contact.assigned':
    case 'contact.waiting':
    case 'contact.closed':
    case 'contact.reopened':
    case 'contact.accepted':
    case 'contact.updated':
      return contactTold(audience.sight, event, event.data as Contact);
    case 'message.created':
    case 'message.updated':
      return sees(audience.sight, after(event))
        ? ({ cursor, type: event.type, at, data: event.data } as GatewayEvent)
        : null;
    case 'operator.updated': {
      const data = operatorTold(audience, event.data as Operator);
      return data && { cursor, type: event.type, at, data };
    }
    case 'source.updated': {
      const data = sourceTold(audience.sight, event.data as Source);
      return data && { cursor, type: event.type, at, data };
    }
  }
}

function contactTold(sight: Sight, event: FeedEvent, contact: Contact): GatewayEvent | null {
  const { cursor, at } = event;
  if (sees(sight, after(event))) return { cursor, type: event.type, at, data: contact } as GatewayEvent;
  const before = beforehand(event);
  if (before === null || !sees(sight, before)) return null;
  const { id, version, operator } = contact;
  return { cursor, type: 'contact.left', at, data: { id, version, to: operator } };
}

function after({ operatorAfter, statusAfter, sourceId }: FeedEvent): ContactStanding {
  return { operatorId: operatorAfter, status: statusAfter!, sourceId: sourceId! };
}

function beforehand({ operatorBefore, statusBefore, sourceId }: FeedEvent): ContactStanding | null {
  return statusBefore === null
    ? null
    : { operatorId: operatorBefore, status: statusBefore, sourceId: sourceId! };
}

function operatorTold({ sight, colleagues }: Audience, operator: Operator) {
  if (sight.kind === 'all' || sight.operatorId === operator.id) return operator;
  if (!colleagues.has(operator.id)) return null;
  const { id, name, availability, presence, load, max_load } = operator;
  return { id, name, availability, presence, load, max_load };
}

function sourceTold(sight: Sight, source: Source) {
  if (sight.kind === 'all') return source;
  if (!sight.sourceIds.has(source.id)) return null;
  const { id, name, code, kind, is_active } = source;
  return { id, name, code, kind, is_active };
}
