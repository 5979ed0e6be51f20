import Database from 'better-sqlite3';
import { grown, populate, type Words } from './population.ts';
import { connect } from './postgres.ts';

const sqlite: Words = {
  series: (first, last) =>
    `with recursive series(n) as (select ${first} union all select n + 1 from series where n < ${last})`,
  at: (millis) => millis,
  json: (text) => text,
};

export const postgresql: Words = {
  series: (first, last) => `with series(n) as (select generate_series(${first}::int8, ${last}::int8))`,
  at: (millis) => `to_timestamp((${millis}) / 1000.0)`,
  json: (text) => `(${text})::jsonb`,
};

const TABLES = "('lead', 'contact', 'message', 'decision', 'event')";

/**
 * Puts so many open contacts into a seeded SQLite file that nobody has open. Indexes are built at the end: a sort
 * instead of a search for each row.
 */
export function fillSqlite(file: string, count: number): void {
  const db = new Database(file);
  db.pragma('journal_mode = off');
  db.pragma('synchronous = off');
  db.pragma('cache_size = -400000');
  const indexes = db
    .prepare<[], { name: string; sql: string }>(
      `select name, sql from sqlite_schema where type = 'index' and sql is not null and tbl_name in ${TABLES}`,
    )
    .all();
  const statements = populate(sqlite, { first: 1, last: count, ...grown });
  const loads = statements.pop()!;
  for (const { name } of indexes) db.exec(`drop index ${name}`);
  for (const statement of statements) db.exec(statement);
  for (const { sql } of indexes) db.exec(sql);
  db.exec(loads);
  db.pragma('journal_mode = wal');
  db.close();
}

/** The same in a seeded PostgreSQL database; afterwards it is as clean as the server leaves it when nobody writes. */
export async function fillPostgres(url: string, count: number): Promise<void> {
  await using client = await connect(url);
  // Rows that are made here need no look for what they point to.
  await client.query("set session_replication_role = replica; set maintenance_work_mem = '512MB'");
  const { rows: indexes } = await client.query<{ name: string; sql: string }>(
    `select indexname as name, indexdef as sql from pg_indexes where schemaname = 'public' and tablename in ${TABLES}
        and not exists (select 1 from pg_constraint where conname = indexname)`,
  );
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  const statements = populate(postgresql, { first: 1, last: count, ...grown });
  const loads = statements.pop()!;
  for (const statement of statements) await client.query(statement);
  for (const { sql } of indexes) await client.query(sql);
  await client.query(loads);
  for (const table of ['lead', 'contact']) await client.query(`select setval('${table}_id_seq', ${count})`);
  await client.query('vacuum (analyze)');
  await client.query('checkpoint');
}
