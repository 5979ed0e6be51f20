import type { PassedOver, Trigger } from '../contract/decision.ts';
import type { ContactId, OperatorId, SourceId } from '../contract/ids.ts';
import { type Excluded, nobody } from '../routing/candidate.ts';
import type { QueuedRow } from '../store/dialect.ts';
import { Contact } from '../store/entities/contact.ts';
import type { Tx } from '../store/write.ts';
import type { Desk } from './desk.ts';
import { moveSeats, openRoster, type Roster } from './roster.ts';
import { type DecisionDraft, lineUp, offerEnd, route, type Seeker } from './route.ts';
import { recordMove } from './trail.ts';
import { contactView } from './views.ts';

/**
 * How many waiting contacts one commit looks at; a longer drain goes on in the next one. On SQLite the event loop waits
 * for each.
 */
export const DRAIN_CHUNK = 128;

/** How long routing does not return a contact to the operator that released it. */
export const RELEASE_PAUSE_MS = 10 * 60_000;

export type Entering = { trigger: Trigger; prefer?: OperatorId | null };

export type Rerouting = {
  /** The sources whose queues may move now. */
  sources: Iterable<SourceId>;
  /** Seats that the verb itself frees (below 0) or takes (above 0). */
  loads?: ReadonlyMap<OperatorId, number>;
  /** Contacts that the verb has just put into the queue: each gets a decision, also when it goes on waiting. */
  entering?: ReadonlyMap<ContactId, Entering>;
};

const NOBODY_ENTERS: ReadonlyMap<ContactId, Entering> = new Map();

/**
 * The one place where a verb changes loads. Takes and frees its seats, then gives the oldest waiting contacts of
 * the sources to whoever may take them, in the same transaction. What the verb changed must be flushed before.
 * Throws Problem('operator-inactive') or Problem('operator-full').
 */
export async function reroute(desk: Desk, tx: Tx, change: Rerouting): Promise<void> {
  const { loads = new Map<OperatorId, number>(), entering = NOBODY_ENTERS } = change;
  const sourceIds = [...new Set(change.sources)].sort((a, b) => a - b);
  lookAgain(desk, tx, sourceIds);
  const queue = sourceIds.length === 0 ? [] : await tx.sql.lockQueue(sourceIds, DRAIN_CHUNK);
  if (queue.length === 0 && loads.size === 0) return;
  const roster = await openRoster(tx, queue.length === 0 ? [] : sourceIds, [...loads.keys()]);
  moveSeats(roster, loads);
  await drainQueue(desk, tx, roster, { queue, entering });
  await roster.writeLoads(tx);
  if (queue.length < DRAIN_CHUNK) return;
  const seen = new Set(queue.map((row) => row.id));
  await lineUpUnseen(desk, tx, roster, new Map([...entering].filter(([id]) => !seen.has(id))));
  goOn(desk, tx, roster);
}

/** Contacts that have entered behind everything that was looked at: each gets a decision all the same. */
export async function lineUpUnseen(
  desk: Desk,
  tx: Tx,
  roster: Roster,
  entering: ReadonlyMap<ContactId, Entering>,
): Promise<void> {
  if (entering.size === 0) return;
  const at = desk.clock.now();
  const contacts = await tx.em.find(Contact, { id: { $in: [...entering.keys()] }, status: 'waiting' });
  const drafts = contacts.map(({ id, source, attempt }) => {
    const { trigger } = entering.get(id)!;
    const seeker = { contactId: id, sourceId: source.id, attempt, trigger, prefer: null, except: nobody };
    return lineUp(roster, seeker, at);
  });
  await writeDrained(tx, { drafts, entering, at, offerEnds: new Map() });
}

/** A queue that is longer than one look: the rest is looked at in commits of its own. */
export function goOn(desk: Desk, tx: Tx, roster: Roster): void {
  const { openSources } = roster;
  if (openSources.length > 0) tx.afterCommit(() => desk.drains.soon(openSources));
}

/**
 * PostgreSQL has several writers at once: a contact that another one is just leaving in the queue, or capacity that
 * another one is just making, is not in sight of this transaction. Each of the two looks again after its own commit;
 * the later one sees both.
 */
export function lookAgain(desk: Desk, tx: Tx, sourceIds: readonly SourceId[]): void {
  if (desk.store.dialect === 'postgresql') tx.afterCommit(() => desk.drains.soon(sourceIds));
}

/**
 * Offers the oldest waiting contacts, oldest first, to whoever may take them; the caller writes the loads.
 * A decision is kept for each that is assigned, and for each that has just entered the queue. Answers those that
 * were assigned.
 */
