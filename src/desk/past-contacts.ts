import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContactId, SourceId } from '../contract/ids.ts';
import type { Desk } from './desk.ts';

const CHUNK = 500;

/** Half-open. */
export type PastSpan = { from: Date; to: Date };

/** `created_at` as the database tells it: it goes back as it came, with all of its digits. */
export type PastRow = { id: ContactId | string; source_id: SourceId | string; created_at: number | string };

/** What to read of a contact: its own columns, and what is joined to a page of them, `p`, in what order. */
export type Reading = { columns: string; joined?: { columns: string; join: string; order: string } };

/**
 * The contacts that were created in a time, oldest first, in chunks between which others have their turn. By the index
 * over `created_at`, whatever the source: for a rare source, one statement could read the whole table.
 */
export async function* pastContacts<Row extends PastRow>(
  desk: Desk,
  { from, to }: PastSpan,
  { columns, joined }: Reading,
): AsyncGenerator<Row[], void> {
  let after = 'created_at >= ?';
  let place: unknown[] = [from];
  for (;;) {
    const page = `select id, source_id, created_at, ${columns} from contact
                   where ${after} and created_at < ? order by created_at, id limit ${CHUNK}`;
    const sql =
      joined === undefined
        ? page
        : `select p.*, ${joined.columns} from (${page}) p ${joined.join} order by p.created_at, p.id, ${joined.order}`;
    const rows = await desk.store.em().execute<Row[]>(sql, [...place, to]);
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < CHUNK) return;
    after = '(created_at, id) > (?, ?)';
    place = [last.created_at, last.id];
    await nextTurn();
  }
}
