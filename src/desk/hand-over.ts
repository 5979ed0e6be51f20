import { createHash } from 'node:crypto';
import type { ContactId, SourceId } from '../contract/ids.ts';
import type { HandOverPlan } from '../contract/operator.ts';
import { Problem } from '../problem.ts';
import type { Tx } from '../store/write.ts';
import type { Desk } from './desk.ts';
import { findHeld, type Leave, lockHeld, putBack, tellLeft } from './leave.ts';
import { keepDecisions, lookAgain, passedOver } from './reroute.ts';
import { openRoster, type Roster } from './roster.ts';
import { type DecisionDraft, offerEnd, route } from './route.ts';

type Held = Awaited<ReturnType<typeof findHeld>>;

/**
 * Gives the open contacts of an operator straight to whom the rule of their source chooses, in the order of the queue
 * and before those who wait there; what nobody can take waits at its own age. The operator itself is passed over,
 * however it stands: so a rehearsal comes out like the real thing. Call it before anything of an operator is changed:
 * contacts are locked first, then all operators who may get one.
 */
export async function handOverHeld(desk: Desk, tx: Tx, leave: Leave): Promise<HandOverPlan> {
  const { held, roster } = await holdAll(tx, leave);
  if (held.length === 0) return planOf([], [], roster);
  roster.move(leave.operatorId, -held.length);
  const at = desk.clock.now();
  const drafts = inTurn(held, roster).map(({ id: contactId, source, attempt, declined }) => {
    const given = { declined: declined ?? null, releasedBy: null, releasedAt: null };
    const others = passedOver(given, roster.source(source.id)!.offerSeconds, at);
    const except = new Map(others).set(leave.operatorId, 'released-by');
    const trigger = 'handed-over' as const;
    return route(
      desk,
      roster,
      { contactId, sourceId: source.id, attempt, trigger, prefer: null, except },
      at,
    );
  });
  await write(desk, tx, leave, { drafts, held, roster, at });
  return planOf(drafts, held, roster);
}

/** Throws Problem('plan-changed') where something else comes out than what was agreed to. */
export function checkPlan(agreed: string | undefined, { plan }: HandOverPlan): void {
  if (agreed !== undefined && agreed !== plan) throw new Problem('plan-changed');
}

/** The operator's contacts and whoever may get them, all locked. */
async function holdAll(tx: Tx, leave: Leave): Promise<{ held: Held; roster: Roster }> {
  for (;;) {
    await tx.em.execute('savepoint hand_over');
    const locked = await lockHeld(tx, leave);
    const sourceIds = [...new Set(locked.map(({ source }) => source.id))];
    const roster = await openRoster(tx, sourceIds, [leave.operatorId]);
    const held = await findHeld(tx, leave);
    const ids = new Set(locked.map(({ id }) => id));
    if (held.every(({ id }) => ids.has(id))) return { held, roster };
    // It got something before its row was ours. Letting go keeps the one order of locks.
    await tx.em.execute('rollback to savepoint hand_over');
  }
}

/** By the priority of their sources, then by age, as the queue goes. */
function inTurn(held: Held, roster: Roster): Held {
  const priorityOf = (id: SourceId): number => roster.source(id)!.priority;
  return held.toSorted(
    (a, b) =>
      priorityOf(b.source.id) - priorityOf(a.source.id) ||
      a.createdAt.getTime() - b.createdAt.getTime() ||
      a.id - b.id,
  );
}

type Decided = { drafts: DecisionDraft[]; held: Held; roster: Roster; at: Date };

async function write(desk: Desk, tx: Tx, leave: Leave, { drafts, held, roster, at }: Decided): Promise<void> {
  await keepDecisions(tx, drafts);
  const sources = sourcesById(held);
  const given = drafts.filter(({ operatorId }) => operatorId !== null);
  await tx.sql.assignQueued(
    given.map(({ contactId, operatorId }) => ({
      contactId,
      operatorId: operatorId!,
      offerExpiresAt: offerEnd(roster, sources.get(contactId)!, at),
    })),
    at,
  );
  await tellLeft(
    desk,
    tx,
    leave,
    given.map(({ contactId }) => contactId),
  );
  const left = drafts.filter(({ operatorId }) => operatorId === null).map(({ contactId }) => contactId);
  await putBack(desk, tx, leave, left);
  if (left.length > 0) lookAgain(desk, tx, [...new Set(left.map((id) => sources.get(id)!))]);
  await roster.writeLoads(tx);
}

function planOf(drafts: DecisionDraft[], held: Held, roster: Roster): HandOverPlan {
  const sources = sourcesById(held);
  const moves = drafts.map(({ contactId, operatorId }) => {
    const operator = operatorId === null ? null : roster.operator(operatorId)!;
    return {
      contact_id: contactId,
      source_id: sources.get(contactId)!,
      to: operator && { id: operator.id, name: operator.name },
    };
  });
  const text = moves.map(({ contact_id: contact, to }) => `${contact}:${to?.id ?? ''}`).join(' ');
  const waiting = moves.filter(({ to }) => to === null).length;
  return {
    plan: createHash('sha256').update(text).digest('base64url'),
    moves,
    handed_over: moves.length - waiting,
    waiting,
  };
}

function sourcesById(held: Held): Map<ContactId, SourceId> {
  return new Map(held.map(({ id, source }) => [id, source.id]));
}
