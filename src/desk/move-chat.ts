import { Announcement } from '../store/entities/announcement.ts';
import { Contact } from '../store/entities/contact.ts';
import type { Delivery } from '../store/entities/delivery.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import { chatsOf } from './chats-of-lead.ts';
import { laneOfChat, moveLane } from './lanes.ts';

/**
 * The chat of a delivery goes on under another id: its lead's contacts of that source, what is queued for it, and the
 * memory of what was announced there go along.
 */
export async function moveChat(tx: Tx, delivery: Delivery, to: string): Promise<void> {
  const { sourceId, chat: from, lane } = delivery;
  if (!from || from === to) return;
  await moveContacts(tx, delivery, from, to);
  await moveLane(tx, { sourceId, lane }, to);
  delivery.lane = laneOfChat(to);
  delivery.chat = to;
  await moveAnnouncements(tx, delivery, from, to);
}

async function moveContacts(tx: Tx, { message }: Delivery, from: string, to: string): Promise<void> {
  if (!message) return;
  const { contact } = await tx.em.findOneOrFail(Message, { id: message.id }, { populate: ['contact'] });
  const all = await chatsOf(tx, contact.lead.id, contact.source.id);
  const ids = all.filter(({ chat }) => chat === from).map(({ id }) => id);
  await tx.em.nativeUpdate(Contact, { id: { $in: ids } }, { chat: to });
}

async function moveAnnouncements(tx: Tx, { sourceId }: Delivery, from: string, to: string): Promise<void> {
  const said = await tx.em.find(Announcement, { sourceId, chat: from }, { disableIdentityMap: true });
  for (const { topic, at } of said)
    await tx.em.upsert(Announcement, { sourceId, chat: to, topic, at }, { onConflictAction: 'ignore' });
  await tx.em.nativeDelete(Announcement, { sourceId, chat: from });
}
