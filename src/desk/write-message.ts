import type { ContactId, MessageId } from '../contract/ids.ts';
import type { Message as MessageWire, MessageCreate } from '../contract/message.ts';
import { invalid, Problem } from '../problem.ts';
import { Contact } from '../store/entities/contact.ts';
import { Delivery } from '../store/entities/delivery.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, lockContactFor, standingOf } from './find-contact.ts';
import { addNote } from './note.ts';
import { operatorOf } from './policy.ts';
import { previewOf } from './preview.ts';
import { recordMessage } from './trail.ts';
import { messageView } from './views.ts';

/** Where a reply goes; null: there is no way out. `now`: the event of the message is its delivery. */
type Route = 'now' | { kind: 'telegram' | 'callback'; lane: string; chat: string | null } | null;

/**
 * Writes a reply, which goes out, or a note, which does not. Resolves after COMMIT; the same `client_id` again answers
 * the same message. A reply without a way out is kept as failed (`no-channel`).
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
    const said = await findSaid(tx, contact, input);
    if (said !== null) return { message: messageView(contact.id, said), created: false };
    const clientId = input.client_id ?? null;
    const message =
      input.kind === 'note'
        ? await addNote(desk, tx, { contact, actor, text: input.text, clientId })
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

async function reply(
  desk: Desk,
  tx: Tx,
  { contact, actor, input }: { contact: LoadedContact; actor: Actor; input: MessageCreate },
): Promise<Message> {
  const me = operatorOf(actor);
  if (contact.operator?.id !== me) throw new Problem('not-yours');
  if (contact.status === 'closed') throw new Problem('closed');
  const replyTo = await checkAnswered(tx, contact, input.reply_to);
  const route = await wayOut(tx, contact);
  const at = desk.clock.now();
  const message = tx.em.create(Message, {
    contact: contact.id,
    sourceId: contact.source.id,
    author: 'operator',
    operatorId: me,
    text: input.text,
    attachments: [],
    raw: null,
    status: route === null ? 'failed' : route === 'now' ? 'sent' : 'queued',
    error: route === null ? 'no-channel' : null,
    clientId: input.client_id ?? null,
    replyTo,
    sentAt: route === 'now' ? at : null,
    createdAt: at,
  });
  if (route !== null && route !== 'now') {
    const { kind, lane, chat } = route;
    const common = { sourceId: contact.source.id, message, kind, lane, chat, status: 'queued' as const };
    tx.em.create(Delivery, { ...common, attempt: 0, nextAt: at, createdAt: at, updatedAt: at });
  }
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

async function wayOut(tx: Tx, contact: LoadedContact): Promise<Route> {
  const { source, lead } = contact;
  switch (source.kind) {
    case 'api':
      return 'now';
    case 'webhook':
      return source.callbackUrl ? { kind: 'callback', lane: `lead:${lead.id}`, chat: null } : null;
    case 'telegram': {
      const chat = contact.chat ?? (await lastChatOf(tx, contact));
      return chat === null ? null : { kind: 'telegram', lane: `chat:${chat}`, chat };
    }
  }
}

/** A contact that was opened by hand goes to the chat from which its lead wrote to this bot before. */
async function lastChatOf(tx: Tx, { lead, source }: LoadedContact): Promise<string | null> {
  const wrote = await tx.em.findOne(
    Contact,
    { lead: lead.id, source: source.id, chat: { $ne: null } },
    { orderBy: { id: 'desc' } },
  );
  return wrote?.chat ?? null;
}
