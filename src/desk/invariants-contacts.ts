import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContactStatus } from '../contract/contact.ts';
import type { ContactId, SourceId } from '../contract/ids.ts';
import type { Desk } from './desk.ts';
import { type Breach, KEPT } from './invariants-breach.ts';

/** How many of the newest contacts each look reads, and how many older ones beside them. */
const NEWEST = 10_000;
const SLICE = 500;

/** Where the looks at contacts stand; kept from one to the next. */
export type ContactLooks = {
  /** The newest event when they last looked. */
  event: number | null;
  /** Old contacts are looked at a part at a time, from the newest to the oldest: it goes on below this one. */
  below: number | null;
  /** Those that were in breach: they are looked at until they are not. */
  suspects: ContactId[];
};

type Row = {
  id: number | string;
  source_id: number | string;
  status: ContactStatus;
  operator_id: number | string | null;
  closed_at: unknown;
  event_id: number | string | null;
  type: string | null;
  status_after: ContactStatus | null;
  operator_after: number | string | null;
};

type Found = { oneOperator: Breach[]; trail: Breach[] };

/**
 * Contacts that are at odds with themselves or with their newest event. Looks at the newest ones, at those that have
 * changed since the last look, at those that were in breach, and at a part of the old ones; one whose operator does not
 * go with its status is found however old it is.
 */
export async function findWrongContacts(desk: Desk, looks: ContactLooks): Promise<Found> {
  const ids = [...new Set([...(await misplaced(desk)), ...looks.suspects, ...(await lately(desk, looks))])];
  const found: Found = { oneOperator: [], trail: [] };
  for (let at = 0; at < ids.length; at += SLICE) {
    for (const row of await readContacts(desk, ids.slice(at, at + SLICE))) judge(row, found);
    // A slice is one statement: on SQLite it holds the event loop.
    await nextTurn();
  }
  const suspects = [...found.oneOperator, ...found.trail].map(({ subject }) => subject.id as ContactId);
  looks.suspects = [...new Set(suspects)].slice(0, KEPT);
  return found;
}

type Id = { id: number | string };

/** Open contacts whose operator does not go with their status: ranges of the index by operator and status. */
async function misplaced(desk: Desk): Promise<ContactId[]> {
  const em = desk.store.em();
  const without = await em.execute<Id[]>(
    `select id from contact where operator_id is null and status = 'assigned' order by id limit ${KEPT}`,
  );
  const holders = await em.execute<Id[]>(
    `select id from operator o
      where exists (select 1 from contact c where c.operator_id = o.id and c.status = 'waiting') order by id`,
  );
  const held: Id[] = [];
  for (const { id } of holders.slice(0, KEPT))
    held.push(
      ...(await em.execute<Id[]>(
        `select id from contact where operator_id = ? and status = 'waiting' order by id limit ${KEPT}`,
        [id],
      )),
    );
  return idsOf([...without, ...held.slice(0, KEPT)]);
}

async function lately(desk: Desk, looks: ContactLooks): Promise<ContactId[]> {
  const em = desk.store.em();
  const newest = idsOf(await em.execute<Id[]>(`select id from contact order by id desc limit ${NEWEST}`));
  const below = looks.below ?? newest.at(-1) ?? 0;
  const older = idsOf(
    await em.execute<Id[]>(`select id from contact where id < ? order by id desc limit ${NEWEST}`, [below]),
  );
  looks.below = older.length < NEWEST ? null : older.at(-1)!;
  return [...newest, ...older, ...(await changed(desk, looks))];
}

async function changed(desk: Desk, looks: ContactLooks): Promise<ContactId[]> {
  const rows = await desk.store.em().execute<{ id: number | string; contact_id: number | string | null }[]>(
    // The first look, which has nothing to go on from, reads the newest contacts alone.
    `select id, contact_id from event where id > ? order by id desc limit ${looks.event === null ? 1 : NEWEST}`,
    [looks.event ?? 0],
  );
  looks.event = Number(rows[0]?.id ?? looks.event ?? 0);
  return idsOf(rows.flatMap(({ contact_id: id }) => (id === null ? [] : { id })));
}

/** Contacts beside their newest event, as one moment has them. */
function readContacts(desk: Desk, ids: ContactId[]): Promise<Row[]> {
  return desk.store.em().execute<Row[]>(
    `select c.id, c.source_id, c.status, c.operator_id, c.closed_at,
            e.id as event_id, e.type, e.status_after, e.operator_after
       from contact c
       left join event e on e.id = (
            select x.id from event x where x.contact_id = c.id and x.type like 'contact.%' order by x.id desc limit 1)
      where c.id in (${ids.map(() => '?').join(', ')}) order by c.id`,
    ids,
  );
}

function judge(row: Row, found: Found): void {
  const subject = {
    kind: 'contact',
    id: Number(row.id) as ContactId,
    sourceId: Number(row.source_id) as SourceId,
  } as const;
  const faults = faultsOf(row);
  if (faults.length > 0) {
    found.oneOperator.push({
      subject,
      detail: `Contact ${row.id} is ${row.status}, ${faults.join(' and ')}.`,
    });
  }
  // Events may have been pruned.
  if (row.event_id === null) return;
  const isTold = row.status_after === row.status && idOf(row.operator_after) === idOf(row.operator_id);
  if (isTold) return;
  const detail =
    `Contact ${row.id} is ${row.status} with ${named(row.operator_id)}, but its newest event ${row.event_id} ` +
    `(${row.type}) says ${row.status_after} with ${named(row.operator_after)}.`;
  found.trail.push({ subject, detail });
}

function faultsOf({ status, operator_id, closed_at }: Row): string[] {
  const faults: string[] = [];
  if (status === 'assigned' && operator_id === null) faults.push('but has no operator');
  if (status === 'waiting' && operator_id !== null) faults.push(`but has operator ${operator_id}`);
  if (status === 'closed' && closed_at === null) faults.push('but does not say since when');
  if (status !== 'closed' && closed_at !== null) faults.push('but says when it was closed');
  return faults;
}

function named(operatorId: number | string | null): string {
  return operatorId === null ? 'no operator' : `operator ${operatorId}`;
}

function idOf(id: number | string | null): number | null {
  return id === null ? null : Number(id);
}

function idsOf(rows: Id[]): ContactId[] {
  return rows.map(({ id }) => Number(id) as ContactId);
}
