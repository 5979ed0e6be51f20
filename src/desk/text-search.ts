import { type FilterQuery, raw } from '@mikro-orm/core';

/**
 * The filter that one of the columns contains a text, whatever the case (on SQLite: of ASCII letters). It has no
 * patterns: `%` and `_` stand for themselves. Columns are named as the database names them.
 */
export function containsText<Row extends object>(columns: readonly string[], text: string): FilterQuery<Row> {
  const like = `%${text.replaceAll(/[!%_]/g, '!$&')}%`;
  const matching = raw(
    (row) => `(${columns.map((column) => `lower(${row}.${column}) like lower(?) escape '!'`).join(' or ')})`,
    columns.map(() => like),
  );
  return { [matching]: [] } as FilterQuery<Row>;
}
