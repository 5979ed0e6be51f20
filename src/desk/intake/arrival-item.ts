import type { OpenedContact } from '../../contract/contact.ts';
import type { ContactId, SourceId } from '../../contract/ids.ts';
import type { LeadWords, MessageArrival, Receipt } from '../arrival.ts';
import type { Actor } from '../actor.ts';

/** A contact that is opened by a plain API call. */
export type ContactOpening = {
  actor: Actor;
  sourceId: SourceId;
  lead: LeadWords;
  text: string | null;
  /** `credential` and `key` name the request; `bodyHash` tells whether the same key came with another body. */
  idempotency: { credential: string; key: string; bodyHash: string } | null;
};

export type ArrivalItem =
  | { kind: 'message'; arrival: MessageArrival }
  | { kind: 'contact'; opening: ContactOpening };

export type ArrivalOutcome =
  | { kind: 'message'; receipt: Receipt }
  | { kind: 'contact'; contact: OpenedContact }
  /** The same key and body again: the contact that it made the first time. */
  | { kind: 'repeated-contact'; contactId: ContactId };

export function wordsOf(item: ArrivalItem): LeadWords {
  return item.kind === 'message' ? item.arrival.lead : item.opening.lead;
}

export function sourceOf(item: ArrivalItem): SourceId {
  return item.kind === 'message' ? item.arrival.sourceId : item.opening.sourceId;
}
