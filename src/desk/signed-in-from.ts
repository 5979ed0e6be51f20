import type { Desk } from './desk.ts';
import { emailOf } from './find-operator.ts';

const NEWEST = 1000;

/**
 * From which addresses the operator with this e-mail has signed in, among the newest thousand things that it did; none,
 * where nobody has this e-mail. What others do to the operator stands under another actor, so nobody pushes them out.
 */
export async function signedInFrom(desk: Desk, email: string): Promise<string[]> {
  const rows = await desk.store.em().execute<{ address: string }[]>(
    `select distinct address
       from (select e.action, e.address from audit_entry e
              where e.actor = (select 'operator:' || o.id from operator o where o.email = ?)
              order by e.id desc limit ?) as done
      where action = 'session.created' and address is not null`,
    [emailOf(email), NEWEST],
  );
  return rows.map(({ address }) => address);
}
