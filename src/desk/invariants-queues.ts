import type { Refusal, Strategy } from '../contract/decision.ts';
import type { ContactId, OperatorId, SourceId } from '../contract/ids.ts';
import type { Availability } from '../contract/operator.ts';
import { refusalOf } from '../routing/candidate.ts';
import type { Desk } from './desk.ts';
import { type Breach, KEPT } from './invariants-breach.ts';
import { passedOver } from './reroute.ts';

/** Lets so many milliseconds pass. */
export type Pause = (ms: number) => Promise<unknown>;

/** Nobody waits for longer beside somebody who is free. */
const PATIENCE_MS = 1_000;

/** A waiting contact beside those who could take it. `capacity`: how its queue and who serves it stand. */
type Takeable = { breach: Breach; attempt: number; capacity: string };

/**
 * Contacts that wait though an operator could take them. One look may catch a drain that is under way: only what a
 * second one, a second later, sees with the same front of the queue and the same loads has not moved for so long.
 */
export async function findUnserved(desk: Desk, pause: Pause): Promise<Breach[]> {
  const first = await readTakeable(desk);
  if (first.size === 0) return [];
  await pause(PATIENCE_MS);
  const second = await readTakeable(desk);
  return [...second].flatMap(([id, { breach, attempt, capacity }]) => {
    const before = first.get(id);
    return before?.attempt === attempt && before.capacity === capacity ? [breach] : [];
  });
}

async function readTakeable(desk: Desk): Promise<Map<ContactId, Takeable>> {
  const queues = await desk.store.em().execute<{ id: number | string }[]>(
    `select s.id from source s
      where s.is_active and exists (select 1 from contact c where c.source_id = s.id and c.status = 'waiting')
      order by s.id`,
  );
  const found = new Map<ContactId, Takeable>();
  for (const { id } of queues) {
    if (found.size >= KEPT) break;
    for (const [contactId, one] of await readQueue(desk, Number(id) as SourceId)) found.set(contactId, one);
  }
  return found;
}

type Row = {
  kind: 'contact' | 'operator';
  id: number | string;
  /** Of an operator on the source. */
  weight: number | null;
  is_active: boolean | number | null;
  availability: Availability | null;
  is_online: boolean | number | null;
  load: number | null;
  max_load: number | null;
  source_active: boolean | number | null;
  require_presence: boolean | number | null;
  strategy: Strategy | null;
  offer_seconds: number | null;
  /** Of a contact. */
  attempt: number | null;
  released_by_id: number | string | null;
  released_at: number | string | null;
  created_at: number | string | null;
  declined: string | [OperatorId, Refusal][] | null;
};

// The oldest of a queue and who serves it, in one statement: both are of one moment. Where no seat is free nothing of
// the queue is read.
const queueSql = `
  with free as (
    select o.id, w.weight, o.is_active, o.availability, o.is_online, o.load, o.max_load,
           s.is_active as source_active, s.require_presence, s.strategy, s.offer_seconds
      from source s join source_operator w on w.source_id = s.id join operator o on o.id = w.operator_id
     where s.id = ? and w.weight > 0 and o.is_active and o.availability = 'available' and o.load < o.max_load),
  queue as (
    select id, attempt, released_by_id, released_at, created_at, declined from contact
     where source_id = ? and status = 'waiting' and exists (select 1 from free)
     order by created_at, id limit ${KEPT})
  select 'operator' as kind, id, weight, is_active, availability, is_online, load, max_load, source_active,
         require_presence, strategy, offer_seconds, null as attempt, null as released_by_id, null as released_at,
         null as created_at, null as declined from free
  union all
  select 'contact', id, null, null, null, null, null, null, null, null, null, null, attempt, released_by_id, released_at,
         created_at, declined from queue`;

async function readQueue(desk: Desk, sourceId: SourceId): Promise<Map<ContactId, Takeable>> {
  const rows = await desk.store.em().execute<Row[]>(queueSql, [sourceId, sourceId]);
  const operators = rows.filter((row) => row.kind === 'operator' && isEligible(row));
  if (operators.length === 0) return new Map();
  const at = desk.clock.now().getTime();
  const takeable = rows
    .filter((row) => row.kind === 'contact')
    .sort((a, b) => millis(a.created_at) - millis(b.created_at) || Number(a.id) - Number(b.id))
    .map((row) => ({ row, takers: takersOf(row, operators, at) }))
    .filter(({ takers }) => takers.length > 0);
  // Whatever a drain gives out it takes from the front.
  const capacity = [
    takeable[0]?.row.id,
    ...operators.map(({ id, load, max_load: cap }) => `${id}:${load}/${cap}`).sort(),
  ].join(' ');
  return new Map(
    takeable.map(({ row, takers }) => [
      Number(row.id) as ContactId,
      { breach: breachOf(row, sourceId, takers, at), attempt: row.attempt!, capacity },
    ]),
  );
}

/** The rule itself decides: the statement only leaves out those for whom it is plain. */
function isEligible(row: Row): boolean {
  const rules = {
    isActive: Boolean(row.source_active),
    requirePresence: Boolean(row.require_presence),
    strategy: row.strategy!,
  };
  const facts = {
    operatorId: Number(row.id) as OperatorId,
    weight: row.weight!,
    isActive: Boolean(row.is_active),
    availability: row.availability!,
    isOnline: Boolean(row.is_online),
    load: row.load!,
    maxLoad: row.max_load!,
  };
  return refusalOf(rules, facts) === null;
}

/** Those of the eligible to whom routing may give this contact now. */
function takersOf(row: Row, operators: Row[], at: number): Row[] {
  const { declined, released_by_id: releasedBy, released_at: releasedAt } = row;
  const excluded = passedOver(
    {
      declined: typeof declined === 'string' ? (JSON.parse(declined) as [OperatorId, Refusal][]) : declined,
      releasedBy: releasedBy === null ? null : (Number(releasedBy) as OperatorId),
      releasedAt: releasedAt === null ? null : millis(releasedAt),
    },
    operators[0]!.offer_seconds!,
    new Date(at),
  );
  return operators.filter(({ id }) => !excluded.has(Number(id) as OperatorId));
}

function breachOf(row: Row, sourceId: SourceId, takers: Row[], at: number): Breach {
  const [one] = takers;
  const seconds = Math.max(0, Math.floor((at - millis(row.created_at)) / 1000));
  return {
    subject: { kind: 'contact', id: Number(row.id) as ContactId, sourceId },
    detail:
      `Contact ${row.id}, opened ${seconds} seconds ago, waits on source ${sourceId} though operator ` +
      `${one!.id} with load ${one!.load} of ${one!.max_load} could take it; operators who could: ${takers.length}.`,
  };
}

function millis(at: number | string | Date | null): number {
  return at === null ? 0 : new Date(at).getTime();
}
