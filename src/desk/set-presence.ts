import type { OperatorId } from '../contract/ids.ts';
import { Operator } from '../store/entities/operator.ts';
import type { Actor } from './actor.ts';
import { bumpConfiguration, holdQueues } from './configuration.ts';
import type { Desk } from './desk.ts';
import { reroute } from './reroute.ts';
import { tellOperator } from './update-operator.ts';

const SYSTEM: Actor = { kind: 'system' };

/** Notes whether an operator has a console open; on sources that ask for presence it may then get contacts. */
export async function setPresence(desk: Desk, operatorId: OperatorId, online: boolean): Promise<void> {
  const known = await desk.store.em().findOne(Operator, { id: operatorId });
  if (known === null || known.isOnline === online) return;
  await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    const operator = await tx.em.findOne(Operator, { id: operatorId });
    if (operator === null || operator.isOnline === online) return;
    const sources = await tx.sql.sourcesOf([operatorId]);
    await holdQueues(tx, sources);
    operator.isOnline = online;
    await tx.em.flush();
    await reroute(desk, tx, { sources });
    await tellOperator(desk, tx, SYSTEM, operator);
  });
}
