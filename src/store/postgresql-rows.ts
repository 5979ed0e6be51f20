import { columnsOf, type NewRow, type TableName } from './shapes.ts';

const pgTypes = {
  id: 'int8',
  int: 'int4',
  text: 'text',
  flag: 'bool',
  time: 'timestamptz',
  json: 'jsonb',
  jsonText: 'jsonb',
} as const;

/** A part of a statement that inserts any number of rows: each column travels as an array, from parameter `first` on. */
export function insertSql(table: TableName, first = 1): string {
  const columns = columnsOf(table);
  const names = columns.map(({ column }) => column).join(', ');
  return `insert into ${table} (${names}) select * from unnest(${arraysOf(table, first)}) as k(${names})`;
}

/** Events in their order, each with the number of the transaction that writes it; answers where they stand. */
export function insertEventsSql(): string {
  const names = columnsOf('event')
    .map(({ column }) => column)
    .join(', ');
  return `insert into event (xid, ${names})
    select pg_current_xact_id()::text::int8, ${names}
      from unnest(${arraysOf('event', 1)}) with ordinality as k(${names}, place) order by place
    returning id::float8 as id, xid::float8 as xid`;
}

function arraysOf(table: TableName, first: number): string {
  return columnsOf(table)
    .map(({ type }, index) => `$${first + index}::${pgTypes[type]}[]`)
    .join(', ');
}

/** The arrays for `insertSql`. */
export function columnValues<T extends TableName>(table: T, rows: NewRow<T>[]): unknown[][] {
  return columnsOf(table).map(({ key, type }) =>
    rows.map((row) => {
      const value = (row as Record<string, unknown>)[key] ?? null;
      if (value === null) return null;
      if (type === 'time') return (value as Date).toISOString();
      return type === 'json' ? JSON.stringify(value) : value;
    }),
  );
}

/** Milliseconds since 1970 of a timestamptz, as a number. */
export const millis = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;
