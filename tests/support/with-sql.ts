import type { Statements } from '../../src/store/dialect.ts';
import type { Tx } from '../../src/store/write.ts';

/** The same transaction, some of whose statements are others. */
export function withSql(tx: Tx, others: Partial<Statements>): Tx {
  const sql = { ...tx.sql, ...others };
  return new Proxy(tx, { get: (target, key) => (key === 'sql' ? sql : Reflect.get(target, key, target)) });
}
