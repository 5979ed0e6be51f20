import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sqliteFile } from '../../mikro-orm.config.ts';
import { openStore } from '../../src/store/open.ts';
import { freshDatabase } from '../support/desk.ts';

test('a write waits for a foreign lock without holding up the event loop, and goes through when it ends', async () => {
  await using database = await freshDatabase('sqlite');
  await using store = await openStore({ databaseUrl: database.url, onError: () => {} });
  const foreign = new Database(sqliteFile(database.url));
  foreign.exec('begin immediate');

  const written = store.write((tx) => tx.em.execute('update configuration set version = 7 where id = 1'));
  // Timers go on meanwhile: this one ends the lock.
  setTimeout(() => foreign.exec('rollback'), 300);
  await written;

  const [row] = await store.em().execute<{ version: number }[]>('select version from configuration');
  expect(row).toEqual({ version: 7 });
  foreign.close();
});
