import type { Operator as OperatorWire, OperatorCreate } from '../contract/operator.ts';
import { Operator } from '../store/entities/operator.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { closeSetup } from './close-setup.ts';
import { keepOperator } from './config-parts.ts';
import { bumpConfiguration, recordOperator } from './configuration.ts';
import type { Desk } from './desk.ts';
import { checkEmail, emailOf } from './find-operator.ts';
import { authorizeAny } from './policy.ts';
import { operatorView } from './views.ts';

/** Adds an operator; without a weight on a source it gets nothing. Throws Problem('forbidden') or Problem('email-taken'). */
export async function createOperator(desk: Desk, actor: Actor, input: OperatorCreate): Promise<OperatorWire> {
  authorizeAny(actor, 'configure');
  return desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    return addOperator(desk, tx, actor, input);
  });
}

/** The same within a change of the configuration. */
export async function addOperator(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  input: OperatorCreate,
): Promise<OperatorWire> {
  const email = emailOf(input.email);
  await checkEmail(tx.em, email, null);
  const at = desk.clock.now();
  const operator = tx.em.create(Operator, {
    name: input.name,
    email,
    role: input.role,
    isActive: input.is_active,
    availability: 'available',
    isOnline: false,
    maxLoad: input.max_load,
    load: 0,
    createdAt: at,
    updatedAt: at,
  });
  await tx.em.flush();
  if (operator.role === 'admin') await closeSetup(tx);
  const view = operatorView(operator);
  await keepOperator(tx, actor, at, operator);
  recordOperator(tx, actor, at, view);
  return view;
}
