import pg from 'pg';
import { expect, test } from 'vitest';
import { freshPostgres } from '../support/postgres.ts';

async function ask(url: string, statement: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: statement, rowMode: 'array' })).rows as unknown[][];
  } finally {
    await client.end();
  }
}

test('every test gets an empty PostgreSQL database of its own', async () => {
  await using one = await freshPostgres();
  await using other = await freshPostgres();

  await ask(one.url, 'create table lead (id int)');

  expect(await ask(one.url, `select to_regclass('lead') is null`)).toEqual([[false]]);
  expect(await ask(other.url, `select to_regclass('lead') is null`)).toEqual([[true]]);
});

test('a database is dropped with whoever is still connected', async () => {
  const database = await freshPostgres();
  const straggler = new pg.Client({ connectionString: database.url });
  const parted = new Promise((resolve) => straggler.on('error', resolve));
  await straggler.connect();

  await database[Symbol.asyncDispose]();

  expect(await parted).toMatchObject({ code: '57P01' });
  await expect(ask(database.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
});

test('the server of the tests is durable and knows Cyrillic', async () => {
  await using database = await freshPostgres();

  const settings = await ask(
    database.url,
    `select current_setting('synchronous_commit'), current_setting('fsync'), lower('ЗАЯВКА'), 'Анна' ilike 'анна'`,
  );

  expect(settings).toEqual([['on', 'on', 'заявка', true]]);
});
