import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContactId, SourceId } from '../contract/ids.ts';
import { SIMULATION_LIMITS } from '../contract/simulate.ts';
import { invalid } from '../problem.ts';
import { percentile } from '../routing/percentile.ts';
import type { SimulatedContact } from '../routing/simulated-floor.ts';
import { sortInSteps } from '../routing/sort-in-steps.ts';
import { millis } from '../store/postgresql-rows.ts';
import type { Desk } from './desk.ts';
import { inSlices } from './simulate-slices.ts';

const CHUNK = 500;

/** Milliseconds since 1970. */
export type Span = { from: number; to: number };

/** `handling` in milliseconds; null where it is not known. */
type Past = { sourceId: SourceId; at: number; handling: number | null };

/** Contacts as they came; `imputed` of them take the median of the others for their handling time, in milliseconds. */
export type History = { past: readonly Past[]; imputed: number; median: number | null };

/**
 * Reads the contacts of these sources that were created in a time. A handling time goes from the last assignment to the
 * close. Throws Problem('invalid') when there are too many.
 */
export async function readHistory(
  desk: Desk,
  sourceIds: ReadonlySet<SourceId>,
  span: Span,
): Promise<History> {
  const past: Past[] = [];
  const known: number[] = [];
  for await (const rows of chunks(desk, span)) {
    for (const row of rows) {
      const sourceId = Number(row.source_id) as SourceId;
      if (!sourceIds.has(sourceId)) continue;
      past.push({ sourceId, at: Math.round(row.at) - span.from, handling: row.handling });
      if (row.handling !== null) known.push(row.handling);
    }
    if (past.length > SIMULATION_LIMITS.contacts)
      throw invalid('from', `more than ${SIMULATION_LIMITS.contacts} contacts were created in this time`);
  }
  const median = percentile(await inSlices(sortInSteps(new Float64Array(known))), 0.5);
  return { past, imputed: past.length - known.length, median };
}

/** The same contacts once more, in the order of time. Where no handling time is known at all, none of them ends. */
export function* comeAgain({ past, median }: History): Generator<SimulatedContact, void> {
  for (const { sourceId, at, handling } of past)
    yield { sourceId, at, handling: handling ?? median ?? Infinity };
}

/** `created_at` as the database tells it: it goes back as it came, with all of its digits. */
type Row = {
  id: ContactId | string;
  source_id: SourceId | string;
  created_at: number | string;
  at: number;
  handling: number | null;
};

/** By the index over `created_at`, whatever the source: for a rare source, one statement could read the whole table. */
async function* chunks(desk: Desk, { from, to }: Span): AsyncGenerator<Row[], void> {
  const inMillis = desk.store.dialect === 'sqlite' ? String : millis;
  const handling = `case when status = 'closed' and closed_at >= assigned_at
                         then ${inMillis('(closed_at - assigned_at)')} end`;
  const columns = `id, source_id, created_at, ${inMillis('created_at')} as at, ${handling} as handling`;
  let after = 'created_at >= ?';
  let place: unknown[] = [new Date(from)];
  for (;;) {
    const rows = await desk.store
      .em()
      .execute<Row[]>(
        `select ${columns} from contact where ${after} and created_at < ? order by created_at, id limit ${CHUNK}`,
        [...place, new Date(to)],
      );
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < CHUNK) return;
    after = '(created_at, id) > (?, ?)';
    place = [last.created_at, last.id];
    await nextTurn();
  }
}
