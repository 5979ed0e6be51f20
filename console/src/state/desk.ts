import type { Contact } from '../../../src/contract/contact.ts';
import type { GatewayEvent, Snapshot } from '../../../src/contract/event.ts';
import type { ContactId, MessageId, OperatorId, SourceId } from '../../../src/contract/ids.ts';
import type { Message } from '../../../src/contract/message.ts';
import type { Operator, OperatorView } from '../../../src/contract/operator.ts';
import type { SourceView } from '../../../src/contract/source.ts';

export type View = 'mine' | 'queue' | 'all';
export type Counts = Record<View, number>;

/**
 * The messages of one contact, oldest first. It is there, not yet loaded, from the moment it is asked for:
 * what is said while the answer is on its way must not fall between the two.
 */
export type Thread = { messages: readonly Message[]; hasOlder: boolean; isLoaded: boolean };

/** What the lead has said since the contact was last looked at. */
export type Unread = { count: number; first: MessageId; last: MessageId };

/** A contact that is no longer ours to see; what is older than `version` is not taken back. */
export type Gone = { version: number; to: { id: number; name: string } | null };

/** All that the console knows of the gateway. Only `reduce` makes a new one. */
export type Desk = {
  /** Where we stand in the events; null until the first snapshot. */
  cursor: string | null;
  /** Rises with each gap that was too long to fill: what was loaded before it is no longer trusted. */
  epoch: number;
  me: Operator | null;
  contacts: ReadonlyMap<ContactId, Contact>;
  gone: ReadonlyMap<ContactId, Gone>;
  operators: ReadonlyMap<OperatorId, OperatorView>;
  sources: ReadonlyMap<SourceId, SourceView>;
  threads: ReadonlyMap<ContactId, Thread>;
  unread: ReadonlyMap<ContactId, Unread>;
  /** The contact before the operator's eyes. */
  openId: ContactId | null;
  counts: Counts;
  /** False after an event on a contact we never held: the counts want a fresh snapshot. */
  areCountsSure: boolean;
};

export type Action =
  | { type: 'signed-in'; operator: Operator | null }
  | { type: 'signed-out' }
  | { type: 'snapshot'; cursor: string; snapshot: Snapshot; isGap: boolean }
  | { type: 'caught-up'; cursor: string; events: readonly GatewayEvent[] }
  | { type: 'events'; events: readonly GatewayEvent[] }
  | { type: 'contacts'; items: readonly Contact[] }
  | { type: 'operators'; items: readonly OperatorView[] }
  | { type: 'sources'; items: readonly SourceView[] }
  | { type: 'thread-asked'; contactId: ContactId }
  | { type: 'messages'; contactId: ContactId; items: readonly Message[]; hasOlder: boolean }
  | { type: 'message'; item: Message }
  | { type: 'retried'; before: Message; item: Message }
  | { type: 'opened'; contactId: ContactId | null };

export const emptyDesk: Desk = {
  cursor: null,
  epoch: 0,
  me: null,
  contacts: new Map(),
  gone: new Map(),
  operators: new Map(),
  sources: new Map(),
  threads: new Map(),
  unread: new Map(),
  openId: null,
  counts: { mine: 0, queue: 0, all: 0 },
  areCountsSure: true,
};
