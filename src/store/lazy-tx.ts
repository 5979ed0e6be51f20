import type { MikroORM } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Statements } from './dialect.ts';
import type { Ending, NewEvent, Tx } from './write.ts';

type Parts = {
  orm: MikroORM;
  /** The connection on which the transaction is open. */
  connection: unknown;
  sql: Statements;
  serial: number;
  isRepeated: boolean;
};

/**
 * A transaction whose entity manager is made when a verb asks for it: the hot road needs none. A class, because V8 gives
 * every object literal that has a getter a hidden class of its own, which holds whatever the getter closes over until
 * the next full collection: with one for each batch those came several times as often.
 */
export class LazyTx implements Tx {
  readonly serial: number;
  readonly isRepeated: boolean;
  readonly sql: Statements;
  readonly events: NewEvent[] = [];
  /** What is written last; null when nothing is. */
  ending: Ending | null = null;
  /** What runs after COMMIT. */
  readonly tasks: (() => void)[] = [];
  readonly #orm: MikroORM;
  readonly #connection: unknown;
  #em: SqlEntityManager | undefined;

  constructor({ orm, connection, sql, serial, isRepeated }: Parts) {
    this.#orm = orm;
    this.#connection = connection;
    this.sql = sql;
    this.serial = serial;
    this.isRepeated = isRepeated;
  }

  atEnd(ending: Ending): void {
    this.ending = ending;
  }

  afterCommit(task: () => void): void {
    this.tasks.push(task);
  }

  get em(): SqlEntityManager {
    if (this.#em === undefined) {
      this.#em = this.#orm.em.fork({ clear: true }) as SqlEntityManager;
      this.#em.setTransactionContext(this.#connection);
    }
    return this.#em;
  }
}
