import { setTimeout as pause } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/core';
import type { Kysely } from '@mikro-orm/sql';
import type Database from 'better-sqlite3';
import { LazyTx } from './lazy-tx.ts';
import { sqliteStatements } from './sqlite.ts';
import { logKeeper } from './sqlite-log.ts';
import { commit, type Write, type WrittenEvent } from './write.ts';

/**
 * The write gate of SQLite. It holds MikroORM's own connection mutex for the whole transaction, so nothing
 * else reaches the one handle meanwhile.
 */
export function sqliteWriter(
  orm: MikroORM,
  client: Kysely<unknown>,
  db: Database.Database,
  publish: (events: WrittenEvent[]) => void,
): Write {
  const sql = sqliteStatements(db);
  const keepLog = logKeeper(client, db);
  let serial = 0;
  return (work) =>
    client.connection().execute(async (connection) => {
      await beginWhenFree(db);
      const tx = new LazyTx({ orm, connection, sql, serial: ++serial, isRepeated: false });
      let committed: { result: Awaited<ReturnType<typeof work>>; events: WrittenEvent[] };
      try {
        const result = await work(tx);
        const positions = await commit(tx, tx.ending);
        const events = tx.events.map((event, index) => ({ ...event, ...positions[index]! }));
        committed = { result, events };
      } catch (error) {
        // COMMIT itself may have failed and ended the transaction already.
        if (db.inTransaction) db.exec('rollback');
        throw error;
      }
      // What the tasks forget is forgotten before anybody hears of the change.
      for (const task of tx.tasks) task();
      publish(committed.events);
      keepLog();
      return committed.result;
    });
}

const PATIENCE_MS = 2_000;
const PAUSE_MS = 20;

/**
 * IMMEDIATE: a command line that writes at the same time makes us wait here, not fail at COMMIT. The wait leaves the
 * event loop to others; SQLite's own would hold it. Throws SQLITE_BUSY when the file stays locked.
 */
async function beginWhenFree(db: Database.Database): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      db.exec('begin immediate');
      return;
    } catch (error) {
      const isBusy = (error as { code?: unknown }).code === 'SQLITE_BUSY';
      if (!isBusy || performance.now() > deadline) throw error;
    }
    await pause(PAUSE_MS);
  }
}
