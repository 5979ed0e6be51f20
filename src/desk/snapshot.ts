import type { FilterQuery } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Contact as ContactWire } from '../contract/contact.ts';
import type { Snapshot } from '../contract/event.ts';
import type { OperatorId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import { Operator } from '../store/entities/operator.ts';
import { type Actor, operatorIdOf } from './actor.ts';
import { inSight } from './contacts.ts';
import type { Desk } from './desk.ts';
import { authorize } from './policy.ts';
import { sightOf } from './sight.ts';
import { contactView, operatorView } from './views.ts';

const NEWEST = 200;

/** What a console starts with: who it belongs to, and the newest open contacts of each view. */
export async function takeSnapshot(desk: Desk, actor: Actor): Promise<Snapshot> {
  authorize(actor, 'contact.see');
  const em = desk.store.em();
  const me = operatorIdOf(actor);
  const all: FilterQuery<Contact> = {
    $and: [inSight(await sightOf(em, actor)), { status: { $in: ['waiting', 'assigned'] } }],
  };
  const views = { mine: mineOf(me), queue: { $and: [all, { status: 'waiting' as const }] }, all };
  const contacts = new Map<number, ContactWire>();
  const counts = { mine: 0, queue: 0, all: 0 };
  for (const view of ['mine', 'queue', 'all'] as const) {
    counts[view] = await em.count(Contact, views[view]);
    for (const contact of await newestOf(em, views[view])) contacts.set(contact.id, contact);
  }
  const operator = me === null ? null : await em.findOne(Operator, me);
  return { operator: operator && operatorView(operator), counts, contacts: [...contacts.values()] };
}

function mineOf(me: OperatorId | null): FilterQuery<Contact> {
  // Nobody has the id 0: who acts for nobody has nothing.
  return { operator: me ?? (0 as OperatorId), status: 'assigned' };
}

async function newestOf(em: SqlEntityManager, view: FilterQuery<Contact>): Promise<ContactWire[]> {
  const rows = await em.find(Contact, view, {
    populate: ['lead', 'source', 'operator'],
    orderBy: { id: 'desc' },
    limit: NEWEST,
  });
  return rows.map(contactView);
}