export async function drainQueue(
  desk: Desk,
  tx: Tx,
  roster: Roster,
  { queue, entering = NOBODY_ENTERS }: { queue: QueuedRow[]; entering?: ReadonlyMap<ContactId, Entering> },
): Promise<DecisionDraft[]> {
  const at = desk.clock.now();
  const prefer = await preferences(tx, roster, queue);
  const drafts: DecisionDraft[] = [];
  for (const row of queue) {
    const entered = entering.get(row.id);
    const pool = roster.pool(row.sourceId);
    if (entered === undefined && pool.totalWeight === 0) continue;
    const excluded = passedOver(row, roster.source(row.sourceId)!.offerSeconds, at);
    const seeker = seekerOf(row, entered, prefer, excluded);
    if (entered === undefined && pool.weightWithout(seeker.except) === 0) continue;
    const draft = route(desk, roster, seeker, at);
    if (draft.outcome === 'assigned' || entered !== undefined) drafts.push(draft);
  }
  const offerEnds = new Map(queue.map(({ id, sourceId }) => [id, offerEnd(roster, sourceId, at)]));
  return writeDrained(tx, { drafts, entering, at, offerEnds });
}

function seekerOf(
  row: QueuedRow,
  entered: Entering | undefined,
  prefer: ReadonlyMap<string, OperatorId>,
  except: Excluded,
): Seeker {
  return {
    contactId: row.id,
    sourceId: row.sourceId,
    attempt: row.attempt,
    trigger: entered?.trigger ?? 'drain',
    prefer: entered?.prefer ?? prefer.get(`${row.leadId}:${row.sourceId}`) ?? null,
    except,
  };
}

/**
 * To whom routing does not give a waiting contact: never to who did not accept it, while its source offers at all, and
 * for a while not to who released it.
 */
export function passedOver(
  { declined, releasedBy, releasedAt }: Pick<QueuedRow, 'declined' | 'releasedBy' | 'releasedAt'>,
  offerSeconds: number,
  at: Date,
): Excluded {
  const isPaused = releasedAt !== null && at.getTime() - releasedAt < RELEASE_PAUSE_MS;
  const decliners = offerSeconds > 0 ? declined : null;
  if (decliners === null && !isPaused) return nobody;
  const excluded = new Map<OperatorId, PassedOver>(decliners);
  if (isPaused && releasedBy !== null) excluded.set(releasedBy, 'released-by');
  return excluded;
}

async function preferences(tx: Tx, roster: Roster, queue: QueuedRow[]): Promise<Map<string, OperatorId>> {
  const returning = queue.filter((row) => roster.source(row.sourceId)?.returnPolicy === 'prefer_last');
  if (returning.length === 0) return new Map();
  const last = await tx.sql.lastOperators(returning);
  return new Map(last.map((row) => [`${row.leadId}:${row.sourceId}`, row.operatorId]));
}

type Drained = {
  drafts: DecisionDraft[];
  entering: ReadonlyMap<ContactId, Entering>;
  offerEnds: ReadonlyMap<ContactId, Date | null>;
  at: Date;
};

async function writeDrained(tx: Tx, { drafts, entering, offerEnds, at }: Drained): Promise<DecisionDraft[]> {
  if (drafts.length === 0) return [];
  await keepDecisions(tx, drafts);
  const assigned = drafts.filter((draft) => draft.operatorId !== null);
  await tx.sql.assignQueued(
    assigned.map((draft) => ({
      contactId: draft.contactId,
      operatorId: draft.operatorId!,
      offerExpiresAt: offerEnds.get(draft.contactId) ?? null,
    })),
    at,
  );
  await tellAssigned(tx, assigned, entering, at);
  return assigned;
}

/** Writes what was decided, in the order in which it was. */
export async function keepDecisions(tx: Tx, drafts: DecisionDraft[]): Promise<void> {
  const ids = (await tx.sql.reserveIds({ decision: drafts.length })).decision;
  await tx.sql.insert({ decision: drafts.map((draft, index) => ({ ...draft, id: ids[index]! })) });
}

async function tellAssigned(
  tx: Tx,
  assigned: DecisionDraft[],
  entering: ReadonlyMap<ContactId, Entering>,
  at: Date,
): Promise<void> {
  if (assigned.length === 0) return;
  const contacts = await tx.sql.readContacts(assigned.map((draft) => draft.contactId));
  const byId = new Map(contacts.map((contact) => [contact.id, contact]));
  for (const { contactId } of assigned) {
    recordMove(tx, {
      type: 'contact.assigned',
      at,
      contact: contactView(byId.get(contactId)!),
      before: { operatorId: null, status: 'waiting' },
      actor: { kind: 'routing' },
      reason: entering.get(contactId)?.trigger ?? 'drain',
    });
  }
}
