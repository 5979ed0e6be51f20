import type { OperatorId } from '../contract/ids.ts';
import type { HandOver, HandOverPlan } from '../contract/operator.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { moveQueues } from './configuration.ts';
import type { Desk } from './desk.ts';
import { findOperator } from './find-operator.ts';
import { checkPlan, handOverHeld } from './hand-over.ts';
import { authorizeAny } from './policy.ts';

/** Ends a rehearsal: the transaction is rolled back, and only what came out is left. */
class Rehearsed extends Error {
  readonly plan: HandOverPlan;

  constructor(plan: HandOverPlan) {
    super('a rehearsal is over');
    this.plan = plan;
  }
}

/**
 * Gives the open contacts of an operator to others, who gets what by the rule of each source, and answers that; the
 * operator stays as it is. With `dry_run` everything is done as in earnest and undone.
 * Throws Problem('plan-changed') where something else comes out than `plan` says, Problem('forbidden') or
 * Problem('not-found').
 */
export async function handOverContacts(
  desk: Desk,
  actor: Actor,
  id: OperatorId,
  input: HandOver,
): Promise<HandOverPlan> {
  authorizeAny(actor, 'operator.hand-over');
  try {
    const { done, sources } = await desk.store.write(async (tx) => {
      await findOperator(tx.em, id);
      const leave = { operatorId: id, actor, reason: 'handed-over' as const, sourceIds: null };
      const plan = await handOverHeld(desk, tx, leave);
      checkPlan(input.plan, plan);
      if (input.dry_run) throw new Rehearsed(plan);
      const change = { subject: `operator:${id}`, after: { contacts: plan.moves.length } };
      await audit(tx, actor, { at: desk.clock.now(), action: 'operator.handed-over', ...change });
      return { done: plan, sources: plan.moves.length === 0 ? [] : await tx.sql.sourcesOf([id]) };
    });
    // Its seats are free for others who wait.
    await moveQueues(desk, { sources });
    return done;
  } catch (error) {
    if (error instanceof Rehearsed) return error.plan;
    throw error;
  }
}
