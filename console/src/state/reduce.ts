import type { Contact } from '../../../src/contract/contact.ts';
import type { ContactLeft, GatewayEvent, Snapshot } from '../../../src/contract/event.ts';
import type { ContactId } from '../../../src/contract/ids.ts';
import type { Message } from '../../../src/contract/message.ts';
import type { OperatorView } from '../../../src/contract/operator.ts';
import type { SourceView } from '../../../src/contract/source.ts';
import { emptyDesk, type Action, type Desk, type Thread } from './desk.ts';
import { mergeMessages, newerContact, newerMessage, updatedMessage, withMessage } from './merge.ts';
import { recount } from './views.ts';

/** The desk after an action. Pure; an event applied twice, or after a newer one, changes nothing. */
export function reduce(desk: Desk, action: Action): Desk {
  switch (action.type) {
    case 'signed-in':
      return desk.me?.id === action.operator?.id
        ? { ...desk, me: action.operator }
        : { ...emptyDesk, me: action.operator, epoch: desk.epoch + 1, openId: desk.openId };
    case 'signed-out':
      return { ...emptyDesk, epoch: desk.epoch + 1 };
    case 'snapshot':
      return takeSnapshot(desk, action.cursor, action.snapshot, action.isGap);
    case 'caught-up':
      return { ...applyAll(desk, action.events), cursor: action.cursor };
    case 'events':
      return applyAll(desk, action.events);
    case 'contacts':
      return takeContacts(desk, action.items);
    case 'operators':
      return action.items.reduce(takeOperator, desk);
    case 'sources':
      return takeSources(desk, action.items);
    case 'thread-asked':
      return desk.threads.has(action.contactId)
        ? desk
        : withThread(desk, action.contactId, { messages: [], hasOlder: true, isLoaded: false });
    case 'messages':
      return takeMessages(desk, action.contactId, action.items, action.hasOlder);
    case 'message':
      return takeMessage(desk, action.item);
    case 'retried':
      // Where an event was faster than the answer, the answer is old.
      return isHeld(desk, action.before) ? takeMessage(desk, action.item, (_, came) => came) : desk;
    case 'opened':
      return { ...desk, openId: action.contactId, unread: without(desk.unread, desk.openId) };
  }
}

function applyAll(desk: Desk, events: readonly GatewayEvent[]): Desk {
  let next = desk;
  for (const event of events) next = { ...applyEvent(next, event), cursor: event.cursor };
  return next;
}

function applyEvent(desk: Desk, event: GatewayEvent): Desk {
  switch (event.type) {
    case 'contact.created':
    case 'contact.assigned':
    case 'contact.waiting':
    case 'contact.closed':
    case 'contact.reopened':
    case 'contact.accepted':
    case 'contact.updated':
      return moveContact(desk, event.data, event.type === 'contact.created');
    case 'contact.left':
      return loseContact(desk, event.data);
    case 'message.created':
      return noteUnread(takeMessage(desk, event.data), event.data);
    case 'message.updated':
      return takeMessage(desk, event.data, updatedMessage);
    case 'operator.updated':
      return takeOperator(desk, event.data);
    case 'source.updated':
      return takeSources(desk, [event.data]);
  }
}

function moveContact(desk: Desk, came: Contact, isNew: boolean): Desk {
  const gone = desk.gone.get(came.id);
  if (gone !== undefined && came.version <= gone.version) return desk;
  const held = desk.contacts.get(came.id);
  const next = newerContact(held, came);
  if (held === next) return desk;
  return {
    ...(next.erased_at === null ? desk : forget(desk, next.id)),
    contacts: new Map(desk.contacts).set(came.id, next),
    gone: without(desk.gone, came.id),
    counts: recount(desk.counts, held ?? null, next, desk.me?.id ?? null),
    // Who comes back to us was counted out when it left; only a stranger's past is unknown.
    areCountsSure:
      desk.areCountsSure && (isNew ? held === undefined : held !== undefined || gone !== undefined),
  };
}

/** Drops what was said in a contact that was erased; its thread, where it is open, is an empty one. */
function forget(desk: Desk, id: ContactId): Desk {
  const { threads, unread } = desk;
  const empty: Thread = { messages: [], hasOlder: false, isLoaded: true };
  return {
    ...desk,
    threads: threads.has(id) ? new Map(threads).set(id, empty) : threads,
    unread: without(unread, id),
  };
}

