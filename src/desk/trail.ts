import type { Contact, ContactStatus } from '../contract/contact.ts';
import type { Message } from '../contract/message.ts';
import type { OperatorId } from '../contract/ids.ts';
import type { FeedEvent } from '../store/feed.ts';
import type { Tx } from '../store/write.ts';
import { type Actor, actorLabel } from './actor.ts';
import type { ContactStanding } from './policy.ts';

export type Standing = { operatorId: OperatorId | null; status: ContactStatus | null };

type ContactMove = {
  type: Extract<FeedEvent['type'], `contact.${string}`>;
  at: Date;
  contact: Contact;
  before: Standing;
  actor: Actor;
  reason?: string | null;
};

/** Before a contact exists nobody sees it. */
export const NOWHERE: Standing = { operatorId: null, status: null };

/** Notes a move of a contact: it is told after the commit and stays in the contact's trail. */
export function recordMove(tx: Tx, { type, at, contact, before, actor, reason = null }: ContactMove): void {
  tx.events.push({
    type,
    at,
    sourceId: contact.source_id,
    contactId: contact.id,
    statusBefore: before.status,
    statusAfter: contact.status,
    operatorBefore: before.operatorId,
    operatorAfter: contact.operator_id,
    actor: actorLabel(actor),
    reason,
    wire: contact,
  });
}

type MessageTold = {
  type: 'message.created' | 'message.updated';
  at: Date;
  message: Message;
  contact: ContactStanding;
  actor: Actor;
};

/** Notes a message: those who see its contact hear of it. */
export function recordMessage(tx: Tx, { type, at, message, contact, actor }: MessageTold): void {
  tx.events.push({
    type,
    at,
    sourceId: contact.sourceId,
    contactId: message.contact_id,
    statusBefore: contact.status,
    statusAfter: contact.status,
    operatorBefore: contact.operatorId,
    operatorAfter: contact.operatorId,
    actor: actorLabel(actor),
    reason: null,
    wire: message,
  });
}
