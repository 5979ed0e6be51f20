import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeadLetterId, LeadId, OperatorId, SourceId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import { DeadLetter } from '../store/entities/dead-letter.ts';
import { LeadAlias } from '../store/entities/lead-alias.ts';
import { Lead } from '../store/entities/lead.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { markClosed } from './close-contact.ts';
import { moveQueues } from './configuration.ts';
import type { Desk } from './desk.ts';
import {
  CONTACTS_AT_ONCE,
  clearWords,
  erasedName,
  eraseSome,
  lockForErasure,
  tellErased,
} from './erase-contacts.ts';
import type { LoadedContact } from './find-contact.ts';
import { lockLead, namesOf } from './lead-names.ts';
import { findLead, unknownLead } from './leads.ts';
import { lettersOf } from './letters-of-lead.ts';
import { authorizeAny } from './policy.ts';
import { reroute } from './reroute.ts';

/**
 * Erases a lead: who it was and all that was said. From its first commit on the lead is gone, and whoever writes under
 * its external id is a new one. Its open contacts close as `erased` and what was said goes in small commits after that,
 * and an erasure that was broken off is finished by itself. Resolves when nothing is left; erasing again changes
 * nothing. Throws Problem('forbidden') or Problem('not-found').
 */
export async function eraseLead(desk: Desk, actor: Actor, id: LeadId): Promise<void> {
  authorizeAny(actor, 'lead.erase');
  const lead = await desk.store.em().findOne(Lead, { id });
  if (lead === null) throw unknownLead(id);
  if (!lead.erasedAt) {
    const seen = await deleteLetters(desk, id);
    await desk.store.write((tx) => eraseIdentity(desk, tx, actor, { id, seen }));
  }
  await finishErasure(desk, actor, id);
  await scrub(desk);
}

/** Closes what is open of an erased lead and erases what was said in its contacts, until nothing is left of it. */
export async function finishErasure(desk: Desk, actor: Actor, id: LeadId): Promise<void> {
  for (;;) {
    const part = await desk.store.write((tx) => erasePart(desk, tx, actor, id));
    if (part === null) return;
    // In a commit of its own: contacts are locked in the one before, not in the order of a queue.
    await moveQueues(desk, part);
    // On SQLite nothing in a commit leaves the event loop to others.
    await nextTurn();
  }
}

/** Leaves nothing of what was deleted in files of our own; that somebody keeps it from that is logged. */
export async function scrub(desk: Desk): Promise<void> {
  if (await desk.store.scrub()) return;
  desk.log.warn(
    'erased words may still stand in the write-ahead log: somebody reads the database all the time',
  );
}

/** Answers the sources whose queues may move now; null when nothing was left. */
async function erasePart(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  id: LeadId,
): Promise<{ sources: SourceId[] } | null> {
  const ids = await unfinished(tx, id);
  if (ids.length === 0) return null;
  const contacts = await lockForErasure(tx, ids);
  // Another gateway may finish it as well.
  const left = contacts.filter(({ erasedAt, lead }) => !erasedAt || erasedAt <= lead.erasedAt!);
  const loads = await closeOpen(desk, tx, actor, left);
  await tellErased(desk, tx, actor, await eraseSome(desk, tx, left));
  await reroute(desk, tx, { sources: [], loads });
  return { sources: await tx.sql.sourcesOf([...loads.keys()]) };
}

/** Closes those of locked contacts that are open; answers the seats that this frees, for `reroute`. */
async function closeOpen(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  contacts: LoadedContact[],
): Promise<Map<OperatorId, number>> {
  const loads = new Map<OperatorId, number>();
  for (const contact of contacts.filter(({ status }) => status !== 'closed')) {
    clearWords(contact);
    const { freed } = await markClosed(desk, tx, contact, { actor, reason: 'erased' });
    if (freed !== null) loads.set(freed, (loads.get(freed) ?? 0) - 1);
  }
  return loads;
}

/** Those that were not erased since their lead was, open ones first; what was erased before may still name it. */
async function unfinished(tx: Tx, id: LeadId) {
  const rows = await tx.em.execute<{ id: number | string }[]>(
    `select c.id from contact c join lead l on l.id = c.lead_id
      where l.id = ? and l.erased_at is not null and (c.erased_at is null or c.erased_at <= l.erased_at)
      order by (c.status = 'closed'), c.id limit ${CONTACTS_AT_ONCE}`,
    [id],
  );
  return rows.map((row) => Number(row.id) as Contact['id']);
}

/** Before the names are gone by which they are found; answers the newest letter that was looked at. */
async function deleteLetters(desk: Desk, id: LeadId): Promise<DeadLetterId | undefined> {
  const em = desk.store.em();
  const names = await namesOf(em, await findLead(em, id));
  const [newest] = await em.findAll(DeadLetter, { orderBy: { id: 'desc' }, limit: 1, fields: ['id'] });
  for await (const letter of lettersOf(em, names))
    await desk.store.write((tx) => tx.em.nativeDelete(DeadLetter, { id: letter.id }));
  return newest?.id;
}

async function eraseIdentity(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { id, seen }: { id: LeadId; seen: DeadLetterId | undefined },
): Promise<void> {
  const lead = await lockLead(tx, id);
  for await (const letter of lettersOf(tx.em, await namesOf(tx.em, lead), seen))
    await tx.em.nativeDelete(DeadLetter, { id: letter.id });
  await forgetLead(desk, tx, lead);
  await audit(tx, actor, { at: desk.clock.now(), action: 'lead.erased', subject: `lead:${id}` });
}

/** Takes from a locked lead all that tells who it was. */
export async function forgetLead(desk: Desk, tx: Tx, lead: Lead): Promise<void> {
  const at = desk.clock.now();
  await tx.em.nativeDelete(LeadAlias, { lead: lead.id });
  Object.assign(lead, { name: null, phone: null, email: null, language: null });
  lead.externalId = erasedName(lead.id);
  lead.updatedAt = at;
  lead.erasedAt = await afterContacts(tx, lead.id, at);
  await tx.em.flush();
}

/** Not before a contact of it was erased, though the clock was set back since: what is later than its lead is done. */
async function afterContacts(tx: Tx, lead: LeadId, at: Date): Promise<Date> {
  const [last] = await tx.em.find(
    Contact,
    { lead, erasedAt: { $gt: at } },
    { orderBy: { erasedAt: 'desc' }, limit: 1, fields: ['erasedAt'], disableIdentityMap: true },
  );
  return last?.erasedAt ?? at;
}
