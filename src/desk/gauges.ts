import type { SourceId } from '../contract/ids.ts';
import type { Desk } from './desk.ts';

/** What the database holds and somebody has to deal with. */
export type Stock = {
  queues: { sourceId: SourceId; waiting: number; oldestSeconds: number }[];
  deliveries: Record<OpenDelivery, number>;
  deadLetters: number;
};

/** Deliveries that are not over, or ended so that a person has to look. */
type OpenDelivery = 'queued' | 'sending' | 'failed' | 'uncertain';

/** Counts it; each figure comes from an index over what is open alone, however much is done and kept. */
export async function takeStock(desk: Desk): Promise<Stock> {
  return {
    queues: await readQueues(desk),
    deliveries: await countDeliveries(desk),
    deadLetters: await countDeadLetters(desk),
  };
}

type QueueRow = { id: number | string; waiting: number | string; oldest_at: number | string | null };

async function readQueues(desk: Desk): Promise<Stock['queues']> {
  const now = desk.clock.now().getTime();
  // One look into the queue's own index for each source and figure: joined and grouped, all that waits would be sorted.
  const rows = await desk.store.em().execute<QueueRow[]>(
    `select s.id,
            (select count(*) from contact c where c.source_id = s.id and c.status = 'waiting') as waiting,
            (select min(c.created_at) from contact c where c.source_id = s.id and c.status = 'waiting') as oldest_at
       from source s order by s.id`,
  );
  return rows.map((row) => ({
    sourceId: Number(row.id) as SourceId,
    waiting: Number(row.waiting),
    // A gateway whose clock is ahead may have written it.
    oldestSeconds: row.oldest_at === null ? 0 : Math.max(0, now - new Date(row.oldest_at).getTime()) / 1000,
  }));
}

async function countDeliveries(desk: Desk): Promise<Stock['deliveries']> {
  const em = desk.store.em();
  const counted: Stock['deliveries'] = { queued: 0, sending: 0, failed: 0, uncertain: 0 };
  // Each in the words of a partial index: SQLite takes one only when its condition stands in the query.
  for (const states of [`'queued', 'sending'`, `'failed', 'uncertain'`]) {
    const rows = await em.execute<{ status: OpenDelivery; count: number | string }[]>(
      `select status, count(*) as count from delivery where status in (${states}) group by status`,
    );
    for (const { status, count } of rows) counted[status] = Number(count);
  }
  return counted;
}

async function countDeadLetters(desk: Desk): Promise<number> {
  const [row] = await desk.store
    .em()
    .execute<{ count: number | string }[]>('select count(*) as count from dead_letter');
  return Number(row!.count);
}
