import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OperatorId } from '../contract/ids.ts';
import type { Desk } from './desk.ts';
import type { Breach } from './invariants-breach.ts';

// Contacts are counted for so many operators in one statement: on SQLite it holds the event loop.
const SLICE = 20;

type Row = { id: number | string; load: number; counted: number | string };

/** Operators whose load is not the number of contacts assigned to them; both are read by one statement. */
export async function findWrongLoads(desk: Desk): Promise<Breach[]> {
  const breaches: Breach[] = [];
  let after = 0;
  for (;;) {
    // Each count is a range of the index by operator and status: nothing is sorted, and no row of a contact is read.
    const rows = await desk.store.em().execute<Row[]>(
      `select o.id, o.load,
              (select count(*) from contact c where c.operator_id = o.id and c.status = 'assigned') as counted
         from operator o where o.id > ? order by o.id limit ${SLICE}`,
      [after],
    );
    for (const row of rows) if (row.load !== Number(row.counted)) breaches.push(breachOf(row));
    if (rows.length < SLICE) return breaches;
    after = Number(rows.at(-1)!.id);
    await nextTurn();
  }
}

function breachOf({ id, load, counted }: Row): Breach {
  return {
    subject: { kind: 'operator', id: Number(id) as OperatorId },
    detail: `Operator ${id} has load ${load}, but its assigned contacts number ${counted}.`,
  };
}
