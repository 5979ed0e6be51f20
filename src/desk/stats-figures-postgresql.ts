import type { SqlEntityManager } from '@mikro-orm/sql';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { Figures, Span, SummaryFigures } from './stats-summary.ts';
import { createdWithin } from './stats-period.ts';

/** The figures of a summary on PostgreSQL, which sorts and cuts by itself. */
export async function postgresFigures(em: SqlEntityManager, span: Span): Promise<SummaryFigures> {
  const rows = await readGroups(em, span);
  const of = (kind: Group['kind']): Group[] => rows.filter((row) => row.kind === kind && row.key !== null);
  return {
    total: figuresOf(rows.find((row) => row.kind === 'total')!),
    buckets: await readBuckets(em, span),
    sources: new Map(of('source').map((row) => [Number(row.key) as SourceId, figuresOf(row)])),
    operators: new Map(of('operator').map((row) => [Number(row.key) as OperatorId, figuresOf(row)])),
  };
}

type Group = {
  kind: 'total' | 'source' | 'operator';
  key: string | null;
  total: string;
  closed: string;
  replied: string;
  reply_median: number | null;
  reply_p90: number | null;
  resolution_median: number | null;
  resolution_p90: number | null;
};

function readGroups(em: SqlEntityManager, span: Span): Promise<Group[]> {
  const period = createdWithin(span);
  return em.execute<Group[]>(
    `with figure as (
       select c.source_id, c.operator_id, c.status = 'closed' as is_closed,
              extract(epoch from r.at - c.created_at)::float8 as reply,
              case when c.status = 'closed' then extract(epoch from c.closed_at - c.created_at)::float8 end as resolution
         from (select * from contact where ${period.sql}) c
         left join lateral (select min(m.created_at) as at from message m
                             where m.contact_id = c.id and m.author = 'operator') r on true
     )
     select case grouping(source_id, operator_id) when 3 then 'total' when 1 then 'source' else 'operator' end as kind,
            coalesce(source_id, operator_id) as key, count(*) as total, count(*) filter (where is_closed) as closed,
            count(reply) as replied,
            percentile_cont(0.5) within group (order by reply) as reply_median,
            percentile_cont(0.9) within group (order by reply) as reply_p90,
            percentile_cont(0.5) within group (order by resolution) as resolution_median,
            percentile_cont(0.9) within group (order by resolution) as resolution_p90
       from figure group by grouping sets ((), (source_id), (operator_id))`,
    period.params,
  );
}

function figuresOf(row: Group): Figures {
  const closed = Number(row.closed);
  return {
    total: Number(row.total),
    closed,
    first_reply_seconds: {
      count: Number(row.replied),
      median: rounded(row.reply_median),
      p90: rounded(row.reply_p90),
    },
    resolution_seconds: {
      count: closed,
      median: rounded(row.resolution_median),
      p90: rounded(row.resolution_p90),
    },
  };
}

function rounded(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1000) / 1000;
}

async function readBuckets(em: SqlEntityManager, span: Span): Promise<SummaryFigures['buckets']> {
  const period = createdWithin(span);
  const rows = await em.execute<{ at: string; created: string; closed: string }[]>(
    `select extract(epoch from date_trunc(?, created_at at time zone 'UTC'))::float8 * 1000 as at,
            count(*) as created, count(*) filter (where status = 'closed') as closed
       from contact where ${period.sql} group by 1 order by 1`,
    [span.bucket, ...period.params],
  );
  return rows.map((row) => ({
    at: new Date(Number(row.at)).toISOString(),
    created: Number(row.created),
    closed: Number(row.closed),
  }));
}
