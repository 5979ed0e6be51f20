import type { SourceId } from '../contract/ids.ts';
import type { QueueStats } from '../contract/stats.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { authorizeAny } from './policy.ts';

type Row = { id: number | string; waiting: number | string; oldest_at: number | string | null };

/** How many contacts wait on each source, and since when the oldest does; by source id. Throws Problem('forbidden'). */
export async function queueStats(desk: Desk, actor: Actor): Promise<QueueStats> {
  authorizeAny(actor, 'stats.see');
  const rows = await desk.store.em().execute<Row[]>(
    `select s.id, count(c.id) as waiting, min(c.created_at) as oldest_at
       from source s left join contact c on c.source_id = s.id and c.status = 'waiting'
      group by s.id order by s.id`,
  );
  return {
    items: rows.map((row) => ({
      source_id: Number(row.id) as SourceId,
      waiting: Number(row.waiting),
      oldest_at: row.oldest_at === null ? null : new Date(row.oldest_at).toISOString(),
    })),
  };
}
