import type { OperatorId } from '../contract/ids.ts';
import type { Operator as OperatorWire, OperatorUpdate } from '../contract/operator.ts';
import { Problem } from '../problem.ts';
import type { Operator } from '../store/entities/operator.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { bumpConfiguration, holdQueues, recordOperator } from './configuration.ts';
import type { Desk } from './desk.ts';
import { checkEmail, emailOf, findOperator } from './find-operator.ts';
import { getOperator } from './operators.ts';
import { authorize, reachOf } from './policy.ts';
import { lockHeld, requeueHeld } from './requeue.ts';
import { reroute } from './reroute.ts';
import { forgetTokens } from './token-cache.ts';
import { operatorView } from './views.ts';

/**
 * Changes an operator. A cap below the load takes nothing away; a deactivated one keeps its contacts unless
 * `open_contacts` is `requeue`. What the change lets move moves in the same commit.
 * Throws Problem('forbidden'), Problem('not-found') or Problem('email-taken').
 */
export async function updateOperator(
  desk: Desk,
  actor: Actor,
  id: OperatorId,
  input: OperatorUpdate,
): Promise<OperatorWire> {
  await checkMayChange(desk, actor, id, input);
  return desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    const operator = await findOperator(tx.em, id);
    if (input.email !== undefined) await checkEmail(tx.em, emailOf(input.email), id);
    const isRequeued = input.open_contacts === 'requeue';
    if (isRequeued) await lockHeld(tx, id);
    const sources = await tx.sql.sourcesOf([id]);
    await holdQueues(tx, sources);
    applyUpdate(operator, input);
    operator.updatedAt = desk.clock.now();
    await tx.em.flush();
    const freed = isRequeued ? await requeueHeld(desk, tx, actor, id) : null;
    // Its role or its right to act may have changed.
    tx.afterCommit(() => forgetTokens(desk));
    await reroute(desk, tx, { ...freed, sources: [...sources, ...(freed?.sources ?? [])] });
    return tellOperator(desk, tx, actor, operator);
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
  if (actor.kind === 'token' && actor.operatorId === id) return;
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

/** Tells an operator as it stands once the queues have moved. */
export async function tellOperator(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  operator: Operator,
): Promise<OperatorWire> {
  await tx.em.refresh(operator);
  const view = operatorView(operator);
  recordOperator(tx, actor, desk.clock.now(), view);
  return view;
}
