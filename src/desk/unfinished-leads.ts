import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LeadId } from '../contract/ids.ts';
import type { Desk } from './desk.ts';

/** How many leads one look passes over: it is a statement, and on SQLite the event loop waits for it. */
const SLICE = 10_000;

/** Leads that were erased and have contacts that were not erased since. */
export async function* unfinishedLeads(desk: Desk): AsyncGenerator<LeadId> {
  const em = desk.store.em();
  const [newest] = await em.execute<{ id: number | string | null }[]>('select max(id) as id from lead');
  for (let after = 0; after < Number(newest?.id ?? 0); after += SLICE) {
    const rows = await em.execute<{ id: number | string }[]>(
      `select l.id from lead l where l.id > ? and l.id <= ? and l.erased_at is not null and exists (
          select 1 from contact c where c.lead_id = l.id and (c.erased_at is null or c.erased_at <= l.erased_at))`,
      [after, after + SLICE],
    );
    for (const { id } of rows) yield Number(id) as LeadId;
    await nextTurn();
  }
}
