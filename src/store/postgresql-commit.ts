import { CompiledQuery, type Kysely } from 'kysely';
import { type LastWrites, Unmoved } from './dialect.ts';
import {
  columnValues,
  insertEventsSql,
  insertSql,
  loadValues,
  moveLoadsSql,
  Parts,
  willingSql,
} from './postgresql-rows.ts';
import { preparedLast } from './prepared.ts';
import { tablesOf } from './shapes.ts';
import { sqlStateOf } from './sql-state.ts';

const DIVISION_BY_ZERO = '22012';

/** Writes the last of the transaction that is open on a connection, and commits it in the same round trip. Throws Unmoved. */
export async function commitOn(connection: Kysely<unknown>, last: LastWrites): Promise<void> {
  const written = lastSql(last);
  if (written === null) {
    await connection.executeQuery(CompiledQuery.raw('commit'));
    return;
  }
  try {
    await connection.executeQuery(CompiledQuery.raw(preparedLast(written.sql), written.values));
  } catch (error) {
    if (sqlStateOf(error) === DIVISION_BY_ZERO) throw new Unmoved('', { cause: error });
    throw error;
  }
}

/** null where nothing is to be written. */
function lastSql({
  rows,
  events,
  loads,
  online,
  configVersion,
}: LastWrites): { sql: string; values: unknown[] } | null {
  const parts = new Parts();
  const written = tablesOf(rows).map((table) =>
    parts.add(`${insertSql(table, parts.next)} returning 1`, columnValues(table, rows[table] as never)),
  );
  if (events.length > 0) written.push(parts.add(insertEventsSql(parts.next), columnValues('event', events)));
  let guard = '1';
  if (loads.size > 0) {
    const moved = parts.add(moveLoadsSql(parts.next, willingSql(parts.next + 2)), [
      ...loadValues(loads),
      configVersion,
      [...online],
    ]);
    // COMMIT is under way already: only an error keeps it from committing what the loads have refused.
    guard = `1 / (case when (select count(*) from ${moved}) = $${parts.next}::int4 then 1 else 0 end)`;
    parts.values.push(loads.size);
  }
  if (parts.values.length === 0) return null;
  // A part is run when its count is asked for, from left to right: the loads are locked last.
  const counts = written.map((part) => `(select count(*) from ${part})`).join(' + ');
  return { sql: parts.sql(`select ${counts || '0'} as written, ${guard} as moved`), values: parts.values };
}
