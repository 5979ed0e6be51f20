import type { ContactId, DecisionId, MessageId, OperatorId, SourceId } from '../../contract/ids.ts';
import { nobody } from '../../routing/candidate.ts';
import type { Tx } from '../../store/write.ts';
import type { Desk } from '../desk.ts';
import { DRAIN_CHUNK, drainQueue, type Entering, goOn, lineUpUnseen, lookAgain } from '../reroute.ts';
import { carryRoster, openRoster, recallRoster, rememberRoster, type Roster } from '../roster.ts';
import { type DecisionDraft, lineUp, offerEnd, route, type Seeker } from '../route.ts';
import { hasWords, newcomersOf, pairOf, type Place, type Placed } from './places.ts';

export type Routed = { roster: Roster; drafts: Map<Place, DecisionDraft>; ids: BatchIds };

/** The ids of the rows that a batch writes besides its contacts. */
export type BatchIds = { message: MessageId[]; decision: DecisionId[] };

/**
 * Finds the newcomers their operators, after those who wait already: a newcomer never overtakes an older contact
 * that the same operator could take. Sets status and operator of every place that changes; null without newcomers.
 */
export async function routeNewcomers(desk: Desk, tx: Tx, placed: Placed[], at: Date): Promise<Routed | null> {
  const newcomers = newcomersOf(placed);
  const comingBack = [...new Set(placed.map(({ place }) => place))].filter(
    (place) => place.reopened !== null,
  );
  if (newcomers.length + comingBack.length === 0) {
    carryRoster(tx, desk.rosterMemory);
    return null;
  }
  const sourceIds = [...new Set([...newcomers, ...comingBack].map((place) => place.sourceId))];
  const counts = {
    contact: newcomers.length,
    message: placed.filter(hasWords).length,
    decision: newcomers.length,
  };
  const { roster: outlook, ids } = await recallRoster(tx, desk.rosterMemory, { sourceIds, counts });
  // Before they are routed, because the draw depends on them.
  newcomers.forEach((place, index) => (place.contactId = ids.contact[index]!));
  const withCapacity = sourceIds.filter((id) => outlook.pool(id).totalWeight > 0);
  const waitedFor = withCapacity.filter((id) => outlook.source(id)!.mayWait);
  const queue = waitedFor.length === 0 ? [] : await tx.sql.lockQueue(waitedFor, DRAIN_CHUNK);
  // What was only read did not come true once, or a strategy rests on it: now it is held, behind the contacts, as
  // everybody locks.
  const roster = tx.isRepeated || outlook.needsHold ? await openRoster(tx, sourceIds) : outlook;
  const entering = enteringOf(roster, comingBack);
  noteGiven(placed, await drainQueue(desk, tx, roster, { queue, entering }));
  const seen = new Set(queue.map(({ id }) => id));
  await lineUpUnseen(desk, tx, roster, new Map([...entering].filter(([id]) => !seen.has(id))));

  // Whoever may wait unseen, behind a full look or beside capacity that has just appeared, goes first.
  const isSeen = (id: SourceId): boolean => {
    const isNobodyUnseen = waitedFor.includes(id) || !roster.source(id)!.mayWait;
    return queue.length < DRAIN_CHUNK && withCapacity.includes(id) && isNobodyUnseen;
  };
  const lastOperators = await findLastOperators(tx, roster, newcomers);
  const drafts = new Map<Place, DecisionDraft>();
  // What has come in the same moment goes by priority as well.
  const priorityOf = (place: Place): number => roster.source(place.sourceId)!.priority;
  for (const place of newcomers.toSorted((a, b) => priorityOf(b) - priorityOf(a))) {
    const seeker = seekerOf(place, lastOperators);
    const draft = isSeen(place.sourceId) ? route(desk, roster, seeker, at) : lineUp(roster, seeker, at);
    place.operatorId = draft.operatorId;
    place.status = draft.outcome;
    if (draft.outcome === 'assigned') place.offerExpiresAt = offerEnd(roster, place.sourceId, at);
    drafts.set(place, draft);
  }
  if (queue.length === DRAIN_CHUNK) goOn(desk, tx, roster);
  const waiting = newcomers.filter((place) => place.status === 'waiting');
  if (waiting.length + comingBack.length > 0) lookAgain(desk, tx, sourceIds);
  await roster.writeMemory(tx);
  rememberRoster(tx, desk.rosterMemory, roster);
  // Decisions are counted in the order in which they were taken: whoever waited, and whoever held the operators before,
  // came first.
  const isNext = queue.length + comingBack.length === 0 && (outlook.isHeld || waitedFor.length === 0);
  const inTime = isNext && roster === outlook ? ids : await tx.sql.reserveIds({ decision: drafts.size });
  return { roster, drafts, ids: { message: ids.message, decision: inTime.decision } };
}

/** Those that are open again, with who should get them where the source returns leads. */
function enteringOf(roster: Roster, comingBack: Place[]): ReadonlyMap<ContactId, Entering> {
  return new Map(
    comingBack.map(({ contactId, sourceId, reopened }) => {
      const isReturned = roster.source(sourceId)!.returnPolicy === 'prefer_last';
      return [contactId, { trigger: 'reopened', prefer: isReturned ? reopened!.from : null }];
    }),
  );
}

/** A contact that a message joins may have been given to somebody by this very batch. */
function noteGiven(placed: Placed[], given: DecisionDraft[]): void {
  const operators = new Map(given.map((draft) => [draft.contactId, draft.operatorId]));
  for (const { place } of placed) {
    const operatorId = operators.get(place.contactId);
    if (place.isNew || operatorId === undefined) continue;
    place.operatorId = operatorId;
    place.status = 'assigned';
  }
}

function seekerOf(place: Place, lastOperators: ReadonlyMap<string, OperatorId>): Seeker {
  return {
    contactId: place.contactId,
    sourceId: place.sourceId,
    attempt: 0,
    trigger: 'arrival',
    prefer: lastOperators.get(pairOf(place.lead.id, place.sourceId)) ?? null,
    except: nobody,
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
