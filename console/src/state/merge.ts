import type { Contact } from '../../../src/contract/contact.ts';
import type { MessageId } from '../../../src/contract/ids.ts';
import type { Message, MessageStatus } from '../../../src/contract/message.ts';

/** The newer of two states of one contact; answers and events may arrive in any order. */
export function newerContact(held: Contact | undefined, came: Contact): Contact {
  if (held === undefined) return came;
  if (came.version < held.version) return held;
  // A message moves last_message without a new version, so that part is compared by itself.
  const isLastOlder =
    held.last_message !== null && (came.last_message === null || came.last_message.at < held.last_message.at);
  return isLastOlder ? { ...came, last_message: held.last_message } : came;
}

const progress: Record<MessageStatus, number> = { queued: 0, sending: 1, sent: 2, failed: 2, uncertain: 2 };

/** The newer of two states of one message: an answer that was overtaken by its own event changes nothing. */
export function newerMessage(held: Message | undefined, came: Message): Message {
  if (held === undefined) return came;
  if (held.status !== null && came.status !== null && progress[came.status] < progress[held.status])
    return held;
  if (held.edited_at !== null && (came.edited_at === null || came.edited_at < held.edited_at)) return held;
  return came;
}

/** Puts messages into a list kept by id, oldest first. */
export function mergeMessages(held: readonly Message[], came: readonly Message[]): Message[] {
  const byId = new Map<MessageId, Message>(held.map((message) => [message.id, message]));
  for (const message of came) byId.set(message.id, newerMessage(byId.get(message.id), message));
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

const LAST_MESSAGE_LENGTH = 200;

/** The contact with this message as its last one, where it is that. */
export function withLastMessage(contact: Contact, message: Message): Contact {
  if (message.author === 'note') return contact;
  const last = contact.last_message;
  if (last !== null && last.at > message.created_at) return contact;
  const text = message.text.slice(0, LAST_MESSAGE_LENGTH);
  return { ...contact, last_message: { author: message.author, text, at: message.created_at } };
}
