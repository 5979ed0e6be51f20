import type { OperatorId } from '../contract/ids.ts';
import type { OperatorWeight, OperatorWeightSet } from '../contract/operator.ts';
import type { Actor } from './actor.ts';
import { bumpConfiguration, moveQueues } from './configuration.ts';
import type { Desk } from './desk.ts';
import { findOperator } from './find-operator.ts';
import { findSource } from './find-source.ts';
import { authorizeAny } from './policy.ts';
import { putWeights } from './source-weights.ts';

/**
 * Sets an operator's weight on one source; the other operators of that source stay as they are.
 * Throws Problem('forbidden'), or Problem('not-found') for an unknown operator or source.
 */
export async function setOperatorWeight(
  desk: Desk,
  actor: Actor,
  id: OperatorId,
  input: OperatorWeight,
): Promise<OperatorWeightSet> {
  authorizeAny(actor, 'configure');
  const set = await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    await findOperator(tx.em, id);
    const source = await findSource(tx.em, String(input.source_id));
    const weights = [{ operator_id: id, weight: input.weight }];
    await putWeights(desk, tx, actor, { source, weights, replaced: 'named' });
    return { operator_id: id, source_id: source.id, weight: input.weight };
  });
  await moveQueues(desk, { sources: [set.source_id] });
  return set;
}
