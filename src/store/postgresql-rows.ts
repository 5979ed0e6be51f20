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

/** One statement that inserts any number of rows: each column travels as an array. */
export function insertSql(table: TableName): string {
  const columns = columnsOf(table);
  const names = columns.map(({ column }) => column).join(', ');
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${pgTypes[type]}[]`).join(', ');
  return `insert into ${table} (${names}) select * from unnest(${arrays}) as k(${names})`;
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
