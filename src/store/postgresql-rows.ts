import { arrayOf } from './postgresql-arrays.ts';
import { columnsOf, type NewRow, type TableName } from './shapes.ts';

const pgTypes = {
  id: 'int8',
  int: 'int4',
  real: 'float8',
  text: 'text',
  flag: 'bool',
  time: 'timestamptz',
  json: 'jsonb',
  document: 'json',
  jsonText: 'json',
} as const;

/** A part of a statement that inserts any number of rows: each column travels as an array, from parameter `first` on. */
export function insertSql(table: TableName, first = 1): string {
  const columns = columnsOf(table);
  const names = columns.map(({ column }) => column).join(', ');
  return `insert into ${table} (${names}) select * from unnest(${arraysOf(table, first)}) as k(${names})`;
}

/** Events in their order, each with the number of the transaction that writes it. */
export function insertEventsSql(first: number): string {
  const names = columnsOf('event')
    .map(({ column }) => column)
    .join(', ');
  return `insert into event (xid, ${names})
    select pg_current_xact_id()::text::int8, ${names}
      from unnest(${arraysOf('event', first)}) with ordinality as k(${names}, place) order by place
    returning 1`;
}

/**
 * Who may be given something more by routing; parameter `at`: the version that the configuration shall have when the
 * statement begins, and the one behind it: who has to be online. Of what commits while it waits for an operator, that
 * operator's own row is looked at again alone.
 */
export function willingSql(at: number): string {
  return `o.is_active and o.availability = 'available' and (o.is_online or o.id <> all($${at + 1}::int8[]))
    and ($${at}::int4 is null or (select version from configuration where id = 1) = $${at}::int4)`;
}

/** Changes loads, in the order of ids, as everybody locks them; those that rise only of whom the condition allows. */
export function moveLoadsSql(first: number, whoMayGet: string): string {
  const [ids, deltas] = [`$${first}::int8[]`, `$${first + 1}::int4[]`];
  return `update operator o set load = o.load + k.delta
    from unnest(${ids}, ${deltas}) as k(id, delta)
         join (select id from operator where id = any(${ids}) order by id for no key update) held on held.id = k.id
   where o.id = k.id and o.load + k.delta >= 0
     and (k.delta <= 0 or (o.load + k.delta <= o.max_load and ${whoMayGet}))
  returning o.id`;
}

export function loadValues(loads: ReadonlyMap<number, number>): unknown[][] {
  return [[...loads.keys()], [...loads.values()]];
}

/** Statements that go together in one: what refers to a row of another is looked at when all are there. */
export class Parts {
  readonly values: unknown[] = [];
  readonly #parts: string[] = [];

  /** The number of the next parameter. */
  get next(): number {
    return this.values.length + 1;
  }

  /** Adds a statement; answers the name of what it returns. */
  add(sql: string, parameters: unknown[]): string {
    const name = `p${this.#parts.length}`;
    this.values.push(...parameters);
    this.#parts.push(`${name} as (${sql})`);
    return name;
  }

  sql(last: string): string {
    return `with ${this.#parts.join(', ')} ${last}`;
  }
}

function arraysOf(table: TableName, first: number): string {
  return columnsOf(table)
    .map(({ type }, index) => `$${first + index}::${pgTypes[type]}[]`)
    .join(', ');
}

/** The arrays for `insertSql`. */
export function columnValues<T extends TableName>(table: T, rows: NewRow<T>[]): Buffer[] {
  return columnsOf(table).map(({ key, type }) => {
    const values = rows.map((row) => (row as Record<string, unknown>)[key] ?? null);
    const isWrittenOut = type !== 'json' && type !== 'document';
    return arrayOf(pgTypes[type], isWrittenOut ? values : values.map(textOf));
  });
}

function textOf(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** Milliseconds since 1970 of a timestamptz, as a number. */
export const millis = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;
