import type { FilterQuery } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { OperatorId } from '../contract/ids.ts';
import type { OperatorLoad, OperatorQuery, OperatorView } from '../contract/operator.ts';
import type { Page } from '../contract/page.ts';
import { Problem } from '../problem.ts';
import { Operator } from '../store/entities/operator.ts';
import { SourceOperator } from '../store/entities/source-operator.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { findOperator } from './find-operator.ts';
import { pageById, readIdCursor } from './page.ts';
import { authorize, type Sight } from './policy.ts';
import { sightOf } from './sight.ts';
import { containsText } from './text-search.ts';
import { colleagueView, operatorView } from './views.ts';

/** The operators that the actor sees, by id. Throws Problem('forbidden') or Problem('invalid'). */
export async function listOperators(
  desk: Desk,
  actor: Actor,
  query: OperatorQuery,
): Promise<Page<OperatorView>> {
  authorize(actor, 'operator.see');
  const em = desk.store.em();
  const sight = await sightOf(em, actor);
  const filters = [await inView(em, sight), ...asked(query, sight)];
  const rows = await em.find(Operator, { $and: filters }, { orderBy: { id: 'asc' }, limit: query.limit + 1 });
  return pageById(rows, query.limit, (row) => viewFor(sight, row));
}

/** One operator. Throws Problem('not-found'), also for one that the actor may not see. */
export async function getOperator(desk: Desk, actor: Actor, id: OperatorId): Promise<OperatorView> {
  const { sight, operator } = await seenOperator(desk, actor, id);
  return viewFor(sight, operator);
}

/** How many contacts an operator has of how many it may have. Throws Problem('not-found') like `getOperator`. */
export async function operatorLoad(desk: Desk, actor: Actor, id: OperatorId): Promise<OperatorLoad> {
  const { operator } = await seenOperator(desk, actor, id);
  const { load, maxLoad } = operator;
  return {
    operator_id: operator.id,
    load,
    max_load: maxLoad,
    free: Math.max(0, maxLoad - load),
    load_percentage: loadPercentage(load, maxLoad),
    is_full: load >= maxLoad,
  };
}

/** 100 · load / cap with one decimal; whoever may hold nothing is full. */
export function loadPercentage(load: number, maxLoad: number): number {
  return maxLoad === 0 ? 100 : Math.round((1000 * load) / maxLoad) / 10;
}

async function seenOperator(
  desk: Desk,
  actor: Actor,
  id: OperatorId,
): Promise<{ sight: Sight; operator: Operator }> {
  authorize(actor, 'operator.see');
  const em = desk.store.em();
  const sight = await sightOf(em, actor);
  const operator = await findOperator(em, id);
  const isSeen = sight.kind === 'all' || (await colleaguesOf(em, sight)).has(id);
  if (!isSeen) throw new Problem('not-found', { detail: `There is no operator ${id}.` });
  return { sight, operator };
}

/** The operator itself and whoever has a weight above 0 on one of its sources. */
async function colleaguesOf(
  em: SqlEntityManager,
  sight: Extract<Sight, { kind: 'own' }>,
): Promise<Set<OperatorId>> {
  const shared = { source: { $in: [...sight.sourceIds] }, weight: { $gt: 0 } };
  const rows = sight.sourceIds.size === 0 ? [] : await em.find(SourceOperator, shared);
  return new Set([sight.operatorId, ...rows.map((row) => row.operator.id)]);
}

async function inView(em: SqlEntityManager, sight: Sight): Promise<FilterQuery<Operator>> {
  if (sight.kind === 'all') return {};
  return { id: { $in: [...(await colleaguesOf(em, sight))] } };
}

function asked(query: OperatorQuery, sight: Sight): FilterQuery<Operator>[] {
  const filters: FilterQuery<Operator>[] = [];
  const end = readIdCursor<OperatorId>(query.cursor);
  if (end !== null) filters.push({ id: { $gt: end } });
  if (query.is_active !== undefined) filters.push({ isActive: query.is_active });
  if (query.q !== undefined && query.q.trim() !== '') filters.push(matching(query.q, sight));
  return filters;
}

/** Colleagues are not found by their address: an operator does not see it. */
function matching(q: string, sight: Sight): FilterQuery<Operator> {
  return containsText(sight.kind === 'all' ? ['name', 'email'] : ['name'], q);
}

function viewFor(sight: Sight, operator: Operator): OperatorView {
  const isFull = sight.kind === 'all' || sight.operatorId === operator.id;
  return isFull ? operatorView(operator) : colleagueView(operator);
}
