import { raw } from '@mikro-orm/core';
import type { LeadId, OperatorId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import type { Lead } from '../store/entities/lead.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, standingOf } from './find-contact.ts';
import { moveAnswers } from './lanes.ts';
import type { ContactStanding } from './policy.ts';
import { recordMessage, recordMove } from './trail.ts';
import { contactView, messageView } from './views.ts';

/** Why a contact was closed whose messages another one has now. */
const MERGED = 'merged';

/** Two contacts that messages opened on one source. */
type Clash = { older: LoadedContact; newer: LoadedContact };

/**
 * Gives all contacts of one lead to another. Of two that messages opened on one source the older stays and gets the
 * messages, the newer closes as `merged`. Both leads are locked. Answers the seats that this frees, for `reroute`.
 */
export async function joinContacts(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { from, into }: { from: Lead; into: Lead },
): Promise<Map<OperatorId, number>> {
  const at = desk.clock.now();
  const open = await lockContacts(tx, from.id, into.id);
  const before = new Map(open.map((contact) => [contact, standingOf(contact)]));
  const clashes = clashesOf(open);
  const messages: Message[] = [];
  for (const clash of clashes) messages.push(...(await joinClash(tx, clash, at)));
  // One of two closes before both are of one lead: at no moment has a lead two of them open on a source.
  await tx.em.flush();

  const moved = open.filter((contact) => contact.lead.id === from.id);
  await moveContacts(tx, moved, from, into);
  const changed = new Set([...moved, ...clashes.flatMap(({ older, newer }) => [older, newer])]);
  for (const contact of changed) {
    const type = `contact.${contact.status}` as const;
    const move = { type, at, contact: contactView(contact), before: before.get(contact)! };
    recordMove(tx, { ...move, actor, reason: MERGED });
  }
  for (const message of messages) {
    const contact = message.contact as LoadedContact;
    const wire = messageView(contact.id, message);
    recordMessage(tx, { type: 'message.updated', at, message: wire, contact: before.get(contact)!, actor });
  }
  return freedBy(clashes, before);
}

/** Locks every contact of `from` and the open ones of `into`; answers those that are open, by id. */
async function lockContacts(tx: Tx, from: LeadId, into: LeadId): Promise<LoadedContact[]> {
  const concerned = await tx.em.find(
    Contact,
    { $or: [{ lead: from }, { lead: into, status: { $ne: 'closed' } }] },
    { fields: ['id'], disableIdentityMap: true },
  );
  const ids = concerned.map((contact) => contact.id);
  if (ids.length > 0) await tx.sql.lockContacts(ids);
  return tx.em.find(
    Contact,
    { id: { $in: ids }, status: { $ne: 'closed' } },
    { populate: ['lead', 'source', 'operator'], orderBy: { id: 'asc' } },
  );
}

function clashesOf(open: LoadedContact[]): Clash[] {
  const bySource = Map.groupBy(
    open.filter((contact) => contact.byMessage),
    (contact) => contact.source.id,
  );
  return [...bySource.values()].flatMap((contacts) => {
    const [older, newer] = contacts.toSorted(
      (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id,
    );
    return older === undefined || newer === undefined ? [] : [{ older, newer }];
  });
}

/** Moves the messages of the newer one and closes it; they keep their ids, so lists show both in one order. */
async function joinClash(tx: Tx, { older, newer }: Clash, at: Date): Promise<Message[]> {
  const kept = await tx.em.find(Message, { contact: older.id, clientId: { $ne: null } });
  const keys = new Set(kept.map((message) => message.clientId));
  const messages = await tx.em.find(Message, { contact: newer.id }, { orderBy: { id: 'asc' } });
  for (const message of messages) {
    message.contact = older;
    if (keys.has(message.clientId)) message.clientId = null;
  }
  takeLastWords(older, newer);
  older.version += 1;
  newer.status = 'closed';
  newer.closedAt = at;
  newer.closeReason = MERGED;
  newer.offerExpiresAt = null;
  newer.version += 1;
  return messages;
}

function takeLastWords(older: LoadedContact, newer: LoadedContact): void {
  const isNews = (newer.lastAt?.getTime() ?? 0) > (older.lastAt?.getTime() ?? 0);
  // Whether a lead can be reached is a matter of the chat.
  if (newer.chat && (isNews || !older.chat)) {
    older.chat = newer.chat;
    older.unreachableReason = newer.unreachableReason;
    older.unreachableSince = newer.unreachableSince;
  }
  if (isNews) {
    older.lastAuthor = newer.lastAuthor;
    older.lastText = newer.lastText;
    older.lastAt = newer.lastAt;
  }
  newer.lastAuthor = null;
  newer.lastText = null;
  newer.lastAt = null;
}

async function moveContacts(tx: Tx, open: LoadedContact[], from: Lead, into: Lead): Promise<void> {
  for (const contact of open) {
    contact.lead = into;
    contact.version += 1;
  }
  await tx.em.flush();
  await tx.em.nativeUpdate(Contact, { lead: from.id }, { lead: into.id, version: raw('version + 1') });
  // What is still to be posted about this lead goes on in the other's order.
  await moveAnswers(tx, from.id, into.id);
}

function freedBy(
  clashes: Clash[],
  before: ReadonlyMap<LoadedContact, ContactStanding>,
): Map<OperatorId, number> {
  const freed = new Map<OperatorId, number>();
  for (const { newer } of clashes) {
    const { operatorId, status } = before.get(newer)!;
    if (status === 'assigned' && operatorId !== null) freed.set(operatorId, (freed.get(operatorId) ?? 0) - 1);
  }
  return freed;
}
