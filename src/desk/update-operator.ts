import type { OperatorId } from '../contract/ids.ts';
import type { Operator as OperatorWire, OperatorUpdate } from '../contract/operator.ts';
import { Problem } from '../problem.ts';
import { OneTimeCode } from '../store/entities/one-time-code.ts';
import type { Operator } from '../store/entities/operator.ts';
import type { Tx } from '../store/write.ts';
import { type Actor, operatorIdOf } from './actor.ts';
import { audit } from './audit-log.ts';
import { closeSetup } from './close-setup.ts';
import { keepOperator } from './config-parts.ts';
import { bumpConfiguration, moveQueues, recordOperator } from './configuration.ts';
import type { Desk } from './desk.ts';
import { endSessions } from './end-sessions.ts';
import { checkEmail, emailOf, findOperator } from './find-operator.ts';
import { checkPlan, handOverHeld } from './hand-over.ts';
import { lockHeld } from './leave.ts';
import { getOperator } from './operators.ts';
import { authorize, reachOf } from './policy.ts';
import { NOTHING_REQUEUED, type Requeued, requeueHeld } from './requeue.ts';
import { operatorView } from './views.ts';

/**
 * Changes an operator. A cap below the load takes nothing away; a deactivated one keeps its contacts unless
 * `open_contacts` is `requeue`, or `hand_over`: as `handOverContacts` does, in the same transaction. What the change lets
 * move has moved when this resolves.
 * Throws Problem('forbidden'), Problem('not-found'), Problem('email-taken') or Problem('plan-changed').
 */
export async function updateOperator(
  desk: Desk,
  actor: Actor,
  id: OperatorId,
  input: OperatorUpdate,
): Promise<OperatorWire> {
  await checkMayChange(desk, actor, id, input);
  const change = await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    return changeOperator(desk, tx, actor, { id, input });
  });
  await moveQueues(desk, change);
  return operatorView(await findOperator(desk.store.em(), id));
}

/** The same within a change of the configuration; answers what the caller has to let move. */
export async function changeOperator(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { id, input }: { id: OperatorId; input: OperatorUpdate },
): Promise<Requeued> {
  const operator = await findOperator(tx.em, id);
  if (input.email !== undefined) await checkEmail(tx.em, emailOf(input.email), id);
  const leave = { operatorId: id, actor, reason: 'operator-deactivated' as const, sourceIds: null };
  const isRequeued = input.open_contacts === 'requeue';
  if (isRequeued) await lockHeld(tx, leave);
  if (input.open_contacts === 'hand_over') checkPlan(input.plan, await handOverHeld(desk, tx, leave));
  const mayActOtherwise =
    (input.role ?? operator.role) !== operator.role ||
    (input.is_active ?? operator.isActive) !== operator.isActive;
  const isReached = input.email === undefined || emailOf(input.email) === operator.email;
  await noteSwitch(tx, actor, operator, { at: desk.clock.now(), to: input.availability });
  applyUpdate(operator, input);
  operator.updatedAt = desk.clock.now();
  await tx.em.flush();
  if (operator.role === 'admin') await closeSetup(tx);
  const { sources, entering } = isRequeued ? await requeueHeld(desk, tx, leave) : NOTHING_REQUEUED;
  await tx.em.refresh(operator);
  await keepOperator(tx, actor, operator.updatedAt, operator);
  recordOperator(tx, actor, operator.updatedAt, operatorView(operator));
  const touched = await tx.sql.sourcesOf([id]);
  // Whoever may do something else from now on signs in anew.
  if (mayActOtherwise) await endSessions(desk, tx, id);
  // A link that was sent to the old address may be in wrong hands.
  else if (!isReached) await tx.em.nativeDelete(OneTimeCode, { operator: id });
  return { sources: [...sources, ...touched], entering };
}

/** An operator's own switch is its own matter; turned by somebody else, it takes or gives traffic. */
async function noteSwitch(
  tx: Tx,
  actor: Actor,
  { id, availability }: Operator,
  { at, to }: { at: Date; to: OperatorUpdate['availability'] },
): Promise<void> {
  if (to === undefined || to === availability || operatorIdOf(actor) === id) return;
  const change = { before: { availability }, after: { availability: to } };
  await audit(tx, actor, {
    at,
    action: 'operator.availability-changed',
    subject: `operator:${id}`,
    ...change,
  });
}

/** Everything is for admins; the switch is also its operator's. */
async function checkMayChange(
  desk: Desk,
  actor: Actor,
  id: OperatorId,
  input: OperatorUpdate,
): Promise<void> {
  if (reachOf(actor, 'configure') === 'any') return;
  authorize(actor, 'operator.availability');
  const { availability: _, ...others } = input;
  if (Object.values(others).some((value) => value !== undefined)) throw new Problem('forbidden');
  if (operatorIdOf(actor) === id) return;
  await getOperator(desk, actor, id);
  throw new Problem('forbidden');
}

function applyUpdate(operator: Operator, input: OperatorUpdate): void {
  if (input.name !== undefined) operator.name = input.name;
  if (input.email !== undefined) operator.email = emailOf(input.email);
  if (input.role !== undefined) operator.role = input.role;
  if (input.is_active !== undefined) operator.isActive = input.is_active;
  if (input.max_load !== undefined) operator.maxLoad = input.max_load;
  if (input.availability !== undefined) operator.availability = input.availability;
}
