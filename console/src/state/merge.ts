import type { Author, Contact } from '../../../src/contract/contact.ts';
import type { MessageId } from '../../../src/contract/ids.ts';
import type { Message, MessageStatus } from '../../../src/contract/message.ts';

/** The newer of two states of one contact; answers and events may arrive in any order. */
export function newerContact(held: Contact | undefined, came: Contact): Contact {
  if (held === undefined) return came;
  if (came.version < held.version) return held;
  // What was said in it is gone, its last message too.
  if (came.erased_at !== null) return came;
  // A message moves last_message without a new version, so that part is compared by itself.
  const last = held.last_message;
  if (last === null || (came.last_message !== null && came.last_message.at >= last.at)) return came;
  // So does the end of being unreachable, which a message of the lead brings.
  const unreachable = came.version === held.version ? held.unreachable : came.unreachable;
  return withoutAnswered({ ...came, last_message: last, unreachable }, last);
}

// Two that failed in different ways stand equally far; what was sent stays sent.
const progress: Record<MessageStatus, number> = { queued: 0, sending: 1, failed: 2, uncertain: 2, sent: 3 };

/** The newer of two states of one message: an answer that was overtaken by its own event changes nothing. */
export function newerMessage(held: Message | undefined, came: Message): Message {
  if (held === undefined) return came;
  if (held.status !== null && came.status !== null)
    return progress[came.status] > progress[held.status] ? came : held;
  return (came.edited_at ?? '') < (held.edited_at ?? '') ? held : came;
}

/** The state after an event on a message. Events come in order, so here a failed message may begin anew: a retry. */
export function updatedMessage(held: Message | undefined, came: Message): Message {
  const hadFailed = held?.status === 'failed' || held?.status === 'uncertain';
  return hadFailed && came.status !== 'sending' ? came : newerMessage(held, came);
}

/** Puts messages into a list kept by id, oldest first. */
export function mergeMessages(
  held: readonly Message[],
  came: readonly Message[],
  newer = newerMessage,
): Message[] {
  const byId = new Map<MessageId, Message>(held.map((message) => [message.id, message]));
  for (const message of came) byId.set(message.id, newer(byId.get(message.id), message));
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

const LAST_MESSAGE_LENGTH = 200;

/** The contact after a message: as its last one, where it is that, and reachable again when the lead wrote it. */
export function withMessage(contact: Contact, { author, text, created_at: at }: Message): Contact {
  if (author === 'note') return contact;
  const told = withoutAnswered(contact, { author, at });
  if (told.last_message !== null && told.last_message.at > at) return told;
  return { ...told, last_message: { author, text: text.slice(0, LAST_MESSAGE_LENGTH), at } };
}

function withoutAnswered(contact: Contact, { author, at }: { author: Author; at: string }): Contact {
  const isOver = author === 'lead' && contact.unreachable !== null && contact.unreachable.since <= at;
  return isOver ? { ...contact, unreachable: null } : contact;
}
