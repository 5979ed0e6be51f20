import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { Bucket, Summary, SummaryQuery } from '../contract/stats.ts';
import { Operator } from '../store/entities/operator.ts';
import { Source } from '../store/entities/source.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { authorizeAny } from './policy.ts';
import { postgresFigures } from './stats-figures-postgresql.ts';
import { sqliteFigures } from './stats-figures-sqlite.ts';

export type Figures = Summary['total'];
export type Span = { from: string; to: string; bucket: Bucket };
export type SummaryFigures = Pick<Summary, 'total' | 'buckets'> & {
  sources: Map<SourceId, Figures>;
  operators: Map<OperatorId, Figures>;
};

const DEFAULT_SPAN_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Volumes and times of the contacts created in a period: in all, per source and operator that has some, and per bucket
 * of their creation (in UTC; empty ones are left out). Throws Problem('forbidden').
 */
export async function summary(desk: Desk, actor: Actor, query: SummaryQuery): Promise<Summary> {
  authorizeAny(actor, 'stats.see');
  const to = query.to ?? desk.clock.now().toISOString();
  const from = query.from ?? new Date(Date.parse(to) - DEFAULT_SPAN_MS).toISOString();
  const span = { from, to, bucket: query.bucket };
  const em = desk.store.em();
  const read = desk.store.dialect === 'sqlite' ? sqliteFigures : postgresFigures;
  const { total, buckets, sources, operators } = await read(em, span);
  const sourceRows = await em.find(Source, { id: { $in: [...sources.keys()] } }, { orderBy: { id: 'asc' } });
  const operatorRows = await em.find(
    Operator,
    { id: { $in: [...operators.keys()] } },
    { orderBy: { id: 'asc' } },
  );
  return {
    from,
    to,
    total,
    buckets,
    sources: sourceRows.map(({ id, code }) => ({ source_id: id, source_code: code, ...sources.get(id)! })),
    operators: operatorRows.map(({ id, name }) => ({
      operator_id: id,
      operator_name: name,
      ...operators.get(id)!,
    })),
  };
}
