import { stat } from 'node:fs/promises';
import { MikroORM } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { describe, expect, test } from 'vitest';
import { ormOptions, sqliteFile } from '../../mikro-orm.config.ts';
import { openStore } from '../../src/store/open.ts';
import { databases, freshDatabase } from '../support/desk.ts';
import { hasLead, noon, openGround } from './ground.ts';

async function setting(em: SqlEntityManager, statement: string): Promise<unknown> {
  const [row] = await em.execute<Record<string, unknown>[]>(statement);
  return Object.values(row!)[0];
}

async function openOrm(url: string): Promise<{ orm: MikroORM } & AsyncDisposable> {
  const orm = await MikroORM.init(await ormOptions(url));
  return { orm, [Symbol.asyncDispose]: () => orm.close(true) };
}

/**
 * Every table and index of a SQLite file as it was declared, whatever the quotes; the parts of each in one order,
 * because a column that was added later stands behind the constraints.
 */
async function declarationsOf(em: SqlEntityManager): Promise<string[]> {
  const rows = await em.execute<{ sql: string }[]>(
    `select sql from sqlite_master where type in ('table', 'index') and sql is not null and name not like '%migrations%' and name not like 'sqlite%'`,
  );
  return rows
    .map(({ sql }) => sql.replaceAll(/[`"]/g, ''))
    .map((sql) => (/^create table/i.test(sql) ? partsOf(sql) : sql))
    .sort();
}

function partsOf(declaration: string): string {
  const [, head = '', parts = ''] = /^(.*?)\((.*)\)$/s.exec(declaration) ?? [];
  return `${head} ${parts
    .split(/, (?![^(]*\))/)
    .sort()
    .join('; ')}`;
}

test('migrations and entities describe the same schema on postgresql', async () => {
  await using ground = await openGround('postgresql');
  await using mikro = await openOrm(ground.databaseUrl);

  const update = await mikro.orm.schema.getUpdateSchemaSQL({ wrap: false });

  // What a trigger says is of one dialect, so it stands in the migrations alone.
  const others = update
    .split('\n')
    .filter((line) => !/^(drop (trigger|function) .*audit_entry.*)?$/.test(line));
  expect(others).toEqual([]);
});

// SQLite wants the type "integer" for an id that counts, so MikroORM's own comparison finds all ids different.
test('migrations and entities describe the same schema on sqlite', async () => {
  await using ground = await openGround('sqlite');
  await using empty = await freshDatabase('sqlite');
  await using mikro = await openOrm(empty.url);

  await mikro.orm.schema.create();

  const declared = await declarationsOf(mikro.orm.em.fork() as SqlEntityManager);
  // By which the feed of PostgreSQL is read; an entity does not know for which database it is.
  const others = declared.filter((sql) => !sql.includes(' event_xid_id_index '));
  expect(others.length).toBe(declared.length - 1);
  expect(await declarationsOf(ground.store.em())).toEqual(others);
  expect(declared.length).toBeGreaterThan(30);
});

describe.each(databases)('the schema on %s', (database) => {
  test('is made once: a database that is opened again keeps its rows', async () => {
    await using ground = await openGround(database);
    const id = await hasLead(ground, 'ann');
    await ground.store[Symbol.asyncDispose]();

    await using again = await openStore({ databaseUrl: ground.databaseUrl, onError: () => {} });

    expect(await setting(again.em(), 'select id from lead')).toEqual(database === 'sqlite' ? id : String(id));
  });

  test('is refused when it is newer than this version, and stays as it is', async () => {
    await using ground = await openGround(database);
    const name = 'Migration20990101_from_the_future';
    await ground.store.write((tx) =>
      tx.em.execute('insert into mikro_orm_migrations (name, executed_at) values (?, ?)', [
        name,
        database === 'sqlite' ? 0 : noon,
      ]),
    );
    await ground.store[Symbol.asyncDispose]();

    const opening = openStore({ databaseUrl: ground.databaseUrl, onError: () => {} });

    await expect(opening).rejects.toThrow(/newer than this version of Leadgate.*Migration20990101/s);
  });

  test('holds every rule that the promises rest on in the database itself', async () => {
    await using ground = await openGround(database);
    const { store } = ground;
    const id = await hasLead(ground, 'ann');
    const insert = (sql: string): Promise<unknown> => store.write((tx) => tx.em.execute(sql));
    const lead = (external: string): string =>
      `insert into lead (external_id, created_at, updated_at) values ('${external}', ${moment}, ${moment})`;
    const moment = database === 'sqlite' ? '0' : 'now()';
    const yes = database === 'sqlite' ? '1' : 'true';
    const contact = (status: string): string =>
      `insert into contact (lead_id, source_id, status, by_message, attempt, created_at, version)
       values (${id}, 1, '${status}', ${yes}, 1, ${moment}, 1)`;
    await insert(
      `insert into source (name, code, kind, is_active, strategy, return_policy, require_presence, created_at, updated_at)
       values ('S', 's', 'api', ${yes}, 'weighted_random', 'route', ${yes}, ${moment}, ${moment})`,
    );
    await insert(contact('closed'));
    await insert(contact('waiting'));

    await expect(insert(lead('ann')), 'a second lead of one external id').rejects.toThrow();
    await expect(insert(contact('assigned')), 'a second contact open by message').rejects.toThrow();
    await insert(contact('closed'));
    await expect(insert('delete from lead'), 'a contact without its lead').rejects.toThrow();
  });
});

test('SQLite runs with the settings that make a commit survive a power cut', async () => {
  await using ground = await openGround('sqlite');
  const em = ground.store.em();

  expect(await setting(em, 'pragma journal_mode')).toBe('wal');
  expect(await setting(em, 'pragma synchronous')).toBe(2);
  expect(await setting(em, 'pragma foreign_keys')).toBe(1);
  expect(await setting(em, 'pragma busy_timeout')).toBe(50);
});

test('the file of SQLite and its log are for the user of the gateway alone', async () => {
  await using ground = await openGround('sqlite');
  await hasLead(ground, 'ann');
  const file = sqliteFile(ground.databaseUrl);

  const modes = await Promise.all(
    [file, `${file}-wal`].map(async (name) => ((await stat(name)).mode & 0o777).toString(8)),
  );

  expect(modes).toEqual(['600', '600']);
});

test('PostgreSQL acknowledges a commit when it is on the disk', async () => {
  await using ground = await openGround('postgresql');

  expect(await setting(ground.store.em(), 'show synchronous_commit')).toBe('on');
});

test('gateways that start on one empty PostgreSQL at the same time all get their schema', async () => {
  await using empty = await freshDatabase('postgresql');
  await using stores = new AsyncDisposableStack();

  const opened = await Promise.all(
    [1, 2, 3].map(() => openStore({ databaseUrl: empty.url, onError: () => {} })),
  );

  for (const store of opened) stores.use(store);
  const [applied, names] = ['count(*)', 'count(distinct name)'];
  const counts = `select ${applied} = ${names} from mikro_orm_migrations`;
  expect(await setting(opened[2]!.em(), counts)).toBe(true);
});
