import { MikroORM } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { describe, expect, test } from 'vitest';
import { ormOptions } from '../../mikro-orm.config.ts';
import { openStore } from '../../src/store/open.ts';
import { databases } from '../support/desk.ts';
import { hasLead, openGround } from './ground.ts';

async function setting(em: SqlEntityManager, statement: string): Promise<unknown> {
  const [row] = await em.execute<Record<string, unknown>[]>(statement);
  return Object.values(row!)[0];
}

describe.each(databases)('the schema on %s', (database) => {
  test('that migrations make is the one that entities describe', async () => {
    await using ground = await openGround(database);
    const orm = await MikroORM.init(await ormOptions(ground.databaseUrl));
    await using _ = { [Symbol.asyncDispose]: () => orm.close(true) };

    const differences = await orm.schema.getUpdateSchemaSQL({ wrap: false });

    expect(differences.trim()).toBe('');
  });

  test('is made once: a database that is opened again keeps its rows', async () => {
    await using ground = await openGround(database);
    const id = await hasLead(ground, 'ann');
    await ground.store[Symbol.asyncDispose]();

    await using again = await openStore({ databaseUrl: ground.databaseUrl, onError: () => {} });

    expect(await setting(again.em(), 'select id from lead')).toEqual(database === 'sqlite' ? id : String(id));
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
  expect(await setting(em, 'pragma busy_timeout')).toBe(5000);
});

test('PostgreSQL acknowledges a commit when it is on the disk', async () => {
  await using ground = await openGround('postgresql');

  expect(await setting(ground.store.em(), 'show synchronous_commit')).toBe('on');
});
