import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sqliteFile } from '../../mikro-orm.config.ts';
import { FileLocked, lockSqlite } from '../../src/store/lock.ts';
import { freshDatabase } from '../support/desk.ts';

const holder = fileURLToPath(new URL('hold-lock.ts', import.meta.url));

async function freshFile(): Promise<{ file: string } & AsyncDisposable> {
  const database = await freshDatabase('sqlite');
  return {
    file: sqliteFile(database.url),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

test('a second gateway is kept off a file and hears why', async () => {
  await using fresh = await freshFile();
  using _ = await lockSqlite(fresh.file);

  const second = lockSqlite(fresh.file);

  await expect(second).rejects.toThrow(FileLocked);
  await expect(second).rejects.toThrow(`Another gateway uses ${fresh.file}.`);
});

test('the lock is free when its holder lets go', async () => {
  await using fresh = await freshFile();
  (await lockSqlite(fresh.file))[Symbol.dispose]();

  using again = await lockSqlite(fresh.file);

  expect(again).toBeDefined();
});

test('two files are locked apart, in folders that are made for them', async () => {
  await using fresh = await freshFile();

  using one = await lockSqlite(`${fresh.file}/new/a.db`);
  using two = await lockSqlite(`${fresh.file}/new/b.db`);

  expect([one, two]).toHaveLength(2);
});

test('another process is kept off too, and its lock ends with it, even by kill -9', async () => {
  await using fresh = await freshFile();
  const child = fork(holder, [fresh.file], { execArgv: [] });
  await once(child, 'message');

  await expect(lockSqlite(fresh.file)).rejects.toThrow(FileLocked);
  child.kill('SIGKILL');
  await once(child, 'exit');

  using again = await lockSqlite(fresh.file);
  expect(again).toBeDefined();
});
