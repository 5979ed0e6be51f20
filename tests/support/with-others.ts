import type { Tx } from '../../src/store/write.ts';

/** The same transaction, some of which is otherwise. */
export function withOthers(tx: Tx, others: Partial<Tx>): Tx {
  return new Proxy(tx, {
    get: (target, key) => Reflect.get(key in others ? others : target, key, key in others ? others : target),
  });
}
