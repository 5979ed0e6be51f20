import type { Contact as ContactWire } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import { Announcement } from '../store/entities/announcement.ts';
import { Contact } from '../store/entities/contact.ts';
import { Delivery } from '../store/entities/delivery.ts';
import { Event } from '../store/entities/event.ts';
import { IdempotencyKey } from '../store/entities/idempotency-key.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, standingOf } from './find-contact.ts';
import { recordMove } from './trail.ts';
import { contactView } from './views.ts';

/** How many contacts and rows one commit erases: on SQLite the event loop waits for each. */
export const CONTACTS_AT_ONCE = 20;
const ROWS_AT_ONCE = 200;

/** Why contacts were closed that were not closed by a person's words. */
const OWN_REASONS = new Set(['merged', 'erased']);

/** The contacts among these, locked, as they are by now, by id. */
export async function lockForErasure(tx: Tx, ids: ContactId[]): Promise<LoadedContact[]> {
  await tx.sql.lockContacts(ids);
  return tx.em.find(
    Contact,
    { id: { $in: ids } },
    { populate: ['lead', 'source', 'operator'], orderBy: { id: 'asc' }, refresh: true },
  );
}

/**
 * Erases what was said in locked, closed contacts, as much of it as one commit may hold; answers those that are done,
 * for `tellErased`. What counts stays: when and by whom they were handled, and their decisions.
 */
export async function eraseSome(desk: Desk, tx: Tx, contacts: LoadedContact[]): Promise<LoadedContact[]> {
  const done: LoadedContact[] = [];
  let left = ROWS_AT_ONCE;
  for (const contact of contacts) {
    left -= await deleteSaid(tx, contact.id, left);
    if (left <= 0) break;
    await clearContact(desk, tx, contact);
    done.push(contact);
  }
  return done;
}

/** Deletes at most so many messages and as many events of messages; answers how many that were. */
async function deleteSaid(tx: Tx, contact: ContactId, limit: number): Promise<number> {
  const page = { orderBy: { id: 'asc' }, limit, fields: ['id'], disableIdentityMap: true } as const;
  const messages = idsOf(await tx.em.find(Message, { contact }, page));
  if (messages.length > 0) {
    await tx.em.nativeDelete(Delivery, { message: { $in: messages } });
    await tx.em.nativeDelete(Message, { id: { $in: messages } });
  }
  const told = { contactId: contact, type: { $like: 'message.%' } };
  const events = idsOf(await tx.em.find(Event, told, page));
  if (events.length > 0) await tx.em.nativeDelete(Event, { id: { $in: events } });
  return Math.max(messages.length, events.length);
}

function idsOf<Id>(rows: { id: Id }[]): Id[] {
  return rows.map(({ id }) => id);
}

async function clearContact(desk: Desk, tx: Tx, contact: LoadedContact): Promise<void> {
  const { id, chat } = contact;
  if (chat && !(await isChatNeeded(tx, contact, chat))) await forgetChat(tx, contact, chat);
  await tx.em.nativeDelete(IdempotencyKey, { contact: id });
  clearWords(contact);
  contact.chat = null;
  contact.erasedAt = momentOf(desk, contact);
  contact.version += 1;
  // The next one of the same chat looks whether this one still needs it.
  await tx.em.flush();
  await clearTrail(tx, id, contact.erasedAt);
}

/** Later than the erasure of its lead, where that is erased: what was erased before that may still name it. */
function momentOf(desk: Desk, { lead }: LoadedContact): Date {
  const now = desk.clock.now();
  return lead.erasedAt && lead.erasedAt >= now ? new Date(lead.erasedAt.getTime() + 1) : now;
}

/** Tells of contacts that were erased, as they and their leads are by now. */
export async function tellErased(desk: Desk, tx: Tx, actor: Actor, contacts: LoadedContact[]): Promise<void> {
  const at = desk.clock.now();
  for (const contact of contacts) contact.erasedAt = momentOf(desk, contact);
  await tx.em.flush();
  for (const row of contacts) {
    const move = { type: 'contact.updated', at, contact: contactView(row), before: standingOf(row) } as const;
    recordMove(tx, { ...move, actor, reason: 'erased' });
  }
}

/** Takes out of a contact all words that are told with it; flush it. */
export function clearWords(contact: LoadedContact): void {
  contact.text = null;
  contact.lastAuthor = null;
  contact.lastText = null;
  contact.lastAt = null;
  contact.unreachableReason = null;
  contact.unreachableSince = null;
  contact.closeReason = ownReason(contact.closeReason);
}

function ownReason(reason: string | null | undefined): string | null {
  return reason && OWN_REASONS.has(reason) ? reason : null;
}

/** Whether a contact that was not erased has this chat too: of the same lead, or of whom the chat is by now. */
async function isChatNeeded(tx: Tx, { id, source, lead }: LoadedContact, chat: string): Promise<boolean> {
  const person = `tg:${chat}`;
  const owners = await tx.em.execute<{ id: number | string }[]>(
    'select id from lead where external_id = ? union select lead_id from lead_alias where external_id = ?',
    [person, person],
  );
  for (const owner of new Set([Number(lead.id), ...owners.map((row) => Number(row.id))])) {
    // The newest first: it is the last one to be erased. By the index of its lead: the plus bars that of the source.
    const rows = await tx.em.execute<unknown[]>(
      `select 1 from contact
        where lead_id = ? and id <> ? and +source_id = ? and chat = ? and erased_at is null
        order by id desc limit 1`,
      [owner, id, source.id, chat],
    );
    if (rows.length > 0) return true;
  }
  return false;
}

/** What was to be said in the chat by the bot itself, what was said once, and edits that came before their messages. */
async function forgetChat(tx: Tx, { source }: LoadedContact, chat: string): Promise<void> {
  const sourceId = source.id;
  await tx.em.nativeDelete(Delivery, { sourceId, chat, message: null });
  await tx.em.nativeDelete(Announcement, { sourceId, chat });
  // The id of a message of a bot begins with its chat.
  const prefix = `${chat}:`;
  await tx.em.execute('delete from early_edit where source_id = ? and substr(external_id, 1, ?) = ?', [
    sourceId,
    prefix.length,
    prefix,
  ]);
}

/** Every step of the trail keeps who did what and when, and no word. */
async function clearTrail(tx: Tx, contactId: ContactId, at: Date): Promise<void> {
  const steps = await tx.em.find(Event, { contactId }, { orderBy: { id: 'asc' }, disableIdentityMap: true });
  for (const { id, type, reason = null, data } of steps) {
    const kept = keptReason(type, reason);
    const bare = withoutWords(data as ContactWire, at);
    await tx.em.nativeUpdate(Event, { id }, { reason: kept, data: bare });
  }
}

/** Of reasons only those that people write freely hold words. */
function keptReason(type: string, reason: string | null): string | null {
  if (type === 'contact.closed') return ownReason(reason);
  return reason?.startsWith('declined: ') ? 'declined' : reason;
}

function withoutWords(contact: ContactWire, at: Date): ContactWire {
  return {
    ...contact,
    text: null,
    close_reason: ownReason(contact.close_reason),
    lead: { id: contact.lead.id, external_id: erasedName(contact.lead.id), name: null },
    last_message: null,
    unreachable: null,
    erased_at: at.toISOString(),
  };
}

/** The external id of a lead that was erased. */
export function erasedName(id: number): string {
  return `erased:${id}`;
}
