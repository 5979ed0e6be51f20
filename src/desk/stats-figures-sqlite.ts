import type { SqlEntityManager } from '@mikro-orm/sql';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { Bucket, Summary } from '../contract/stats.ts';
import { createdWithin } from './stats-period.ts';
import type { Figures, Span, SummaryFigures } from './stats-summary.ts';

/** One contact; times in milliseconds since 1970. */
type Row = {
  source_id: SourceId;
  operator_id: OperatorId | null;
  status: string;
  created_at: number;
  closed_at: number | null;
  replied_at: number | null;
};

/** The figures of a summary on SQLite, which has no percentiles: one pass over the contacts of the period. */
export async function sqliteFigures(em: SqlEntityManager, span: Span): Promise<SummaryFigures> {
  const rows = await readContacts(em, span);
  const owned = rows.filter((row) => row.operator_id !== null);
  return {
    total: figuresOf(rows),
    buckets: bucketsOf(rows, span.bucket),
    sources: mapValues(
      Map.groupBy(rows, (row) => row.source_id),
      figuresOf,
    ),
    operators: mapValues(
      Map.groupBy(owned, (row) => row.operator_id!),
      figuresOf,
    ),
  };
}

function readContacts(em: SqlEntityManager, span: Span): Promise<Row[]> {
  const period = createdWithin(span);
  return em.execute<Row[]>(
    `select source_id, operator_id, status, created_at, closed_at,
            (select min(m.created_at) from message m
              where m.contact_id = contact.id and m.author = 'operator') as replied_at
       from contact where ${period.sql}`,
    period.params,
  );
}

function figuresOf(rows: Row[]): Figures {
  const closed = rows.filter((row) => row.status === 'closed');
  const replied = rows.filter((row) => row.replied_at !== null);
  return {
    total: rows.length,
    closed: closed.length,
    first_reply_seconds: durationsOf(replied.map((row) => row.replied_at! - row.created_at)),
    resolution_seconds: durationsOf(closed.map((row) => row.closed_at! - row.created_at)),
  };
}

function durationsOf(millis: number[]): Figures['first_reply_seconds'] {
  const sorted = millis.toSorted((a, b) => a - b);
  return { count: sorted.length, median: percentile(sorted, 0.5), p90: percentile(sorted, 0.9) };
}

/** As `percentile_cont` of the SQL standard: between two values it takes the line from one to the other. */
function percentile(sorted: number[], part: number): number | null {
  const place = part * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) return null;
  return Math.round(below + (above - below) * (place - Math.floor(place))) / 1000;
}

function bucketsOf(rows: Row[], bucket: Bucket): Summary['buckets'] {
  const groups = Map.groupBy(rows, (row) => bucketStart(row.created_at, bucket));
  return [...groups]
    .toSorted(([a], [b]) => a - b)
    .map(([at, members]) => ({
      at: new Date(at).toISOString(),
      created: members.length,
      closed: members.filter((row) => row.status === 'closed').length,
    }));
}

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

function bucketStart(at: number, bucket: Bucket): number {
  switch (bucket) {
    case 'hour':
      return at - (at % HOUR_MS);
    case 'day':
      return at - (at % DAY_MS);
    case 'week': {
      // Weeks begin on Monday (ISO 8601); 1970 began on a Thursday.
      const day = Math.floor(at / DAY_MS);
      return (day - ((day + 3) % 7)) * DAY_MS;
    }
    case 'month': {
      const date = new Date(at);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    }
  }
}

function mapValues<K, V, R>(map: Map<K, V>, change: (value: V) => R): Map<K, R> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
