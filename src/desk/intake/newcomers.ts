import type { OperatorId, SourceId } from '../../contract/ids.ts';
import type { Tx } from '../../store/write.ts';
import type { Desk } from '../desk.ts';
import { DRAIN_CHUNK, drainQueue } from '../reroute.ts';
import { carryRoster, recallRoster, rememberRoster, type Roster } from '../roster.ts';
import { type DecisionDraft, lineUp, route, type Seeker } from '../route.ts';
import { pairOf, type Place } from './places.ts';

export type Routed = { roster: Roster; drafts: Map<Place, DecisionDraft> };

/**
 * Finds the newcomers their operators, after those who wait already: a newcomer never overtakes an older contact
 * that the same operator could take. Sets their status and operator; null when there are none.
 */
export async function routeNewcomers(
  desk: Desk,
  tx: Tx,
  newcomers: Place[],
  at: Date,
): Promise<Routed | null> {
  if (newcomers.length === 0) {
    carryRoster(tx, desk.rosterMemory);
    return null;
  }
  const sourceIds = [...new Set(newcomers.map((place) => place.sourceId))];
  const withCapacity = await tx.sql.withCapacity(sourceIds);
  const queue = withCapacity.length === 0 ? [] : await tx.sql.lockQueue(withCapacity, DRAIN_CHUNK);
  const roster = await recallRoster(tx, desk.rosterMemory, sourceIds);
  await drainQueue(desk, tx, roster, { queue });

  const isLong = queue.length === DRAIN_CHUNK;
  const lastOperators = await findLastOperators(tx, roster, newcomers);
  const drafts = new Map<Place, DecisionDraft>();
  for (const place of newcomers) {
    const seeker = seekerOf(place, lastOperators);
    const mustLineUp = isLong && withCapacity.includes(place.sourceId);
    const draft = mustLineUp ? lineUp(roster, seeker, at) : route(desk, roster, seeker, at);
    place.operatorId = draft.operatorId;
    place.status = draft.outcome;
    drafts.set(place, draft);
  }
  await roster.writeLoads(tx);
  rememberRoster(tx, desk.rosterMemory, roster);
  return { roster, drafts };
}

function seekerOf(place: Place, lastOperators: ReadonlyMap<string, OperatorId>): Seeker {
  return {
    contactId: place.contactId,
    sourceId: place.sourceId,
    attempt: 0,
    trigger: 'arrival',
    prefer: lastOperators.get(pairOf(place.lead.id, place.sourceId)) ?? null,
    except: null,
  };
}

async function findLastOperators(
  tx: Tx,
  roster: Roster,
  newcomers: Place[],
): Promise<Map<string, OperatorId>> {
  const isReturning = (id: SourceId): boolean => roster.source(id)?.returnPolicy === 'prefer_last';
  const pairs = newcomers
    .filter((place) => isReturning(place.sourceId))
    .map((place) => ({ leadId: place.lead.id, sourceId: place.sourceId }));
  if (pairs.length === 0) return new Map();
  const rows = await tx.sql.lastOperators(pairs);
  return new Map(rows.map((row) => [pairOf(row.leadId, row.sourceId), row.operatorId]));
}
