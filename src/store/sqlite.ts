import type Database from 'better-sqlite3';
import type { ContactId, LeadId, OperatorId, SourceId } from '../contract/ids.ts';
import type { OpenContact, QueuedRow, QueuePlace, ReservedIds, Statements } from './dialect.ts';
import { Unmoved } from './dialect.ts';
import { contactOf, contactsSql } from './contact-rows.ts';
import { type CountedTable, type NewRow, type NewRows, type TableName, tablesOf } from './shapes.ts';
import type { Position } from './feed.ts';
import { factsReader } from './sqlite-facts.ts';
import { leadStatements } from './sqlite-leads.ts';
import { placeStatements } from './sqlite-places.ts';
import { inserterOf } from './sqlite-rows.ts';

const asItIs = (column: string): string => column;
const readContactsSql = contactsSql({ id: asItIs, time: asItIs }, 'in (select value from json_each(?))');

// Before everybody who waits.
const BEGIN = { createdAt: Number.MIN_SAFE_INTEGER, id: 0 };
const NO_SOURCE = { priority: 0 };

/** The hot statements on SQLite: prepared once, run one row at a time on the one handle. */
export function sqliteStatements(db: Database.Database): Statements {
  const prepared = new Map<string, Database.Statement>();
  // A statement is compiled once per handle: compiling costs more than running it.
  const prepare = (sql: string): Database.Statement => {
    let statement = prepared.get(sql);
    if (statement === undefined) prepared.set(sql, (statement = db.prepare(sql)));
    return statement;
  };
  const all = <R>(sql: string, ...params: unknown[]): R[] => prepare(sql).all(...params) as R[];
  const get = <R>(sql: string, ...params: unknown[]): R | undefined =>
    prepare(sql).get(...params) as R | undefined;
  const run = (sql: string, ...params: unknown[]): number => prepare(sql).run(...params).changes;
  const each = <I, R>(items: readonly I[], find: (item: I) => R | undefined): R[] =>
    items.map(find).filter((row) => row !== undefined);
  // A list of ids is bound as one JSON array, so that the statement stays the same for any length.
  const ids = (list: readonly number[]): string => JSON.stringify(list);

  const factsOf = factsReader({ all, get });

  return {
    ...leadStatements({ get, run, each, prepare }),
    ...placeStatements({ all, run }),

    // The plus keeps the planner off the index by source: a lead has few contacts, a source has all of them.
    lockOpenContacts: async (pairs) =>
      each(pairs, (pair) =>
        get<OpenContact>(
          `select id, lead_id as leadId, source_id as sourceId, operator_id as operatorId, status
             from contact where lead_id = ? and +source_id = ? and status <> 'closed' order by id desc limit 1`,
          pair.leadId,
          pair.sourceId,
        ),
      ),

    lockReopenable: async (pairs, at) =>
      each(pairs, (pair) =>
        get<{ id: ContactId }>(
          `select c.id from contact c join source s on s.id = c.source_id
            where c.lead_id = ? and +c.source_id = ? and c.status = 'closed' and s.reopen_minutes > 0
              and c.closed_at > ? - s.reopen_minutes * 60000 and coalesce(c.close_reason, '') <> 'merged' and c.erased_at is null
            order by c.id desc limit 1`,
          pair.leadId,
          pair.sourceId,
          at.getTime(),
        ),
      ).map(({ id }) => id),

    reopenContacts: async (list) => {
      run(
        `update contact set status = 'waiting', operator_id = null, assigned_at = null, closed_at = null, close_reason = null,
                released_by_id = null, released_at = null, declined = null, told_place = null, version = version + 1
          where id in (select value from json_each(?))`,
        ids(list),
      );
    },

    readContacts: async (list) => all(readContactsSql, ids(list)).map(contactOf),

    lastOperators: async (pairs) =>
      each(pairs, (pair) =>
        get<{ leadId: LeadId; sourceId: SourceId; operatorId: OperatorId }>(
          `select lead_id as leadId, source_id as sourceId, operator_id as operatorId from contact
            where lead_id = ? and +source_id = ? and operator_id is not null order by id desc limit 1`,
          pair.leadId,
          pair.sourceId,
        ),
      ),

    // One writer at a time: there is nothing to lock.
    lockContacts: async () => {},

    lockQueue: async (sourceIds, limit, after = null) => {
      // One index range for each source: over several at once SQLite would sort all that waits.
      const rows = sourceIds.flatMap((id) => queueOf(id, limit, after));
      return rows
        .sort((a, b) => b.priority - a.priority || a.createdAt - b.createdAt || a.id - b.id)
        .slice(0, limit);
    },

    withCapacity: async (sourceIds) =>
      sourceIds.filter((id) =>
        get(
          `select 1 from source s join source_operator w on w.source_id = s.id join operator o on o.id = w.operator_id
            where s.id = ? and s.is_active and w.weight > 0 and o.is_active and o.availability = 'available'
              and (o.is_online or not s.require_presence) and o.load < o.max_load limit 1`,
          id,
        ),
      ),

    routingFacts: async (sourceIds, operatorIds) => factsOf(sourceIds, operatorIds),

    outlook: async (sourceIds, counts) => ({ facts: factsOf(sourceIds, []), ids: reserveAll(counts) }),

    sourcesOf: async (operatorIds) =>
      all<{ id: SourceId }>(
        `select distinct source_id as id from source_operator
          where operator_id in (select value from json_each(?)) and weight > 0 order by 1`,
        ids(operatorIds),
      ).map((row) => row.id),

    reserveIds: async (counts) => reserveAll(counts),

    insert: async (rows) => insertAll(rows),

    keepMemory: async (rows) => {
      for (const { sourceId, turn, marks } of rows)
        run(
          `insert into strategy_memory (source_id, turn, marks) values (?, ?, ?)
             on conflict (source_id) do update set turn = excluded.turn, marks = excluded.marks`,
          sourceId,
          turn,
          JSON.stringify(marks),
        );
    },

    commit: async ({ rows, events, loads }) => {
      insertAll(rows);
      const positions = insertEvents(events);
      if (moveLoads(loads, "is_active and availability = 'available'") !== loads.size) throw new Unmoved();
      db.exec('commit');
      return positions;
    },

    moveLoads: async (deltas) => moveLoads(deltas, 'true'),

    assignQueued: async (assignments, at) => {
      for (const { contactId, operatorId, offerExpiresAt } of assignments)
        run(
          `update contact set status = 'assigned', operator_id = ?, assigned_at = ?, offer_expires_at = ?,
                  released_by_id = null, released_at = null, attempt = attempt + 1, version = version + 1 where id = ?`,
          operatorId,
          at.getTime(),
          offerExpiresAt?.getTime() ?? null,
          contactId,
        );
    },

    noteLastWords: async (rows) => {
      for (const { contactId, text, author, at, chat } of rows)
        run(
          `update contact set last_text = ?, last_author = ?, last_at = ?, chat = coalesce(?, chat),
                  unreachable_reason = null, unreachable_since = null where id = ?`,
          text,
          author,
          at.getTime(),
          chat,
          contactId,
        );
    },

    foreignWrites: () => get<{ data_version: number }>('pragma data_version')!.data_version,
  };

  function reserveAll<T extends CountedTable>(counts: Record<T, number>): ReservedIds<T> {
    const tables = Object.keys(counts) as T[];
    return Object.fromEntries(
      tables.map((table) => [table, reserve(table, counts[table])]),
    ) as ReservedIds<T>;
  }

  function queueOf(id: SourceId, limit: number, after: QueuePlace | null): QueuedRow[] {
    const { priority } =
      get<{ priority: number }>('select priority from source where id = ?', id) ?? NO_SOURCE;
    if (after !== null && priority > after.priority) return [];
    const from = after?.priority === priority ? after : BEGIN;
    // The limit stands in the text: SQLite plans a statement anew each time its limit is bound.
    const rows = all<Omit<QueuedRow, 'priority' | 'declined'> & { declined: string | null }>(
      `select id, lead_id as leadId, source_id as sourceId, created_at as createdAt, attempt,
              released_by_id as releasedBy, released_at as releasedAt, declined
         from contact where status = 'waiting' and source_id = ? and (created_at, id) > (?, ?)
        order by created_at, id limit ${limit}`,
      id,
      from.createdAt,
      from.id,
    );
    return rows.map((row) => ({
      ...row,
      priority,
      declined: row.declined === null ? null : (JSON.parse(row.declined) as QueuedRow['declined']),
    }));
  }

  function insertAll(rows: NewRows): void {
    for (const table of tablesOf(rows)) insertRows(table, rows[table] as never);
  }

  /** Ids are in commit order already, so they are the order of the feed. */
  function insertEvents(rows: NewRow<'event'>[]): Position[] {
    const { sql, valuesOf } = inserterOf('event', ['id', 'xid']);
    const statement = prepare(sql);
    const positions = reserve('event', rows.length).map((id) => ({ id, xid: 0 }));
    rows.forEach((row, index) => statement.run(positions[index]!.id, 0, ...valuesOf(row)));
    return positions;
  }

  function moveLoads(deltas: ReadonlyMap<OperatorId, number>, whoMayGet: string): number {
    let moved = 0;
    for (const [id, delta] of deltas)
      moved += run(
        `update operator set load = load + ?
          where id = ? and load + ? >= 0 and (? <= 0 or (load + ? <= max_load and ${whoMayGet}))`,
        delta,
        id,
        delta,
        delta,
        delta,
      );
    return moved;
  }

  /** The sequence row survives deletions, so an id is never given twice. */
  function reserve(table: TableName, count: number): number[] {
    const last =
      get<{ seq: number }>(
        'update sqlite_sequence set seq = seq + ? where name = ? returning seq',
        count,
        table,
      )?.seq ?? beginSequence(table, count);
    return Array.from({ length: count }, (_, index) => last - count + 1 + index);
  }

  /** SQLite makes a table's sequence row with the table's first row. */
  function beginSequence(table: TableName, count: number): number {
    run('insert into sqlite_sequence (name, seq) values (?, ?)', table, count);
    return count;
  }

  function insertRows<T extends TableName>(table: T, rows: NewRow<T>[]): void {
    if (rows.length === 0) return;
    const { sql, valuesOf } = inserterOf(table);
    const statement = prepare(sql);
    for (const row of rows) statement.run(valuesOf(row));
  }
}
