import type { SqlEntityManager } from '@mikro-orm/sql';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import { SourceOperator } from '../store/entities/source-operator.ts';
import type { Actor } from './actor.ts';
import type { Sight } from './policy.ts';

/** The sources of an operator: those where its weight is above 0. */
export async function sourcesOfOperator(em: SqlEntityManager, operatorId: OperatorId): Promise<SourceId[]> {
  const rows = await em.find(SourceOperator, { operator: operatorId, weight: { $gt: 0 } });
  return rows.map((row) => row.source.id);
}

/** What the actor may look at. */
export async function sightOf(em: SqlEntityManager, actor: Actor): Promise<Sight> {
  if (actor.kind === 'anonymous') return NOTHING;
  if (actor.kind !== 'caller' || actor.role !== 'operator') return { kind: 'all' };
  if (actor.operatorId === null) return NOTHING;
  const { operatorId } = actor;
  return { kind: 'own', operatorId, sourceIds: new Set(await sourcesOfOperator(em, operatorId)) };
}

// No row has this id: an operator's token that acts for nobody sees nothing, nor does who has shown none.
const NOTHING: Sight = { kind: 'own', operatorId: 0 as number as OperatorId, sourceIds: new Set() };
