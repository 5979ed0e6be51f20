import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import type { HandOverPlan } from '../../src/contract/operator.ts';
import { getContact } from '../../src/desk/contacts.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { handOverContacts } from '../../src/desk/hand-over-contacts.ts';
import { admin, type Database, loadsOf, opens, openTestDesk, stoppedClock } from '../support/desk.ts';

/** A desk whose clock stands still until it is told to go on. */
export async function openSlowDesk(database: Database, url?: string) {
  const clock = stoppedClock();
  const desk = await openTestDesk(database, { clock, ...(url !== undefined && { url }) });
  return { ...desk, clock };
}

type SlowDesk = Awaited<ReturnType<typeof openSlowDesk>>;

/** An admin hands over what an operator has. */
export const handsOver = (desk: Desk, id: OperatorId, input: { dry_run?: boolean; plan?: string } = {}) =>
  handOverContacts(desk, admin, id, { dry_run: false, ...input });

export const holderOf = async (desk: Desk, id: ContactId): Promise<OperatorId | null> =>
  (await getContact(desk, admin, id)).operator_id;

/** Who has each of these now, and who gets each by a plan. */
export const holders = (desk: Desk, ids: readonly ContactId[]) =>
  Promise.all(ids.map(async (id) => [id, await holderOf(desk, id)]));
export const targets = ({ moves }: HandOverPlan) =>
  moves.map(({ contact_id: id, to }) => [id, to?.id ?? null]);

/** So many contacts of a source, each a second younger than the one before. */
export async function come(desk: SlowDesk, source: SourceId, count: number): Promise<ContactId[]> {
  const ids: ContactId[] = [];
  for (let n = 0; n < count; n++) {
    ids.push((await opens(desk, source, `lead ${n}`)).id);
    desk.clock.advance(1000);
  }
  return ids;
}

/** Everything that a hand-over could write. */
export function allRows(desk: Desk): Promise<unknown> {
  const tables = ['contact', 'operator', 'decision', 'event', 'strategy_memory', 'configuration'];
  return Promise.all(tables.map((table) => desk.store.em().execute(`select * from ${table} order by 1`)));
}

/** Operators whose load is not what they have, or above their cap. */
export async function unsound(desk: Desk): Promise<unknown[]> {
  const loads = await loadsOf(desk);
  return loads.filter(({ load, counted, maxLoad }) => load !== counted || load > maxLoad);
}
