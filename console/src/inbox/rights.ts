import type { Contact } from '../../../src/contract/contact.ts';
import type { Identity } from '../state/session.ts';

/** What the one at the desk may do with a contact now. The gateway decides; this only hides what it would refuse. */
export type Rights = {
  isMine: boolean;
  take: boolean;
  /** It is offered to the one at the desk, who may decline it as well. */
  accept: boolean;
  /** It is with somebody else, and a supervisor may give it to themselves. */
  takeOver: boolean;
  transfer: boolean;
  release: boolean;
  close: boolean;
  reopen: boolean;
  reply: boolean;
  note: boolean;
};

export function rightsOf(contact: Contact, { operator, role }: Identity): Rights {
  const isBoss = role !== 'operator';
  const isOwn = operator !== null && contact.operator_id === operator.id;
  const isAssigned = contact.status === 'assigned';
  const isMine = isOwn && isAssigned;
  return {
    isMine,
    take: operator !== null && contact.status === 'waiting',
    accept: isMine && contact.offer_expires_at !== null,
    takeOver: operator !== null && isBoss && isAssigned && !isOwn,
    transfer: contact.status !== 'closed' && (isBoss || isMine),
    release: isAssigned && (isBoss || isOwn),
    close: contact.status !== 'closed' && (isBoss || isOwn),
    reopen: contact.status === 'closed' && (isBoss || isOwn),
    reply: isMine,
    note: isBoss || isOwn,
  };
}
