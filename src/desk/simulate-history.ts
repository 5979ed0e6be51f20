import type { SourceId } from '../contract/ids.ts';
import { SIMULATION_LIMITS } from '../contract/simulate.ts';
import { invalid } from '../problem.ts';
import { percentile } from '../routing/percentile.ts';
import type { SimulatedContact } from '../routing/simulated-floor.ts';
import { sortInSteps } from '../routing/sort-in-steps.ts';
import { millis } from '../store/postgresql-rows.ts';
import type { Desk } from './desk.ts';
import { pastContacts, type PastRow, type Reading } from './past-contacts.ts';
import { inSlices } from './slices.ts';

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
  const asked = { from: new Date(span.from), to: new Date(span.to) };
  for await (const rows of pastContacts<Row>(desk, asked, readingOf(desk))) {
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

type Row = PastRow & { at: number; handling: number | null };

function readingOf({ store }: Desk): Reading {
  const inMillis = store.dialect === 'sqlite' ? String : millis;
  const handling = `case when status = 'closed' and closed_at >= assigned_at
                         then ${inMillis('(closed_at - assigned_at)')} end`;
  return { columns: `${inMillis('created_at')} as at, ${handling} as handling` };
}
