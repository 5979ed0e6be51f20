import type { Contact, ContactStatus } from '../contract/contact.ts';
import type { EventType } from '../contract/event.ts';
import type { ContactId, OperatorId, SourceId } from '../contract/ids.ts';
import type { Message } from '../contract/message.ts';
import type { Operator } from '../contract/operator.ts';
import type { Source } from '../contract/source.ts';

/** One committed event, with what a filter needs: who had the contact before and after. */
export type FeedEvent = {
  cursor: string;
  type: Exclude<EventType, 'contact.left'>;
  /** ISO 8601. */
  at: string;
  sourceId: SourceId | null;
  contactId: ContactId | null;
  statusBefore: ContactStatus | null;
  statusAfter: ContactStatus | null;
  operatorBefore: OperatorId | null;
  operatorAfter: OperatorId | null;
  /** Read when it is first asked for: whoever has no use for it does not touch it. */
  data: Contact | Message | Operator | Source;
};

export type FeedListener = (events: FeedEvent[]) => void;

/** Committed events in commit order. Delivery to listeners starts with what commits after they subscribed. */
export type Feed = {
  /** Where the feed stands now: everything before it is committed and readable. */
  cursor(): Promise<string>;
  /** The events after a cursor, oldest first; null when the cursor is not of this feed or too old to follow. */
  after(cursor: string, limit: number): Promise<FeedEvent[] | null>;
  subscribe(listener: FeedListener): () => void;
  /** Below 0 when the first cursor stands before the second. */
  compare(a: string, b: string): number;
  /** How far behind the listeners are. */
  age(): Promise<FeedAge>;
};

/**
 * `lagSeconds`: the age of the oldest committed event that was not told here yet; `horizonSeconds`: that of the oldest
 * transaction that runs anywhere and may still commit an event before those.
 */
export type FeedAge = { lagSeconds: number; horizonSeconds: number };

/** (transaction, id): the order of the feed. On SQLite the transaction is 0 and ids are in commit order. */
export type Position = { xid: number; id: number };

export function cursorOf({ xid, id }: Position): string {
  return `${xid}.${id}`;
}

/** The position a cursor names, or null when it is not a cursor. */
export function positionOf(cursor: string): Position | null {
  const match = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor);
  return match === null ? null : { xid: Number(match[1]), id: Number(match[2]) };
}

/** The order of two cursors; one that is none stands before all. */
export function compareCursors(a: string, b: string): number {
  const [one, two] = [positionOf(a), positionOf(b)];
  if (one === null || two === null) return Number(one !== null) - Number(two !== null);
  return one.xid - two.xid || one.id - two.id;
}

/** The listeners of a feed; one that throws does not keep the others from hearing. */
export class Listeners {
  readonly #listeners = new Set<FeedListener>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(events: FeedEvent[]): void {
    if (events.length === 0) return;
    for (const listener of this.#listeners) {
      try {
        listener(events);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
