import { sqlStateOf } from './sql-state.ts';

// SQLite: nothing is wrong with the statement, the file cannot be written now.
const SQLITE_UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)/;
// PostgreSQL: connection exceptions, lack of resources, operator intervention, system errors, lock not granted.
const PG_UNAVAILABLE = /^(08|53|57|58|55P03|40)/;
// What the client says by itself, without a code, of a connection that it has lost or does not get.
const PG_LOST = /Connection terminated|is not queryable|timeout exceeded when trying to connect/;
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;

/** Whether the database cannot commit now, so that the same work may succeed later. */
export function isUnavailable(error: unknown): boolean {
  const code = sqlStateOf(error);
  if (code !== undefined)
    return SQLITE_UNAVAILABLE.test(code) || PG_UNAVAILABLE.test(code) || NETWORK.test(code);
  return error instanceof Error && PG_LOST.test(error.message);
}

/** Whether a unique index refused a row. */
export function isUniqueViolation(error: unknown): boolean {
  const code = sqlStateOf(error);
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

/** Whether another row still names the row that was to go. */
export function isForeignKeyViolation(error: unknown): boolean {
  const code = sqlStateOf(error);
  return code === '23503' || code === '23001' || code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
}
