import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Statements } from './dialect.ts';
import type { FeedEvent, Position } from './feed.ts';
import type { NewRow } from './shapes.ts';

/** What happened, to be written with the rows it tells of. `wire` is what is told; the store gives it its id. */
export type NewEvent = Omit<NewRow<'event'>, 'data' | 'type'> & {
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
  /** Whether the same work ran before and was refused: now it is better to lock than to guess. */
  readonly isRepeated: boolean;
  /** Runs as the last thing before COMMIT: what it locks is held for the shortest time. */
  atEnd(task: () => Promise<void>): void;
  /** Runs after COMMIT, before `write` resolves; not at all when the transaction is rolled back. */
  afterCommit(task: () => void): void;
};

/** Opens a write transaction; the work may run again when the database asks for it, so it acts on nothing else. */
export type Write = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

export type WrittenEvent = NewEvent & Position;

/** A guess of the work did not come true: it runs again, and may lock now. */
export class Outdated extends Error {
  // As PostgreSQL calls a transaction that ran into another one.
  readonly code = '40001';
}

/** Writes a transaction's events, then does what is to be done last; answers the events with their places in the feed. */
export async function finish(tx: Tx, lastTasks: readonly (() => Promise<void>)[]): Promise<WrittenEvent[]> {
  const events = await writeEvents(tx);
  for (const task of lastTasks) await task();
  return events;
}

async function writeEvents(tx: Tx): Promise<WrittenEvent[]> {
  if (tx.events.length === 0) return [];
  const positions = await tx.sql.insertEvents(withText(tx.events));
  return tx.events.map((event, index) => ({ ...event, ...positions[index]! }));
}

function withText(events: readonly NewEvent[]): NewRow<'event'>[] {
  let last: NewEvent['wire'] | undefined;
  let text = '';
  return events.map((event) => {
    // A contact that is created and assigned at once is told twice in the same form: it is written out once.
    if (event.wire !== last) text = JSON.stringify((last = event.wire));
    return { ...event, data: text };
  });
}
