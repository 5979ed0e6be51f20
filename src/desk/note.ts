import type { MessageId } from '../contract/ids.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import { type Actor, operatorIdOf } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, standingOf } from './find-contact.ts';
import { recordMessage } from './trail.ts';
import { messageView } from './views.ts';

type Note = {
  contact: LoadedContact;
  actor: Actor;
  text: string;
  clientId?: string | null;
  replyTo?: MessageId | null;
};

/** Writes a note that only the team sees; it never leaves. */
export async function addNote(
  desk: Desk,
  tx: Tx,
  { contact, actor, text, clientId = null, replyTo = null }: Note,
): Promise<Message> {
  const at = desk.clock.now();
  const note = tx.em.create(Message, {
    contact: contact.id,
    sourceId: contact.source.id,
    author: 'note',
    operatorId: operatorIdOf(actor),
    text,
    attachments: [],
    raw: null,
    clientId,
    replyTo,
    createdAt: at,
  });
  await tx.em.flush();
  const message = messageView(contact.id, note);
  recordMessage(tx, { type: 'message.created', at, message, contact: standingOf(contact), actor });
  return note;
}
