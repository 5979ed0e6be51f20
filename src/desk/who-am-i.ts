import type { Role } from '../contract/access.ts';
import type { Operator as OperatorWire } from '../contract/operator.ts';
import { Problem } from '../problem.ts';
import { Operator } from '../store/entities/operator.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { operatorView } from './views.ts';

/**
 * Who the actor is; `operator` is null when it acts for nobody. Throws Problem('forbidden') for whoever may only
 * create contacts.
 */
export async function whoAmI(
  desk: Desk,
  actor: Actor,
): Promise<{ operator: OperatorWire | null; role: Role }> {
  if (actor.kind !== 'caller' || actor.scope === 'ingest') throw new Problem('forbidden');
  if (actor.operatorId === null) return { operator: null, role: actor.role };
  const operator = await desk.store.em().findOne(Operator, { id: actor.operatorId });
  return { operator: operator === null ? null : operatorView(operator), role: actor.role };
}
