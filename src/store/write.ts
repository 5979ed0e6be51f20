import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Statements } from './dialect.ts';
import type { FeedEvent } from './feed.ts';
import type { NewRow } from './shapes.ts';

/** What happened, to be written with the rows it tells of. `wire` is what is told; the store gives it its id. */
export type NewEvent = Omit<NewRow<'event'>, 'id' | 'xid' | 'data' | 'type'> & {
  type: FeedEvent['type'];
  wire: FeedEvent['data'];
};

/**
 * One write transaction. `em` is MikroORM bound to it, `sql` are the set-based statements, and what is
 * pushed to `events` is written at its end and told after COMMIT.
 */
export type Tx = {
  /** The number of this transaction among all that this process has opened. */
  readonly serial: number;
  readonly em: SqlEntityManager;
  readonly sql: Statements;
  readonly events: NewEvent[];
  /** Runs after COMMIT, before `write` resolves; not at all when the transaction is rolled back. */
  afterCommit(task: () => void): void;
};

/** Opens a write transaction; the work may run again when the database asks for it, so it acts on nothing else. */
export type Write = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

export type WrittenEvent = NewEvent & { id: number; xid: number };

/** Writes a transaction's events as its last statement and answers them with their ids. */
export async function writeEvents(tx: Tx): Promise<WrittenEvent[]> {
  if (tx.events.length === 0) return [];
  const ids = (await tx.sql.reserveIds({ event: tx.events.length })).event;
  const xid = await tx.sql.xid();
  const written = tx.events.map((event, index) => ({ ...event, id: ids[index]!, xid }));
  await tx.sql.insert('event', withText(written));
  return written;
}

function withText(events: WrittenEvent[]): NewRow<'event'>[] {
  let last: WrittenEvent['wire'] | undefined;
  let text = '';
  return events.map((event) => {
    // A contact that is created and assigned at once is told twice in the same form: it is written out once.
    if (event.wire !== last) text = JSON.stringify((last = event.wire));
    return { ...event, data: text };
  });
}
