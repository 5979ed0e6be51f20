import type { ContactId, MessageId } from '../contract/ids.ts';
import type { Message as MessageWire, MessageCreate } from '../contract/message.ts';
import { invalid, Problem } from '../problem.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import { acceptLocked } from './accept-contact.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { enqueueDelivery } from './enqueue-delivery.ts';
import { isErased, type LoadedContact, lockContactFor, standingOf } from './find-contact.ts';
import { addNote } from './note.ts';
import { replierOf } from './policy.ts';
import { previewOf } from './preview.ts';
import { recordMessage } from './trail.ts';
import { messageView } from './views.ts';
import { departure, findWayOut, type WayOut } from './way-out.ts';

/**
 * Writes a reply, which goes out, or a note, which does not. Resolves after COMMIT; the same `client_id` again answers
 * the same message. A reply accepts what is offered; one that cannot leave is kept as failed (`no-channel`, or why the
 * lead is unreachable).
 * Throws Problem('no-operator'), Problem('not-yours'), Problem('closed'), Problem('client-id-mismatch'),
 * Problem('forbidden'), Problem('not-found'), or Problem('invalid') for an answer to a message of another contact.
 */
export function writeMessage(
  desk: Desk,
  actor: Actor,
  id: ContactId,
  input: MessageCreate,
): Promise<{ message: MessageWire; created: boolean }> {
  return desk.store.write(async (tx) => {
    const action = input.kind === 'note' ? 'contact.note' : 'contact.see';
    const { contact } = await lockContactFor(tx, actor, action, id);
    if (isErased(contact)) throw new Problem('closed');
    const said = await findSaid(tx, contact, input);
    if (said !== null) return { message: messageView(contact.id, said), created: false };
    const message =
      input.kind === 'note'
        ? await note(desk, tx, { contact, actor, input })
        : await reply(desk, tx, { contact, actor, input });
    return { message: messageView(contact.id, message), created: true };
  });
}

async function findSaid(tx: Tx, contact: LoadedContact, input: MessageCreate): Promise<Message | null> {
  if (input.client_id === undefined) return null;
  const said = await tx.em.findOne(Message, { contact: contact.id, clientId: input.client_id });
  if (said === null) return null;
  const kind = said.author === 'note' ? 'note' : 'reply';
  if (said.text !== input.text || kind !== input.kind) throw new Problem('client-id-mismatch');
  return said;
}

type Writing = { contact: LoadedContact; actor: Actor; input: MessageCreate };

async function note(desk: Desk, tx: Tx, { contact, actor, input }: Writing): Promise<Message> {
  const replyTo = await checkAnswered(tx, contact, input.reply_to);
  return addNote(desk, tx, { contact, actor, text: input.text, clientId: input.client_id ?? null, replyTo });
}

async function reply(desk: Desk, tx: Tx, { contact, actor, input }: Writing): Promise<Message> {
  const me = replierOf(actor, standingOf(contact));
  const replyTo = await checkAnswered(tx, contact, input.reply_to);
  // What the channel will not deliver is not tried again until the lead writes, or a person asks for it.
  const shut = contact.unreachableReason;
  const way: WayOut = shut ? { by: 'nothing', reason: shut } : await findWayOut(tx, contact);
  const at = desk.clock.now();
  const message = tx.em.create(Message, {
    contact: contact.id,
    sourceId: contact.source.id,
    author: 'operator',
    operatorId: me,
    text: input.text,
    attachments: [],
    raw: null,
    clientId: input.client_id ?? null,
    replyTo,
    createdAt: at,
    ...departure(way, at),
  });
  await acceptLocked(desk, tx, actor, contact);
  enqueueDelivery(tx, { message, sourceId: contact.source.id, way, at });
  contact.lastAuthor = 'operator';
  contact.lastText = previewOf(input.text);
  contact.lastAt = at;
  await tx.em.flush();
  const wire = messageView(contact.id, message);
  recordMessage(tx, { type: 'message.created', at, message: wire, contact: standingOf(contact), actor });
  return message;
}

async function checkAnswered(
  tx: Tx,
  contact: LoadedContact,
  id: MessageId | undefined,
): Promise<MessageId | null> {
  if (id === undefined) return null;
  const answered = await tx.em.findOne(Message, { id, contact: contact.id });
  if (answered === null) throw invalid('reply_to', 'is no message of this contact');
  return answered.id;
}
