import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions } from '../../src/desk/contact-history.ts';
import { getContact } from '../../src/desk/contacts.ts';
import type { Clock, Desk } from '../../src/desk/desk.ts';
import { drainSources } from '../../src/desk/drain.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { resumeQueues } from '../../src/desk/resume-queues.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { Decision } from '../../src/store/entities/decision.ts';
import { Event } from '../../src/store/entities/event.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  openTestDesk,
  opens,
  stoppedClock,
  writes,
} from '../support/desk.ts';

const MINUTE = 60_000;

/** Every look at it is a millisecond later: what was decided together has one time. */
function tickingClock(): Clock {
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  return { now: () => new Date(now++) };
}

async function waitingContacts(desk: Desk, source: SourceId, count: number): Promise<ContactId[]> {
  const contacts = await Promise.all(
    Array.from({ length: count }, (_, n) => opens(desk, source, `${source}:${n}`)),
  );
  // On PostgreSQL they are looked at once more; afterwards nothing moves by itself.
  await desk.drains.idle();
  return contacts.map((contact) => contact.id);
}

/** Whom the rule gave to somebody, in the order in which it did. */
async function givenOut(desk: Desk): Promise<Decision[]> {
  return desk.store
    .em()
    .find(Decision, { outcome: 'assigned' }, { populate: ['contact'], orderBy: { id: 'asc' } });
}

const ascending = (ids: ContactId[]): ContactId[] => ids.toSorted((a, b) => a - b);
const statusOf = async (desk: Desk, id: ContactId): Promise<string> =>
  (await getContact(desk, admin, id)).status;

/** Contacts that somebody has just given back, more of them than one look at the queue sees. */
async function releasedBy(desk: Desk, operator: OperatorId, ids: ContactId[]): Promise<void> {
  const releasedAt = desk.clock.now();
  await desk.store.write((tx) =>
    tx.em.nativeUpdate(Contact, { id: { $in: ids } }, { releasedBy: operator, releasedAt }),
  );
}

