import type { MessageStatus } from '../contract/message.ts';
import type { Delivery } from '../store/entities/delivery.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import { SYSTEM } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, standingOf } from './find-contact.ts';
import { recordMessage } from './trail.ts';
import { messageView } from './views.ts';

/** What a delivery's turn means for its message. */
export type Stamp = { status: MessageStatus; error?: string | null; externalId?: string | null };

/** Notes on a delivery's message how it stands, and tells it. Answers its contact; null: a line of the bot itself. */
export async function stampMessage(
  desk: Desk,
  tx: Tx,
  delivery: Delivery,
  stamp: Stamp,
): Promise<LoadedContact | null> {
  if (!delivery.message) return null;
  const { status, error = null, externalId = null } = stamp;
  const at = desk.clock.now();
  const message = await tx.em.findOneOrFail(
    Message,
    { id: delivery.message.id },
    { populate: ['contact.lead', 'contact.source', 'contact.operator'] },
  );
  message.status = status;
  message.error = error;
  // An id that is taken already belongs to another server's numbering: that the reply went out counts.
  if (externalId !== null && !(await isTaken(tx, message, externalId))) message.externalId = externalId;
  if (status === 'sent') message.sentAt = at;
  await tx.em.flush();
  const wire = messageView(message.contact.id, message);
  const contact = standingOf(message.contact);
  recordMessage(tx, { type: 'message.updated', at, message: wire, contact, actor: SYSTEM });
  return message.contact;
}

async function isTaken(tx: Tx, { id, sourceId }: Message, externalId: string): Promise<boolean> {
  return (await tx.em.count(Message, { sourceId, externalId, id: { $ne: id } })) > 0;
}
