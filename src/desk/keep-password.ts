import type { SqlEntityManager } from '@mikro-orm/sql';
import type { OperatorId } from '../contract/ids.ts';
import type { Operator } from '../store/entities/operator.ts';
import { Password } from '../store/entities/password.ts';
import type { Tx } from '../store/write.ts';
import { findOperator } from './find-operator.ts';

/** Keeps the hash of an operator's password, in the place of the one before. */
export async function keepPassword(
  tx: Tx,
  operator: OperatorId,
  hash: string,
  changedAt: Date,
): Promise<void> {
  await tx.em.nativeDelete(Password, { operator });
  await tx.em.insert(Password, { operator, hash, changedAt });
}

/** The hash of an operator's password, null where none is set. */
export async function keptPassword(em: SqlEntityManager, operator: OperatorId): Promise<string | null> {
  const kept = await em.findOne(Password, { operator }, { disableIdentityMap: true });
  return kept?.hash ?? null;
}

/**
 * The operator, held until COMMIT: nobody deactivates it or sets its password meanwhile. Null when it may not come in.
 */
export async function holdActive(tx: Tx, id: OperatorId): Promise<Operator | null> {
  const { operators } = await tx.sql.routingFacts([], [id]);
  return operators[0]?.isActive === true ? findOperator(tx.em, id) : null;
}
