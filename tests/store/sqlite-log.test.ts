import type { Kysely } from '@mikro-orm/sql';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sqliteFile } from '../../mikro-orm.config.ts';
import { logKeeper } from '../../src/store/sqlite-log.ts';
import { noon, openGround } from './ground.ts';

// More than SQLite would leave in its log by itself, less than what it is left to do within a commit.
const LEADS = 12_000;

test('the log is brought into the file after a commit, not within it', async () => {
  await using ground = await openGround('sqlite');
  const file = new Database(sqliteFile(ground.databaseUrl), { readonly: true });
  using _ = { [Symbol.dispose]: () => void file.close() };
  const look = file.prepare<[], { log: number; checkpointed: number }>('pragma wal_checkpoint(noop)');
  const left = (): number => {
    const { log, checkpointed } = look.get()!;
    return log - checkpointed;
  };
  const write = (name: string, count: number): Promise<unknown> =>
    ground.store.write((tx) =>
      tx.em.execute(
        `insert into lead (external_id, name, created_at, updated_at)
           with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
           select ? || i, hex(zeroblob(200)), ?, ? from n`,
        [count, name, noon.getTime(), noon.getTime()],
      ),
    );

  await write('many ', LEADS);

  expect(left()).toBeGreaterThan(1_000);
  let more = 0;
  await expect
    .poll(
      async () => {
        await write(`more ${more++} `, 1);
        return left();
      },
      { timeout: 10_000 },
    )
    .toBeLessThan(1_000);
});

test('a log that cannot be looked at is no fault of the commit before', () => {
  const db = new Database(':memory:');
  const keepLog = logKeeper({} as Kysely<unknown>, db);
  db.close();

  expect(keepLog).not.toThrow();
});
