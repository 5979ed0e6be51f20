import { CompiledQuery, type Kysely } from 'kysely';
import type { ContactId, OperatorId, SourceId } from '../contract/ids.ts';
import { cursorOf, type FeedEvent, type Position } from './feed.ts';
import { prepared } from './prepared.ts';
import type { WrittenEvent } from './write.ts';

type EventRow = {
  id: number | string;
  xid: number | string;
  at: number | string;
  type: FeedEvent['type'];
  source_id: number | string | null;
  contact_id: number | string | null;
  status_before: FeedEvent['statusBefore'];
  status_after: FeedEvent['statusAfter'];
  operator_before: number | string | null;
  operator_after: number | string | null;
  data: string;
};

/** The event as the feed tells it, straight from the transaction that wrote it. */
export function toldEvent(event: WrittenEvent): FeedEvent {
  return {
    cursor: cursorOf(event),
    type: event.type,
    at: event.at.toISOString(),
    sourceId: event.sourceId,
    contactId: event.contactId,
    statusBefore: event.statusBefore,
    statusAfter: event.statusAfter,
    operatorBefore: event.operatorBefore,
    operatorAfter: event.operatorAfter,
    data: event.wire,
  };
}

/** The table of events as a database shows it. */
export type Rows = {
  client: Kysely<unknown>;
  /** The condition on rows that a reader may have: nothing comes before them any more. */
  horizon: string;
  /** What its order is made of; one index holds just that. */
  order: readonly (keyof Position)[];
  /** How a statement writes its n-th parameter, a whole number. */
  parameter: (n: number) => string;
};

/** The events behind a position that the horizon lets through, oldest first. */
export async function readEvents(
  { client, horizon, order, parameter }: Rows,
  after: Position,
  limit: number,
): Promise<{ event: FeedEvent; position: Position }[]> {
  const sql = `select id, xid, at, type, source_id, contact_id, status_before, status_after, operator_before,
           operator_after, cast(data as text) as data
      from event where (${order.join()}) > (${order.map((_, n) => parameter(n + 1)).join()}) and ${horizon}
     order by ${order.join()} limit ${parameter(order.length + 1)}`;
  const { rows } = await client.executeQuery<EventRow>(
    CompiledQuery.raw(prepared(sql), [...order.map((column) => after[column]), limit]),
  );
  return rows.map((row) => {
    const position = { xid: Number(row.xid), id: Number(row.id) };
    return { position, event: new StoredEvent(row, position) };
  });
}

/**
 * Whether a reader can go on from here: from the beginning, or from an event that is still kept and that the horizon
 * lets through. Otherwise the position is of another feed, from before a restore, or so old that what came after may be
 * gone.
 */
export async function isFollowable({ client, horizon }: Rows, { xid, id }: Position): Promise<boolean> {
  if (xid === 0 && id === 0) return true;
  const { rows } = await client.executeQuery(
    CompiledQuery.raw(`select 1 from event where id = ${id} and xid = ${xid} and ${horizon}`),
  );
  return rows.length > 0;
}

/** When the first event behind a position was written, beyond any horizon; null when there is none. */
export async function oldestUntold({ client }: Rows, after: Position): Promise<Date | null> {
  const { rows } = await client.executeQuery<{ at: number | string | Date }>(
    CompiledQuery.raw(
      `select at from event where (xid, id) > (${after.xid}, ${after.id}) order by xid, id limit 1`,
    ),
  );
  return rows[0] === undefined ? null : new Date(rows[0].at);
}

/** The newest position that the horizon lets through; the very beginning when there is none. */
export async function newestPosition({ client, horizon, order }: Rows): Promise<Position> {
  const newestFirst = order.map((column) => `${column} desc`).join();
  const { rows } = await client.executeQuery<{ xid: number | string; id: number | string }>(
    CompiledQuery.raw(`select xid, id from event where ${horizon} order by ${newestFirst} limit 1`),
  );
  const row = rows[0];
  return row === undefined ? { xid: 0, id: 0 } : { xid: Number(row.xid), id: Number(row.id) };
}

/**
 * An event as it was read. Most events are nobody's concern here: what costs something is made of it when it is asked
 * for. A class for the same reason as a transaction: its getters are the same for all events.
 */
class StoredEvent implements FeedEvent {
  readonly type: FeedEvent['type'];
  readonly sourceId: SourceId | null;
  readonly contactId: ContactId | null;
  readonly statusBefore: FeedEvent['statusBefore'];
  readonly statusAfter: FeedEvent['statusAfter'];
  readonly operatorBefore: OperatorId | null;
  readonly operatorAfter: OperatorId | null;
  readonly #position: Position;
  readonly #at: number | string;
  readonly #text: string;
  #data: FeedEvent['data'] | undefined;

  constructor(row: EventRow, position: Position) {
    this.type = row.type;
    this.sourceId = idOf<SourceId>(row.source_id);
    this.contactId = idOf<ContactId>(row.contact_id);
    this.statusBefore = row.status_before;
    this.statusAfter = row.status_after;
    this.operatorBefore = idOf<OperatorId>(row.operator_before);
    this.operatorAfter = idOf<OperatorId>(row.operator_after);
    this.#position = position;
    this.#at = row.at;
    this.#text = row.data;
  }

  get cursor(): string {
    return cursorOf(this.#position);
  }

  get at(): string {
    return new Date(this.#at).toISOString();
  }

  get data(): FeedEvent['data'] {
    return (this.#data ??= JSON.parse(this.#text) as FeedEvent['data']);
  }
}

/** Ids leave the database as text or number, whatever the driver makes of 64 bits. */
function idOf<T extends number>(value: number | string | null): T | null {
  return value === null ? null : (Number(value) as T);
}
