import type { OperatorId } from '../contract/ids.ts';
import { Operator } from '../store/entities/operator.ts';
import { Presence as PresenceRow } from '../store/entities/presence.ts';
import { SYSTEM } from './actor.ts';
import { bumpConfiguration, moveQueues, recordOperator } from './configuration.ts';
import type { Desk } from './desk.ts';
import { operatorView } from './views.ts';

/** Whether an operator has a console open at a gateway. */
export type Presence = { operatorId: OperatorId; gateway: string; isOnline: boolean };

/**
 * Notes it; an operator is online while any gateway has a console of it. On sources that ask for presence it may then
 * get contacts.
 */
export async function setPresence(desk: Desk, { operatorId, gateway, isOnline }: Presence): Promise<void> {
  const known = await desk.store.em().count(PresenceRow, { operator: operatorId, gateway });
  if (known > 0 === isOnline) return;
  const sources = await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    const operator = await tx.em.findOne(Operator, { id: operatorId });
    if (operator === null) return [];
    if (isOnline) await tx.em.upsert(PresenceRow, { operator: operatorId, gateway });
    else await tx.em.nativeDelete(PresenceRow, { operator: operatorId, gateway });
    const consoles = await tx.em.count(PresenceRow, { operator: operatorId });
    if (operator.isOnline === consoles > 0) return [];
    operator.isOnline = consoles > 0;
    await tx.em.flush();
    recordOperator(tx, SYSTEM, desk.clock.now(), operatorView(operator));
    return tx.sql.sourcesOf([operatorId]);
  });
  await moveQueues(desk, { sources });
}
