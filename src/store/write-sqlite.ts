import type { MikroORM } from '@mikro-orm/core';
import type { SqlEntityManager, Kysely } from '@mikro-orm/sql';
import type Database from 'better-sqlite3';
import { sqliteStatements } from './sqlite.ts';
import { type Tx, type Write, writeEvents, type WrittenEvent } from './write.ts';

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
  let serial = 0;
  return (work) =>
    client.connection().execute(async (connection) => {
      // IMMEDIATE: a command line that writes at the same time makes us wait here, not fail at COMMIT.
      db.exec('begin immediate');
      const tasks: (() => void)[] = [];
      try {
        const tx = lazyTx(orm, connection, sql, tasks, ++serial);
        const result = await work(tx);
        const events = await writeEvents(tx);
        db.exec('commit');
        publish(events);
        for (const task of tasks) task();
        return result;
      } catch (error) {
        // COMMIT itself may have failed and ended the transaction already.
        if (db.inTransaction) db.exec('rollback');
        throw error;
      }
    });
}

/** The hot road needs no entity manager: it is made when a verb asks for it. */
export function lazyTx(
  orm: MikroORM,
  connection: unknown,
  sql: Tx['sql'],
  tasks: (() => void)[],
  serial: number,
): Tx {
  let em: SqlEntityManager | undefined;
  return {
    serial,
    sql,
    events: [],
    afterCommit: (task) => tasks.push(task),
    get em() {
      if (em === undefined) {
        em = orm.em.fork({ clear: true }) as SqlEntityManager;
        em.setTransactionContext(connection);
      }
      return em;
    },
  };
}
