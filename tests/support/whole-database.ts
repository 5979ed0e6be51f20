import type { SqlEntityManager } from '@mikro-orm/sql';
import { readFile } from 'node:fs/promises';
import { sqliteFile } from '../../mikro-orm.config.ts';
import type { Desk } from '../../src/desk/desk.ts';

/** Where in the database a word stands, in any column of any table, as `table.column`. */
export async function placesOf(desk: Pick<Desk, 'store'>, word: string): Promise<string[]> {
  const em = desk.store.em();
  const found: string[] = [];
  for (const { table, column } of await everyColumn(em, desk.store.dialect)) {
    const [row] = await em.execute<unknown[]>(
      `select 1 from "${table}" where cast("${column}" as text) like ? limit 1`,
      [`%${word}%`],
    );
    if (row !== undefined) found.push(`${table}.${column}`);
  }
  return found;
}

function everyColumn(
  em: SqlEntityManager,
  dialect: Desk['store']['dialect'],
): Promise<{ table: string; column: string }[]> {
  return em.execute(
    dialect === 'sqlite'
      ? `select m.name as "table", c.name as "column" from sqlite_master m join pragma_table_info(m.name) c
          where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\'`
      : `select table_name as "table", column_name as "column" from information_schema.columns
          where table_schema = current_schema()`,
  );
}

/** Which of the files of a SQLite database hold a word, as bytes; none on PostgreSQL, whose files are the server's. */
export async function filesWith(databaseUrl: string, word: string): Promise<string[]> {
  if (!databaseUrl.startsWith('sqlite:')) return [];
  const found: string[] = [];
  for (const suffix of ['', '-wal'])
    if ((await readFile(`${sqliteFile(databaseUrl)}${suffix}`)).includes(word)) found.push(suffix || 'file');
  return found;
}
