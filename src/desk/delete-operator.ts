import type { OperatorId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { Contact } from '../store/entities/contact.ts';
import { SourceOperator } from '../store/entities/source-operator.ts';
import { isForeignKeyViolation } from '../store/faults.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { keepGone, keepWeights } from './config-parts.ts';
import { bumpConfiguration, recordOperator } from './configuration.ts';
import { endCredentials } from './credential-cache.ts';
import type { Desk } from './desk.ts';
import { findOperator } from './find-operator.ts';
import { authorizeAny } from './policy.ts';
import { operatorView } from './views.ts';

/**
 * Deletes an operator with its weights and tokens. Throws Problem('operator-in-use') while any contact names it,
 * Problem('forbidden') or Problem('not-found').
 */
export async function deleteOperator(desk: Desk, actor: Actor, id: OperatorId): Promise<void> {
  authorizeAny(actor, 'configure');
  try {
    await desk.store.write((tx) => removeOperator(desk, tx, actor, id));
  } catch (error) {
    // On PostgreSQL a contact may get the operator between the look and the deletion.
    if (isForeignKeyViolation(error)) throw new Problem('operator-in-use', {}, { cause: error });
    throw error;
  }
}

async function removeOperator(desk: Desk, tx: Tx, actor: Actor, id: OperatorId): Promise<void> {
  await bumpConfiguration(tx);
  const operator = await findOperator(tx.em, id);
  const named = await tx.em.findOne(Contact, { operator: id }, { fields: ['id'] });
  if (named !== null) throw new Problem('operator-in-use');
  // Told as inactive for the last time: its consoles have nothing left to show.
  const at = desk.clock.now();
  recordOperator(tx, actor, at, { ...operatorView(operator), is_active: false });
  const weights = await tx.em.find(SourceOperator, { operator: id });
  tx.em.remove(operator);
  await tx.em.flush();
  await keepGone(tx, actor, at, { kind: 'operator', refId: id });
  for (const { source } of weights) await keepWeights(tx, actor, at, source.id);
  await endCredentials(desk, tx);
}
