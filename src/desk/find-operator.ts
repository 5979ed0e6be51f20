import type { SqlEntityManager } from '@mikro-orm/sql';
import type { OperatorId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { Operator } from '../store/entities/operator.ts';

/** The operator as the database has it now. Throws Problem('not-found'). */
export async function findOperator(em: SqlEntityManager, id: OperatorId): Promise<Operator> {
  const operator = await em.findOne(Operator, { id }, { refresh: true });
  if (operator === null) throw new Problem('not-found', { detail: `There is no operator ${id}.` });
  return operator;
}

/** Throws Problem('email-taken') when another operator has this address. */
export async function checkEmail(
  em: SqlEntityManager,
  email: string | null,
  own: OperatorId | null,
): Promise<void> {
  if (email === null) return;
  const other = await em.findOne(Operator, { email }, { fields: ['id'], disableIdentityMap: true });
  if (other !== null && other.id !== own) throw new Problem('email-taken');
}

/** Addresses are kept in lower case, so that one person has one. */
export function emailOf(email: string | null | undefined): string | null {
  return email?.toLowerCase() ?? null;
}