function loseContact(desk: Desk, left: ContactLeft): Desk {
  const held = desk.contacts.get(left.id);
  if (held !== undefined && held.version > left.version) return desk;
  const known = desk.gone.get(left.id);
  if (known !== undefined && known.version >= left.version) return desk;
  return {
    ...desk,
    contacts: without(desk.contacts, left.id),
    gone: new Map(desk.gone).set(left.id, { version: left.version, to: left.to }),
    threads: without(desk.threads, left.id),
    unread: without(desk.unread, left.id),
    counts: recount(desk.counts, held ?? null, null, desk.me?.id ?? null),
    areCountsSure: desk.areCountsSure && held !== undefined,
  };
}

/** What REST answered: new states of known contacts move the counts, strangers were counted by the snapshot. */
function takeContacts(desk: Desk, items: readonly Contact[]): Desk {
  const contacts = new Map(desk.contacts);
  let { counts, threads, unread } = desk;
  for (const came of items) {
    const held = contacts.get(came.id);
    if (held === undefined && came.version <= (desk.gone.get(came.id)?.version ?? 0)) continue;
    const next = newerContact(held, came);
    if (held !== undefined) counts = recount(counts, held, next, desk.me?.id ?? null);
    contacts.set(came.id, next);
    if (next.erased_at !== null) ({ threads, unread } = forget({ ...desk, threads, unread }, next.id));
  }
  return { ...desk, contacts, counts, threads, unread };
}

function takeSnapshot(desk: Desk, cursor: string, snapshot: Snapshot, isGap: boolean): Desk {
  const contacts = new Map(isGap ? [] : desk.contacts);
  for (const came of snapshot.contacts) contacts.set(came.id, newerContact(desk.contacts.get(came.id), came));
  return {
    ...desk,
    cursor,
    me: snapshot.operator,
    epoch: isGap ? desk.epoch + 1 : desk.epoch,
    contacts,
    gone: isGap ? new Map() : desk.gone,
    threads: isGap ? new Map() : desk.threads,
    counts: snapshot.counts,
    areCountsSure: true,
  };
}

function takeMessages(desk: Desk, id: ContactId, items: readonly Message[], hasOlder: boolean): Desk {
  // An answer that was on its way when the contact was erased.
  if (items.length > 0 && isErased(desk, id)) return desk;
  const messages = mergeMessages(desk.threads.get(id)?.messages ?? [], items);
  return withThread(desk, id, { messages, hasOlder, isLoaded: true });
}

function isErased(desk: Desk, id: ContactId): boolean {
  return (desk.contacts.get(id)?.erased_at ?? null) !== null;
}

function withThread(desk: Desk, id: ContactId, thread: Thread): Desk {
  return { ...desk, threads: new Map(desk.threads).set(id, thread) };
}

function isHeld(desk: Desk, message: Message): boolean {
  return desk.threads.get(message.contact_id)?.messages.includes(message) === true;
}

function takeMessage(desk: Desk, message: Message, newer = newerMessage): Desk {
  const id = message.contact_id;
  if (isErased(desk, id)) return desk;
  const thread = desk.threads.get(id);
  const contact = desk.contacts.get(id);
  return {
    ...desk,
    // A thread that was never opened is loaded whole when it is.
    threads:
      thread === undefined
        ? desk.threads
        : new Map(desk.threads).set(id, {
            ...thread,
            messages: mergeMessages(thread.messages, [message], newer),
          }),
    contacts:
      contact === undefined ? desk.contacts : new Map(desk.contacts).set(id, withMessage(contact, message)),
  };
}

function noteUnread(desk: Desk, message: Message): Desk {
  const id = message.contact_id;
  if (message.author !== 'lead' || desk.openId === id) return desk;
  const held = desk.unread.get(id);
  if (held !== undefined && held.last >= message.id) return desk;
  const count = (held?.count ?? 0) + 1;
  const unread = { count, first: held?.first ?? message.id, last: message.id };
  return { ...desk, unread: new Map(desk.unread).set(id, unread) };
}

function takeOperator(desk: Desk, came: OperatorView): Desk {
  const isMe = desk.me?.id === came.id && 'role' in came;
  return {
    ...desk,
    operators: new Map(desk.operators).set(came.id, came),
    me: isMe && came.updated_at >= (desk.me?.updated_at ?? '') ? came : desk.me,
  };
}

function takeSources(desk: Desk, items: readonly SourceView[]): Desk {
  const sources = new Map(desk.sources);
  for (const came of items) {
    const held = sources.get(came.id);
    const isOlder =
      held !== undefined && 'updated_at' in held && 'updated_at' in came && came.updated_at < held.updated_at;
    if (!isOlder) sources.set(came.id, came);
  }
  return { ...desk, sources };
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K | null): ReadonlyMap<K, V> {
  if (key === null || !map.has(key)) return map;
  const next = new Map(map);
  next.delete(key);
  return next;
}
