import type { SourceId } from '../contract/ids.ts';
import type { Operator } from '../contract/operator.ts';
import type { Source } from '../contract/source.ts';
import { StrategyMemory } from '../store/entities/strategy-memory.ts';
import type { Tx } from '../store/write.ts';
import { type Actor, actorLabel } from './actor.ts';
import type { Desk } from './desk.ts';
import { type Rerouting, reroute } from './reroute.ts';

/**
 * Raises the version of the configuration and answers it. It is the first statement of every verb that changes
 * operators, sources or weights: on PostgreSQL the lock of this one row lets such changes pass one by one.
 */
export async function bumpConfiguration(tx: Tx): Promise<number> {
  const [row] = await tx.em.execute<{ version: number }[]>(
    'update configuration set version = version + 1 where id = 1 returning version',
  );
  return row!.version;
}

/**
 * Lets the strategy of a source begin anew, as it has to when weights or the strategy change; called before they do.
 * What others are choosing now is committed before this, or chosen after it: they hold the operators meanwhile.
 */
export async function forgetPicks(tx: Tx, sourceId: SourceId): Promise<void> {
  await tx.sql.routingFacts([sourceId], []);
  await tx.em.nativeDelete(StrategyMemory, { source: sourceId });
}

/**
 * Lets queues move once a change is committed. Not in the same commit: on PostgreSQL everybody locks waiting contacts
 * before operators, and a change of configuration holds its operator already. The change stands whatever comes of it.
 */
export async function moveQueues(desk: Desk, change: Rerouting): Promise<void> {
  const sourceIds = [...change.sources];
  if (sourceIds.length === 0) return;
  try {
    await desk.store.write((tx) => reroute(desk, tx, change));
  } catch (error) {
    desk.log.error({ err: error, sourceIds }, 'a queue could not be moved; it is tried once more');
    desk.drains.soon(sourceIds);
  }
}

/** Notes that an operator is no longer as it was: it is told after the commit. */
export function recordOperator(tx: Tx, actor: Actor, at: Date, operator: Operator): void {
  tx.events.push({ ...untied(actor, at), type: 'operator.updated', sourceId: null, wire: operator });
}

/** Notes that a source, its secret or its weights are no longer as they were: bots load it again. */
export function recordSource(tx: Tx, actor: Actor, at: Date, source: Source): void {
  tx.events.push({ ...untied(actor, at), type: 'source.updated', sourceId: source.id, wire: source });
}

/** The part of an event that speaks of a contact: this one speaks of none. */
function untied(actor: Actor, at: Date) {
  return {
    at,
    contactId: null,
    statusBefore: null,
    statusAfter: null,
    operatorBefore: null,
    operatorAfter: null,
    actor: actorLabel(actor),
    reason: null,
  };
}
