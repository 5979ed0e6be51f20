import type { OperatorId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { OneTimeCode } from '../store/entities/one-time-code.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import type { Desk } from './desk.ts';
import { holdActive } from './keep-password.ts';
import { findOperator } from './find-operator.ts';
import { keepCode } from './one-time-codes.ts';
import { authorizeAny } from './policy.ts';

const INVITE_MS = 48 * 3_600_000;

/** A code with which an operator sets its password, once; it stands in this answer alone. */
export type IssuedInvite = { code: string; expiresAt: Date };

/**
 * Lets an operator set its password within 48 hours; earlier invites of it end. Throws Problem('forbidden'),
 * Problem('not-found'), Problem('operator-inactive') or Problem('no-email').
 */
export async function inviteOperator(desk: Desk, actor: Actor, id: OperatorId): Promise<IssuedInvite> {
  authorizeAny(actor, 'configure');
  return desk.store.write((tx) => issueInvite(desk, tx, actor, id));
}

/** The same within a change. */
export async function issueInvite(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  operatorId: OperatorId,
): Promise<IssuedInvite> {
  const operator = await holdActive(tx, operatorId);
  if (operator === null) {
    await findOperator(tx.em, operatorId);
    throw new Problem('operator-inactive');
  }
  if (operator.email == null) throw new Problem('no-email');
  const at = desk.clock.now();
  const expiresAt = new Date(at.getTime() + INVITE_MS);
  await tx.em.nativeDelete(OneTimeCode, { operator: operatorId });
  const code = await keepCode(tx, { purpose: 'password', operator: operatorId, at, expiresAt });
  await audit(tx, actor, { at, action: 'invite.created', subject: `operator:${operatorId}` });
  return { code, expiresAt };
}
