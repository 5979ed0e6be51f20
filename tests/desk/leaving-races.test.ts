import { expect, test } from 'vitest';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { handOverContacts } from '../../src/desk/hand-over-contacts.ts';
import { watchOffers } from '../../src/desk/offers.ts';
import { setPresence } from '../../src/desk/set-presence.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { admin, hasOperator, hasSource, opens, openTestDesk } from '../support/desk.ts';
import { connect } from '../support/postgres.ts';
import { somebodyWaits } from '../store/ground.ts';

// What several writers at once bring about; SQLite has one.

test('an arrival that was decided before its operator went offline does not stay with it', async () => {
  await using desk = await openTestDesk('postgresql');
  const a = await hasSource(desk, { onOffline: 'hand_over' });
  const b = await hasSource(desk, { onOffline: 'requeue', requirePresence: true });
  const ann = await hasOperator(desk, { isOnline: true, on: { [a]: 1, [b]: 1 } });
  await opens(desk, a, 'held');
  const bob = await hasOperator(desk, { isOnline: true, on: { [a]: 1 } });
  await using raw = await connect(desk.databaseUrl);
  await raw.query('begin');
  await raw.query('select 1 from operator where id = $1 for update', [bob]);

  const leaving = setPresence(desk, { operatorId: ann, gateway: 'here', isOnline: false });
  await somebodyWaits(desk);
  const late = opens(desk, b, 'late');
  await somebodyWaits(desk, 2);
  await raw.query('commit');
  await leaving;
  const { id } = await late;
  await desk.drains.idle();

  expect(await getContact(desk, admin, id)).toMatchObject({ status: 'waiting' });
});

test('an offer that stands in the feed before the change of its source ends all the same', async () => {
  await using desk = await openTestDesk('postgresql');
  await using _ = watchOffers(desk);
  const source = await hasSource(desk, {});
  const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
  const first = await opens(desk, source, 'first');
  const second = await opens(desk, source, 'second');
  await desk.drains.idle();
  await using raw = await connect(desk.databaseUrl);
  await raw.query('begin');
  await raw.query('select 1 from operator where id = $1 for update', [ann]);

  const closing = closeContact(desk, admin, first.id, {});
  await somebodyWaits(desk);
  const changing = updateSource(desk, admin, String(source), { offer_seconds: 1 });
  await somebodyWaits(desk, 2);
  await raw.query('commit');
  await Promise.all([closing, changing]);

  await expect
    .poll(() => getContact(desk, admin, second.id), { timeout: 10_000 })
    .toMatchObject({ status: 'waiting', offer_expires_at: null });
});

test('a hand-over locks no contact after operators', async () => {
  await using desk = await openTestDesk('postgresql');
  const a = await hasSource(desk, {});
  const ann = await hasOperator(desk, { on: { [a]: 1 } });
  await opens(desk, a, 'held');
  const b = await hasSource(desk, {});
  const late = await opens(desk, b, 'late');
  await desk.drains.idle();
  await using raw = await connect(desk.databaseUrl);
  let handing: Promise<unknown> = Promise.resolve();
  let closing: Promise<unknown> = Promise.resolve();

  // While the hand-over waits for the operator, it gets one more contact, which somebody else waits to close.
  await desk.store.write(async (tx) => {
    await tx.sql.routingFacts([], [ann]);
    handing = handOverContacts(desk, admin, ann, { dry_run: false });
    await somebodyWaits(desk);
    const given = { contactId: late.id, operatorId: ann, offerExpiresAt: null };
    await tx.sql.assignQueued([given], desk.clock.now());
    await tx.sql.moveLoads(new Map([[ann, 1]]));
    closing = closeContact(desk, admin, late.id, {});
    await somebodyWaits(desk, 2);
  });
  await Promise.all([handing, closing]);

  const deadlocks = `select deadlocks::int as n from pg_stat_database where datname = current_database()`;
  // The statistics are told when the backend is idle.
  await raw.query('select pg_stat_clear_snapshot()');
  const { rows } = await raw.query<{ n: number }>(deadlocks);
  expect(rows[0]!.n).toBe(0);
  expect(await getContact(desk, admin, late.id)).toMatchObject({ status: 'closed' });
});
