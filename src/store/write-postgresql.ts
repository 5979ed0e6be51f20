import { setTimeout as pause } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/core';
import type { Kysely } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import { LazyTx } from './lazy-tx.ts';
import { postgresStatements } from './postgresql.ts';
import { sqlStateOf } from './sql-state.ts';
import { commit, type Tx, type Write } from './write.ts';

/** Deadlock, serialization failure, and a row that somebody else has just made: run the work again. */
const RETRY = new Set(['40P01', '40001', '23505']);
const TRIES = 8;
const FIRST_PAUSE_MS = 10;

/** Write transactions of PostgreSQL, several at once; the ones that the database refuses for a moment run again. */
export function postgresWriter(orm: MikroORM, client: Kysely<unknown>, committed: () => void): Write {
  let serial = 0;
  const once = <T>(work: (tx: Tx) => Promise<T>, isRepeated: boolean): Promise<T> =>
    client.connection().execute(async (connection) => {
      await connection.executeQuery(CompiledQuery.raw('begin'));
      const sql = postgresStatements(connection);
      const tx = new LazyTx({ orm, connection, sql, serial: ++serial, isRepeated });
      let result: Awaited<ReturnType<typeof work>>;
      try {
        result = await work(tx);
        await commit(tx, tx.ending);
      } catch (error) {
        // The connection may be gone; then there is nothing left to roll back.
        await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => {});
        throw error;
      }
      // What the tasks forget is forgotten before anybody hears of the change.
      for (const task of tx.tasks) task();
      if (tx.events.length > 0) committed();
      return result;
    });
  return async (work) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(work, attempt > 1);
      } catch (error) {
        if (attempt === TRIES || !RETRY.has(sqlStateOf(error) ?? '')) throw error;
        // Two that ran into each other again and again would go on so: each waits for a time of its own.
        if (attempt > 1) await pause(Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
      }
    }
  };
}
