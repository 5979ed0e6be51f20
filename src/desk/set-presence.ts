import type { OperatorId } from '../contract/ids.ts';
import { Operator } from '../store/entities/operator.ts';
import type { Actor } from './actor.ts';
import { bumpConfiguration, moveQueues, recordOperator } from './configuration.ts';
import type { Desk } from './desk.ts';
import { operatorView } from './views.ts';

const SYSTEM: Actor = { kind: 'system' };

/** Notes whether an operator has a console open; on sources that ask for presence it may then get contacts. */
export async function setPresence(desk: Desk, operatorId: OperatorId, online: boolean): Promise<void> {
  const known = await desk.store.em().findOne(Operator, { id: operatorId });
  if (known === null || known.isOnline === online) return;
  const sources = await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    const operator = await tx.em.findOne(Operator, { id: operatorId });
    if (operator === null) return [];
    operator.isOnline = online;
    await tx.em.flush();
    recordOperator(tx, SYSTEM, desk.clock.now(), operatorView(operator));
    return tx.sql.sourcesOf([operatorId]);
  });
  await moveQueues(desk, { sources });
}
