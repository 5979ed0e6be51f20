import { z } from 'zod';
import {
  Contact,
  ContactPage,
  TrailPage,
  type ContactAssign,
  type ContactClose,
  type ContactReopen,
  type ContactStatus,
} from '../../../src/contract/contact.ts';
import { DecisionPage } from '../../../src/contract/decision.ts';
import type { ContactId, LeadId, MessageId, OperatorId, SourceId } from '../../../src/contract/ids.ts';
import { LeadDetails } from '../../../src/contract/lead.ts';
import { Message, MessagePage, type MessageCreate } from '../../../src/contract/message.ts';
import {
  Operator,
  OperatorPage,
  type OperatorUpdate,
  type OperatorView,
} from '../../../src/contract/operator.ts';
import { SourceOperatorPage, SourcePage, type SourceView } from '../../../src/contract/source.ts';
import { Session } from '../../../src/contract/session.ts';
import type { Credential } from '../state/session.ts';
import { request } from './request.ts';
import { byCookie } from './session.ts';

/** As many as a list gives at once. */
export const PAGE = 200;
export const MESSAGE_PAGE = 50;

export type ContactFilter = {
  status?: ContactStatus;
  operator_id?: OperatorId;
  lead_id?: LeadId;
  q?: string;
};

/** For whom a credential speaks; without one, the present one. */
export function whoAmI(as?: Credential) {
  return request(Session, '/session', { as });
}

/** Ends the session of the browser's cookie, whatever else the page is signed in with. */
export function endSession() {
  return request(z.undefined(), '/session', { method: 'DELETE', as: byCookie() });
}

export function listContacts(
  filter: ContactFilter,
  cursor: string | null,
  signal?: AbortSignal,
  limit = PAGE,
) {
  return request(ContactPage, '/contacts', { query: { ...filter, limit, cursor }, signal });
}

export function getContact(id: ContactId) {
  return request(Contact, `/contacts/${id}`);
}

/** Newest first, all older than `before`. */
export function listMessages(id: ContactId, before: MessageId | null) {
  return request(MessagePage, `/contacts/${id}/messages`, { query: { before, limit: MESSAGE_PAGE } });
}

export function listTrail(id: ContactId) {
  return request(TrailPage, `/contacts/${id}/events`, { query: { limit: PAGE } });
}

export function listDecisions(id: ContactId) {
  return request(DecisionPage, `/contacts/${id}/decisions`, { query: { limit: 20 } });
}

export function sendMessage(id: ContactId, body: MessageCreate) {
  return request(Message, `/contacts/${id}/messages`, { method: 'POST', body });
}

/** Puts a reply that failed, or may have, on its way again. */
export function retryMessage(id: MessageId) {
  return request(Message, `/messages/${id}/retry`, { method: 'POST' });
}

export function takeContact(id: ContactId) {
  return request(Contact, `/contacts/${id}/take`, { method: 'POST' });
}

export function releaseContact(id: ContactId) {
  return request(Contact, `/contacts/${id}/release`, { method: 'POST' });
}

export function acceptContact(id: ContactId) {
  return request(Contact, `/contacts/${id}/accept`, { method: 'POST' });
}

export function declineContact(id: ContactId) {
  return request(Contact, `/contacts/${id}/decline`, { method: 'POST' });
}

export function assignContact(id: ContactId, body: ContactAssign) {
  return request(Contact, `/contacts/${id}/assign`, { method: 'POST', body });
}

export function closeContact(id: ContactId, body: ContactClose) {
  return request(Contact, `/contacts/${id}/close`, { method: 'PUT', body });
}

export function reopenContact(id: ContactId, body: ContactReopen) {
  return request(Contact, `/contacts/${id}/reopen`, { method: 'POST', body });
}

export function getLead(id: LeadId) {
  return request(LeadDetails, `/leads/${id}`);
}

export function updateOperator(id: OperatorId, body: OperatorUpdate) {
  return request(Operator, `/operators/${id}`, { method: 'PATCH', body });
}

export function listSourceOperators(ref: SourceId) {
  return request(SourceOperatorPage, `/sources/${ref}/operators`);
}

/** Every operator the caller may see. */
export async function listOperators(): Promise<OperatorView[]> {
  return allPages((cursor) => request(OperatorPage, '/operators', { query: { limit: PAGE, cursor } }));
}

/** Every source the caller may see. */
export async function listSources(): Promise<SourceView[]> {
  return allPages((cursor) => request(SourcePage, '/sources', { query: { limit: PAGE, cursor } }));
}

/** The items of all pages of a list. */
export async function allPages<T>(
  page: (cursor: string | null) => Promise<{ items: T[]; next_cursor: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const { items: more, next_cursor } = await page(cursor);
    items.push(...more);
    cursor = next_cursor;
  } while (cursor !== null);
  return items;
}
