import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { ContactId, LeadId, MessageId } from '../contract/ids.ts';
import type { ExportedLetter, ExportedMessage, LeadExport } from '../contract/lead-export.ts';
import { Contact } from '../store/entities/contact.ts';
import type { DeadLetter } from '../store/entities/dead-letter.ts';
import { Event } from '../store/entities/event.ts';
import type { Lead } from '../store/entities/lead.ts';
import { Message } from '../store/entities/message.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { stepView } from './contact-history.ts';
import type { Desk } from './desk.ts';
import { type LeadNames, namesOf } from './lead-names.ts';
import { findLead } from './leads.ts';
import { lettersOf } from './letters-of-lead.ts';
import { authorizeAny } from './policy.ts';
import { contactView, leadView, messageView } from './views.ts';

const AT_ONCE = 200;

/**
 * Everything that is kept of a lead, as the pieces of the JSON of a `LeadExport`, read while they are taken. That it is
 * handed out is noted before the first of them. Throws Problem('forbidden') or Problem('not-found').
 */
export async function exportLead(desk: Desk, actor: Actor, id: LeadId): Promise<AsyncIterable<string>> {
  authorizeAny(actor, 'lead.export');
  const at = desk.clock.now();
  const lead = await desk.store.write(async (tx) => {
    const found = await findLead(tx.em, id);
    await audit(tx, actor, { at, action: 'lead.exported', subject: `lead:${id}` });
    return found;
  });
  const em = desk.store.em();
  return piecesOf(em, { lead, names: await namesOf(em, lead), at });
}

type Told = { lead: Lead; names: LeadNames; at: Date };

async function* piecesOf(em: SqlEntityManager, { lead, names, at }: Told): AsyncGenerator<string> {
  const others = [...names.externalIds].filter((name) => name !== lead.externalId);
  const head = { exported_at: at.toISOString(), lead: leadView(lead), other_external_ids: others };
  yield `${JSON.stringify(head satisfies Partial<LeadExport>).slice(0, -1)},"contacts":[`;
  let comma = '';
  for await (const contact of contactsOf(em, lead.id)) {
    yield `${comma}{"contact":${JSON.stringify(contactView(contact))},"chat":${JSON.stringify(contact.chat ?? null)},"trail":[`;
    yield* listed(trailOf(em, contact.id), stepView);
    yield '],"messages":[';
    yield* listed(messagesOf(em, contact.id), (message) => exportedMessage(contact.id, message));
    yield ']}';
    comma = ',';
  }
  yield '],"dead_letters":[';
  yield* listed(lettersOf(em, names), exportedLetter);
  yield ']}';
}

/** What stands between the brackets of a list, an item at a time. */
async function* listed<Row>(rows: AsyncIterable<Row>, view: (row: Row) => unknown): AsyncGenerator<string> {
  let comma = '';
  for await (const row of rows) {
    yield comma + JSON.stringify(view(row));
    comma = ',';
  }
}

function contactsOf(em: SqlEntityManager, lead: LeadId) {
  return rowsOf((after: ContactId) =>
    em.find(
      Contact,
      { lead, id: { $gt: after } },
      { populate: ['lead', 'source', 'operator'], orderBy: { id: 'asc' }, limit: AT_ONCE },
    ),
  );
}

function trailOf(em: SqlEntityManager, contactId: ContactId): AsyncGenerator<Event> {
  return rowsOf((after: number) =>
    em.find(
      Event,
      { contactId, type: { $like: 'contact.%' }, id: { $gt: after } },
      { orderBy: { id: 'asc' }, limit: AT_ONCE, disableIdentityMap: true },
    ),
  );
}

function messagesOf(em: SqlEntityManager, contact: ContactId): AsyncGenerator<Message> {
  return rowsOf((after: MessageId) =>
    em.find(
      Message,
      { contact, id: { $gt: after } },
      { orderBy: { id: 'asc' }, limit: AT_ONCE, disableIdentityMap: true },
    ),
  );
}

/** Rows by id, read in pages between which others have their turn. */
async function* rowsOf<Id extends number, Row extends { id: Id }>(
  read: (after: Id) => Promise<Row[]>,
): AsyncGenerator<Row> {
  for (let after = 0 as Id; ; await nextTurn()) {
    const page = await read(after);
    yield* page;
    if (page.length < AT_ONCE) return;
    after = page.at(-1)!.id;
  }
}

function exportedMessage(id: ContactId, row: Message): ExportedMessage {
  return { ...messageView(id, row), raw: row.raw ?? null };
}

function exportedLetter({ id, sourceId, reason, raw, createdAt }: DeadLetter): ExportedLetter {
  return { id, source_id: sourceId, reason, raw, created_at: createdAt.toISOString() };
}
