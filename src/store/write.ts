import type { SqlEntityManager } from '@mikro-orm/sql';
import type { OperatorId } from '../contract/ids.ts';
import { type Statements, Unmoved } from './dialect.ts';
import type { FeedEvent, Position } from './feed.ts';
import type { NewRow, NewRows } from './shapes.ts';

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
  /** Has something written right before COMMIT, together with the events. */
  atEnd(ending: Ending): void;
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

/** What a transaction writes last: what that locks is held for the shortest time. */
export type Ending = {
  rows: NewRows;
  /** Asked for when they are written; they rise only for operators who are active and available. */
  loads?(): ReadonlyMap<OperatorId, number>;
  /** Whose loads rise only while they are online; asked for together with the loads. */
  online?(): ReadonlySet<OperatorId>;
  /** The configuration by which loads rise, where it may have changed meanwhile. */
  configVersion?: number | null;
  /** What is thrown where the loads could not be changed so. */
  unmoved?(): Error;
};

/**
 * Writes a transaction's ending and its events, and commits; answers where in the feed each event stands, where that is
 * known.
 */
export async function commit(tx: Tx, ending: Ending | null): Promise<Position[]> {
  try {
    return await tx.sql.commit({
      rows: ending?.rows ?? {},
      events: withText(tx.events),
      online: ending?.online?.() ?? new Set<OperatorId>(),
      loads: ending?.loads?.() ?? new Map<OperatorId, number>(),
      configVersion: ending?.configVersion ?? null,
    });
  } catch (error) {
    throw error instanceof Unmoved && ending?.unmoved ? ending.unmoved() : error;
  }
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
