import type { OperatorId } from '../contract/ids.ts';
import { Operator } from '../store/entities/operator.ts';
import { Presence as PresenceRow } from '../store/entities/presence.ts';
import type { Tx } from '../store/write.ts';
import { SYSTEM } from './actor.ts';
import { bumpConfiguration, moveQueues, recordOperator } from './configuration.ts';
import type { Desk } from './desk.ts';
import { findOperator } from './find-operator.ts';
import { forgetOffline, leaveOffline } from './leave-offline.ts';
import { NOTHING_REQUEUED, type Requeued, requeueHeld } from './requeue.ts';
import { operatorView } from './views.ts';

/** Whether an operator has a console open at a gateway. */
export type Presence = { operatorId: OperatorId; gateway: string; isOnline: boolean };

/**
 * Notes it; an operator is online while any gateway has a console of it. On sources that ask for presence it may then
 * get contacts. With the last console its contacts go where their sources want them, in the same transaction.
 */
export async function setPresence(desk: Desk, { operatorId, gateway, isOnline }: Presence): Promise<void> {
  const known = await desk.store.em().count(PresenceRow, { operator: operatorId, gateway });
  if (known > 0 === isOnline) return;
  const change = await desk.store.write(async (tx) => {
    // One after the other: of two gateways that lose the operator at once, the second sees that nobody is left.
    await bumpConfiguration(tx);
    const operator = await tx.em.findOne(Operator, { id: operatorId });
    if (operator === null) return NOTHING_REQUEUED;
    if (isOnline) await tx.em.upsert(PresenceRow, { operator: operatorId, gateway });
    else await tx.em.nativeDelete(PresenceRow, { operator: operatorId, gateway });
    const consoles = await tx.em.count(PresenceRow, { operator: operatorId });
    return operator.isOnline === consoles > 0 ? NOTHING_REQUEUED : turn(desk, tx, operator);
  });
  await moveQueues(desk, change);
}

/** Turns an operator who was online offline, and the other way round. */
async function turn(desk: Desk, tx: Tx, operator: Operator): Promise<Requeued> {
  const { id, isOnline: wasOnline } = operator;
  const leave = wasOnline ? await leaveOffline(desk, tx, id) : null;
  if (!wasOnline) await forgetOffline(tx, id);
  operator.isOnline = !wasOnline;
  await tx.em.flush();
  const { sources, entering } = leave === null ? NOTHING_REQUEUED : await requeueHeld(desk, tx, leave);
  recordOperator(tx, SYSTEM, desk.clock.now(), operatorView(await findOperator(tx.em, id)));
  return { sources: [...sources, ...(await tx.sql.sourcesOf([id]))], entering };
}
