import type { SqlEntityManager } from '@mikro-orm/sql';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { Distribution, DistributionQuery } from '../contract/stats.ts';
import { Source } from '../store/entities/source.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { authorizeAny } from './policy.ts';
import { createdWithin } from './stats-period.ts';

type Item = Distribution['items'][number];
type Share = { operatorId: OperatorId; name: string; weight: number; count: number };

/**
 * Who has the contacts of each source that were created in a period, beside what the weights of today promise.
 * Throws Problem('forbidden').
 */
export async function distribution(
  desk: Desk,
  actor: Actor,
  query: DistributionQuery,
): Promise<Distribution> {
  authorizeAny(actor, 'stats.see');
  const em = desk.store.em();
  const only = query.source_id;
  const sources = await em.find(Source, only === undefined ? {} : { id: only }, { orderBy: { id: 'asc' } });
  const shares = await readShares(em, query);
  const unassigned = await countUnassigned(em, query);
  return {
    items: sources.map((source) =>
      itemOf(source, shares.get(source.id) ?? [], unassigned.get(source.id) ?? 0),
    ),
  };
}

function itemOf(source: Source, shares: Share[], unassigned: number): Item {
  const assigned = shares.reduce((sum, share) => sum + share.count, 0);
  const weights = shares.reduce((sum, share) => sum + share.weight, 0);
  return {
    source_id: source.id,
    source_code: source.code,
    total: assigned + unassigned,
    unassigned,
    operators: shares.map(({ operatorId, name, weight, count }) => ({
      operator_id: operatorId,
      operator_name: name,
      weight,
      count,
      share: fraction(count, assigned),
      expected_share: fraction(weight, weights),
    })),
  };
}

function fraction(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

type ShareRow = Record<'source_id' | 'operator_id' | 'weight' | 'count', number | string> & { name: string };

/** Of each source: every operator that has a weight there or a contact of the period, by id. */
async function readShares(em: SqlEntityManager, query: DistributionQuery): Promise<Map<SourceId, Share[]>> {
  const period = createdWithin(query);
  const one = query.source_id === undefined ? [] : [query.source_id];
  const source = one.length === 0 ? 'true' : 'source_id = ?';
  const rows = await em.execute<ShareRow[]>(
    `select t.source_id, t.operator_id, o.name, sum(t.weight) as weight, sum(t.count) as count
       from (select source_id, operator_id, weight, 0 as count from source_operator where ${source}
             union all
             select source_id, operator_id, 0 as weight, count(*) as count from contact
              where operator_id is not null and ${source} and ${period.sql}
              group by source_id, operator_id) t
       join operator o on o.id = t.operator_id
      group by t.source_id, t.operator_id, o.name order by t.source_id, t.operator_id`,
    [...one, ...one, ...period.params],
  );
  const shares = rows.map((row) => ({
    sourceId: Number(row.source_id) as SourceId,
    operatorId: Number(row.operator_id) as OperatorId,
    name: row.name,
    weight: Number(row.weight),
    count: Number(row.count),
  }));
  return Map.groupBy(shares, (share) => share.sourceId);
}

async function countUnassigned(
  em: SqlEntityManager,
  query: DistributionQuery,
): Promise<Map<SourceId, number>> {
  const period = createdWithin(query);
  const rows = await em.execute<{ source_id: number | string; count: number | string }[]>(
    `select source_id, count(*) as count from contact
      where operator_id is null and ${period.sql} group by source_id`,
    period.params,
  );
  return new Map(rows.map((row) => [Number(row.source_id) as SourceId, Number(row.count)]));
}
