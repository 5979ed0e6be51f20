import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sqliteFile } from '../../mikro-orm.config.ts';
import { openStore } from '../../src/store/open.ts';
import { hasLead, openGround } from './ground.ts';

test('what a crash has left in the log of writes is not there any more once the database is open again', async () => {
  await using ground = await openGround('sqlite');
  await hasLead(ground, 'canary');
  await ground.store.write((tx) => tx.em.execute('delete from lead'));
  await using crashed = await copyOf(sqliteFile(ground.databaseUrl));
  expect(await crashed.log()).toContain('canary');

  await using _ = await openStore({ databaseUrl: `sqlite:${crashed.file}`, onError: () => {} });

  expect(await crashed.log()).not.toContain('canary');
  expect(await readFile(crashed.file, 'latin1')).not.toContain('canary');
});

test('who reads all the time keeps the log from being emptied, and that is told', async () => {
  await using ground = await openGround('sqlite');
  await hasLead(ground, 'canary');
  const reader = new Database(sqliteFile(ground.databaseUrl), { readonly: true });
  reader.exec('begin');
  reader.prepare('select * from lead').all();
  await ground.store.write((tx) => tx.em.execute('delete from lead'));

  expect(await ground.store.scrub()).toBe(false);
  reader.exec('commit');

  expect(await ground.store.scrub()).toBe(true);
  reader.close();
});

/** The files of a database as they are now, as if its process ended this moment. */
async function copyOf(file: string) {
  const folder = await mkdtemp(join(tmpdir(), 'leadgate-'));
  const copy = join(folder, 'leadgate.db');
  for (const suffix of ['', '-wal']) await copyFile(`${file}${suffix}`, `${copy}${suffix}`);
  return {
    file: copy,
    log: () => readFile(`${copy}-wal`, 'latin1'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
