import type { OperatorId } from '../contract/ids.ts';
import { invalid, Problem } from '../problem.ts';
import { Operator } from '../store/entities/operator.ts';
import { SourceOperator } from '../store/entities/source-operator.ts';
import type { Tx } from '../store/write.ts';
import { type Actor, operatorIdOf } from './actor.ts';
import type { LoadedContact } from './find-contact.ts';
import { type ContactAction, reachOf } from './policy.ts';

/**
 * Whether the actor may give the contact to this operator by hand. Supervisors and admins may choose anybody who is
 * active; operators themselves, and colleagues who serve the source and are available.
 * Throws Problem('operator-inactive'), Problem('forbidden'), or Problem('invalid') for an unknown operator. Operators are
 * told nothing of who does not serve the source, not even whether there is such a one.
 */
export async function checkTarget(
  tx: Tx,
  actor: Actor,
  contact: LoadedContact,
  { to, action }: { to: OperatorId; action: ContactAction },
): Promise<void> {
  const isFree = reachOf(actor, action) === 'any' || operatorIdOf(actor) === to;
  if (!isFree) await checkServes(tx, contact, to);
  const operator = await tx.em.findOne(Operator, to);
  if (operator === null) throw invalid('operator_id', `there is no operator ${to}`);
  if (!operator.isActive) throw new Problem('operator-inactive');
  if (!isFree && operator.availability !== 'available')
    throw new Problem('forbidden', { detail: 'The operator takes nothing new now.' });
}

async function checkServes(tx: Tx, contact: LoadedContact, to: OperatorId): Promise<void> {
  const weight = await tx.em.findOne(SourceOperator, { source: contact.source.id, operator: to });
  if ((weight?.weight ?? 0) === 0)
    throw new Problem('forbidden', { detail: 'The operator does not serve this source.' });
}