describe.each(databases)('on %s', (database) => {
  test('a long queue is given out oldest first, over several commits', async () => {
    await using desk = await openTestDesk(database, { clock: tickingClock() });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 0, on: { [source]: 1 } });
    const ids = await waitingContacts(desk, source, 600);

    await updateOperator(desk, admin, ann, { max_load: 1000 });
    await desk.drains.idle();

    const given = await givenOut(desk);
    expect(given.map((decision) => decision.contact.id)).toEqual(ascending(ids));
    const sizes = Map.groupBy(given, (decision) => decision.at.getTime());
    expect([...sizes.values()].map((chunk) => chunk.length)).toEqual([128, 128, 128, 128, 88]);
    expect(await loadsOf(desk)).toMatchObject([{ load: 600, counted: 600 }]);
  });

  test('what arrives during a long drain lines up behind it', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 0, on: { [source]: 1 } });
    const old = await waitingContacts(desk, source, 600);

    const draining = updateOperator(desk, admin, ann, { max_load: 1000 });
    const late: ContactId[] = [];
    for (let n = 0; n < 20; n++)
      late.push(
        ...(await Promise.all(['a', 'b'].map((lead) => opens(desk, source, `${lead}${n}`)))).map(
          ({ id }) => id,
        ),
      );
    await draining;
    await desk.drains.idle();

    const given = (await givenOut(desk)).map((decision) => decision.contact.id);
    expect(given).toEqual([...ascending(old), ...ascending(late)]);
  });

  test('a newcomer that waits behind older ones is told so by its decision', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 0, on: { [source]: 1 } });
    await waitingContacts(desk, source, 300);
    await desk.store.write((tx) => tx.em.execute('update operator set max_load = 1000 where id = ?', [ann]));

    const contact = await opens(desk, source, 'newcomer');

    expect(contact.status).toBe('waiting');
    expect(contact.decision).toMatchObject({ outcome: 'waiting', refused: { 'older-first': 1 } });
    await desk.drains.idle();
    expect(await statusOf(desk, contact.id)).toBe('assigned');
  });

  test('a long queue that nobody may take keeps no other queue waiting', async () => {
    await using desk = await openTestDesk(database);
    const [dead, alive] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [dead]: 1, [alive]: 1 } });
    const first = await opens(desk, alive, 'first');
    await waitingContacts(desk, dead, 300);
    await updateSource(desk, admin, String(dead), { is_active: false });
    const second = await opens(desk, alive, 'second');

    await closeContact(desk, admin, first.id, {});
    await desk.drains.idle();

    expect(await getContact(desk, admin, second.id)).toMatchObject({ status: 'assigned', operator_id: ann });
  });

  test('newcomers of one source do not wait for the long queue of another', async () => {
    await using desk = await openTestDesk(database);
    const [dead, alive] = [await hasSource(desk), await hasSource(desk, { requirePresence: true })];
    await hasOperator(desk, { maxLoad: 1000, isOnline: true, on: { [alive]: 1 } });
    await waitingContacts(desk, dead, 300);

    const [stuck, served] = await Promise.all([opens(desk, dead, 'stuck'), opens(desk, alive, 'served')]);

    expect([stuck.status, served.status]).toEqual(['waiting', 'assigned']);
  });

  test('contacts that may not go back to their releaser yet keep no younger one waiting', async () => {
    await using desk = await openTestDesk(database, { clock: stoppedClock() });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 0, on: { [source]: 1 } });
    const released = await waitingContacts(desk, source, 300);
    await releasedBy(desk, ann, released);
    await updateOperator(desk, admin, ann, { max_load: 1000 });

    const contact = await opens(desk, source, 'newcomer');
    await desk.drains.idle();

    expect(await statusOf(desk, contact.id)).toBe('assigned');
    expect(await desk.store.em().count(Contact, { status: 'waiting' })).toBe(300);
  });

  test('the queues of several sources move in the order of age for whoever serves them all', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const [one, two] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { maxLoad: 0, on: { [one]: 1, [two]: 1 } });
    const ids: ContactId[] = [];
    for (const [n, source] of [two, one, one, two].entries()) {
      ids.push((await opens(desk, source, `lead ${n}`)).id);
      clock.advance(MINUTE);
    }

    await updateOperator(desk, admin, ann, { max_load: 3 });

    const given = (await givenOut(desk)).map((decision) => decision.contact.id);
    expect(given).toEqual(ids.slice(0, 3));
  });

  test('a released contact goes back to its releaser when ten minutes have passed', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await releaseContact(desk, actingAs(ann), id);
    await desk.drains.idle();

    clock.advance(10 * MINUTE - 1);
    await drainSources(desk, [source]);
    const before = await statusOf(desk, id);
    clock.advance(1);
    await drainSources(desk, [source]);

    expect(before).toBe('waiting');
    expect(await getContact(desk, admin, id)).toMatchObject({ status: 'assigned', operator_id: ann });
  });

  test('a gateway that starts goes on with whatever waits', async () => {
    const clock = stoppedClock();
    await using first = await openTestDesk(database, { clock });
    const source = await hasSource(first);
    const ann = await hasOperator(first, { maxLoad: 0, on: { [source]: 1 } });
    await waitingContacts(first, source, 300);
    await first.store.write((tx) => tx.em.execute('update operator set max_load = 1000 where id = ?', [ann]));

    await using second = await openTestDesk(database, { clock, url: first.databaseUrl });
    await resumeQueues(second);
    await second.drains.idle();

    expect(await loadsOf(second)).toMatchObject([{ load: 300, counted: 300 }]);
  });

  test('a contact that goes back into a long queue gets its decision at once', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 300, on: { [source]: 1 } });
    await waitingContacts(desk, source, 301);
    const held = await desk.store.em().find(Contact, { status: 'assigned' }, { orderBy: { id: 'desc' } });
    await updateOperator(desk, admin, ann, { is_active: false, open_contacts: 'requeue' });

    const { items } = await listDecisions(desk, admin, held[0]!.id, { limit: 10 });

    expect(items.map(({ trigger, outcome }) => [trigger, outcome])).toEqual([
      ['requeued', 'waiting'],
      ['arrival', 'assigned'],
    ]);
    expect(await loadsOf(desk)).toMatchObject([{ load: 0, counted: 0 }]);
  });

  test('a message that joins a contact just given out is told to its operator, not to the queue', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { contactId } = await writes(desk, source, 'lead');
    await releaseContact(desk, actingAs(ann), contactId!);
    await desk.drains.idle();
    clock.advance(10 * MINUTE);

    const [, said] = await Promise.all([writes(desk, source, 'newcomer'), writes(desk, source, 'lead')]);

    expect(said.contactId).toBe(contactId);
    const rows = await desk.store.em().find(Event, { contactId, type: 'message.created' });
    expect(rows.at(-1)).toMatchObject({ statusAfter: 'assigned', operatorAfter: ann });
    expect(rows).toHaveLength(2);
  });
});
