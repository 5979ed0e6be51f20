import { setTimeout as realPause } from 'node:timers/promises';
import type { InvariantRepair } from '../contract/invariants.ts';
import type { ContactId, OperatorId, SourceId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import { Operator } from '../store/entities/operator.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { recordOperator } from './configuration.ts';
import type { Desk } from './desk.ts';
import { drainSources } from './drain.ts';
import { findOperator } from './find-operator.ts';
import { checksOf, type Look, lookAgainAround } from './invariants.ts';
import type { Pause } from './invariants-queues.ts';
import { authorizeAny } from './policy.ts';
import { operatorView } from './views.ts';

type Repaired = InvariantRepair['repaired'];

/** Operators are locked until their transaction ends: those of a few at a time. */
const AT_ONCE = 20;

/**
 * Sets wrong loads to what is counted, gives what waits to whoever is free, and tells what is still wrong afterwards: a
 * contact at odds with itself or with its trail is left to a person, nobody can know which of the two is right. Each
 * load is noted in the audit. Throws Problem('forbidden').
 */
export async function repairInvariants(
  desk: Desk,
  actor: Actor,
  pause: Pause = realPause,
): Promise<InvariantRepair> {
  authorizeAny(actor, 'configure');
  const look = await lookAgainAround(desk, pause);
  const loads = await repairLoads(desk, actor, operatorsIn(look));
  const moved = await serveQueues(desk, look, loads.sourceIds);
  const after = await lookAgainAround(desk, pause);
  return {
    repaired: [...loads.repaired, ...moved],
    remaining: checksOf(after).filter(({ ok }) => !ok),
  };
}

async function repairLoads(
  desk: Desk,
  actor: Actor,
  ids: OperatorId[],
): Promise<{ repaired: Repaired; sourceIds: SourceId[] }> {
  const repaired: Repaired = [];
  const sourceIds: SourceId[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = await desk.store.write((tx) => setLoads(desk, tx, actor, ids.slice(at, at + AT_ONCE)));
    for (const { subject, before, after } of some.repaired)
      desk.log.warn({ subject, before: before.load, after: after.load }, 'a wrong load was repaired');
    repaired.push(...some.repaired);
    sourceIds.push(...some.sourceIds);
  }
  return { repaired, sourceIds };
}

async function setLoads(desk: Desk, tx: Tx, actor: Actor, ids: OperatorId[]) {
  // Whoever moves a contact changes the load in the same transaction, by a difference: what is committed before the
  // lock is in the count, what comes after it is added to it.
  await tx.sql.routingFacts([], ids);
  const repaired: Repaired = [];
  for (const id of ids) {
    const operator = await tx.em.findOne(Operator, { id });
    if (operator === null) continue;
    const counted = await tx.em.count(Contact, { operator: id, status: 'assigned' });
    if (operator.load === counted) continue;
    repaired.push(await setLoad(desk, tx, actor, { operator, counted }));
  }
  if (repaired.length === 0) return { repaired, sourceIds: [] };
  await tx.em.flush();
  // Intake goes on with the loads it remembers.
  tx.afterCommit(() => (desk.rosterMemory.last = null));
  return { repaired, sourceIds: await tx.sql.sourcesOf(ids) };
}

async function setLoad(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { operator, counted }: { operator: Operator; counted: number },
): Promise<Repaired[number]> {
  const { id } = operator;
  const at = desk.clock.now();
  const change = { subject: `operator:${id}`, before: { load: operator.load }, after: { load: counted } };
  await audit(tx, actor, { at, action: 'operator.load-repaired', ...change });
  await tx.em.nativeUpdate(Operator, { id }, { load: counted });
  // Consoles show the load, and whoever is finishing may be done.
  recordOperator(tx, actor, at, operatorView(await findOperator(tx.em, id)));
  return { invariant: 'load', ...change };
}

/** Drains the queues in which somebody waited for nothing, and those of operators who are freer than was thought. */
async function serveQueues(desk: Desk, look: Look, freed: SourceId[]): Promise<Repaired> {
  const waiting = new Map<ContactId, SourceId>();
  for (const { subject } of look.breaches.unserved)
    if (subject.kind === 'contact') waiting.set(subject.id, subject.sourceId);
  const sourceIds = [...new Set([...freed, ...waiting.values()])];
  if (sourceIds.length === 0) return [];
  await drainSources(desk, sourceIds);
  if (waiting.size === 0) return [];
  const served = await desk.store
    .em()
    .find(
      Contact,
      { id: { $in: [...waiting.keys()] }, status: { $ne: 'waiting' } },
      { orderBy: { id: 'asc' } },
    );
  return served.map(({ id, status, operator }) => ({
    invariant: 'unserved' as const,
    subject: `contact:${id}`,
    before: { status: 'waiting', operator_id: null },
    after: { status, operator_id: operator?.id ?? null },
  }));
}

function operatorsIn({ breaches }: Look): OperatorId[] {
  return breaches.load.flatMap(({ subject }) => (subject.kind === 'operator' ? [subject.id] : []));
}
