import { columnsOf, type TableName } from './shapes.ts';

type Inserter = { sql: string; valuesOf: (row: Record<string, unknown>) => unknown[] };
const inserters = new Map<TableName, Inserter>();

/** The statement that inserts one row of a table, and its parameters; those of `before` come first. */
export function inserterOf(table: TableName, before: readonly string[] = []): Inserter {
  let inserter = inserters.get(table);
  if (inserter === undefined) inserters.set(table, (inserter = buildInserter(table, before)));
  return inserter;
}

function buildInserter(table: TableName, before: readonly string[]): Inserter {
  const columns = columnsOf(table);
  const names = [...before, ...columns.map(({ column }) => column)];
  const marks = names.map(() => '?').join(', ');
  return {
    sql: `insert into ${table} (${names.join(', ')}) values (${marks})`,
    valuesOf: (row) =>
      columns.map(({ key, type }) => {
        const value = row[key] ?? null;
        if (value === null) return null;
        if (type === 'time') return (value as Date).getTime();
        if (type === 'flag') return value === true ? 1 : 0;
        return type === 'json' || type === 'document' ? JSON.stringify(value) : value;
      }),
  };
}
