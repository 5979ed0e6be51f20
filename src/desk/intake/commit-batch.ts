import type { Problem } from '../../problem.ts';
import type { Tx } from '../../store/write.ts';
import type { Desk } from '../desk.ts';
import { assertFences, type Fence } from '../leases.ts';
import { type ArrivalItem, type ArrivalOutcome, wordsOf } from './arrival-item.ts';
import { resolveLeads } from './leads.ts';
import { routeNewcomers } from './newcomers.ts';
import { placeItems } from './places.ts';
import { findRepeats, nameOf, repeatedInBatch, type Repeats } from './repeats.ts';
import { writeBatch } from './write-batch.ts';

/**
 * Commits what arrived together in one transaction: leads, contacts, seats, decisions, messages, events.
 * Answers one outcome for each item, in order; a Problem refuses its item alone. Raises Fenced when an item is of a bot
 * that somebody else polls by now.
 */
export function commitBatch(desk: Desk, items: ArrivalItem[]): Promise<(ArrivalOutcome | Problem)[]> {
  return desk.store.write(async (tx) => {
    const at = desk.clock.now();
    await assertFences(tx, desk, items.flatMap(fencesOf));
    const repeats = await findRepeats(tx, items, at);
    const firsts = firstOfEachName(items);
    const fresh = items.filter((item) => firsts.get(item) === item && repeats.known(item) === undefined);
    const outcomes = await commitFresh(desk, tx, fresh, at);
    return items.map((item) => outcomeOf(item, firsts.get(item)!, outcomes, repeats));
  });
}

function fencesOf(item: ArrivalItem): Fence[] {
  return item.kind === 'message' && item.arrival.fence ? [item.arrival.fence] : [];
}

async function commitFresh(
  desk: Desk,
  tx: Tx,
  fresh: ArrivalItem[],
  at: Date,
): Promise<Map<ArrivalItem, ArrivalOutcome>> {
  if (fresh.length === 0) return new Map();
  const leads = await resolveLeads(tx, fresh.map(wordsOf), at);
  const placed = await placeItems(tx, { items: fresh, leads, at });
  const routed = await routeNewcomers(desk, tx, placed, at);
  return writeBatch(tx, { placed, routed, newLeads: leads.made, at });
}

/** Of items with the same name only the first counts; each item points to it. */
function firstOfEachName(items: ArrivalItem[]): Map<ArrivalItem, ArrivalItem> {
  const byName = new Map<string, ArrivalItem>();
  return new Map(
    items.map((item) => {
      const name = nameOf(item);
      if (name === null) return [item, item];
      if (!byName.has(name)) byName.set(name, item);
      return [item, byName.get(name)!];
    }),
  );
}

function outcomeOf(
  item: ArrivalItem,
  first: ArrivalItem,
  outcomes: ReadonlyMap<ArrivalItem, ArrivalOutcome>,
  repeats: Repeats,
): ArrivalOutcome | Problem {
  const outcome = outcomes.get(first);
  if (outcome === undefined) return repeats.known(item)!;
  return first === item ? outcome : repeatedInBatch(item, first, outcome);
}
