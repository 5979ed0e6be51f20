import type { MikroORM } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Statements } from './dialect.ts';
import type { Ending, Tx } from './write.ts';

type Parts = {
  orm: MikroORM;
  /** The connection on which the transaction is open. */
  connection: unknown;
  sql: Statements;
  /** Collects what runs after COMMIT. */
  tasks: (() => void)[];
  /** Keeps what is written last. */
  end: (ending: Ending) => void;
  serial: number;
  isRepeated: boolean;
};

/** A transaction whose entity manager is made when a verb asks for it: the hot road needs none. */
export function lazyTx({ orm, connection, sql, tasks, end, serial, isRepeated }: Parts): Tx {
  let em: SqlEntityManager | undefined;
  return {
    serial,
    isRepeated,
    sql,
    events: [],
    atEnd: end,
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
