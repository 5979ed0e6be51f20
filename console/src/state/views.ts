import type { Contact } from '../../../src/contract/contact.ts';
import type { ContactId, OperatorId } from '../../../src/contract/ids.ts';
import type { Counts, View } from './desk.ts';

export type Sort = 'active' | 'waiting';

export const views: readonly View[] = ['mine', 'queue', 'all'];

/** Whether an open contact stands in a view; closed ones stand in none. */
export function isInView(view: View, contact: Contact, me: OperatorId | null): boolean {
  switch (view) {
    case 'mine':
      return contact.status === 'assigned' && me !== null && contact.operator_id === me;
    case 'queue':
      return contact.status === 'waiting';
    case 'all':
      return contact.status !== 'closed';
  }
}

/** The counts after a contact went from one state to another; `null` = it was not, or is no longer, seen. */
export function recount(
  counts: Counts,
  before: Contact | null,
  after: Contact | null,
  me: OperatorId | null,
): Counts {
  const next = { ...counts };
  for (const view of views) {
    const was = before !== null && isInView(view, before, me);
    const is = after !== null && isInView(view, after, me);
    next[view] = Math.max(0, next[view] + Number(is) - Number(was));
  }
  return next;
}

export function lastActivity(contact: Contact): string {
  return contact.last_message?.at ?? contact.created_at;
}

/** Since when the lead waits for a person; null when the last word is ours. */
export function waitingSince(contact: Contact): string | null {
  if (contact.status === 'closed') return null;
  if (contact.status === 'waiting') return contact.created_at;
  return contact.last_message?.author === 'lead' ? contact.last_message.at : null;
}

function byActivity(a: Contact, b: Contact): number {
  return compareText(lastActivity(b), lastActivity(a)) || b.id - a.id;
}

function byWaiting(a: Contact, b: Contact): number {
  const [left, right] = [waitingSince(a), waitingSince(b)];
  if (left === null || right === null) {
    if (left !== right) return left === null ? 1 : -1;
    return byActivity(a, b);
  }
  return compareText(left, right) || a.id - b.id;
}

// Timestamps are UTC with a fixed width, so they compare as text.
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function sortContacts(contacts: Iterable<Contact>, sort: Sort): Contact[] {
  return [...contacts].sort(sort === 'waiting' ? byWaiting : byActivity);
}

export function contactsOf(
  view: View,
  contacts: ReadonlyMap<ContactId, Contact>,
  me: OperatorId | null,
): Contact[] {
  return [...contacts.values()].filter((contact) => isInView(view, contact, me));
}

/** How many of my contacts wait for my word: the number in the page's title. */
export function countUnanswered(contacts: ReadonlyMap<ContactId, Contact>, me: OperatorId | null): number {
  return contactsOf('mine', contacts, me).filter((contact) => contact.last_message?.author === 'lead').length;
}
