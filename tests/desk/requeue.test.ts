import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions } from '../../src/desk/contact-history.ts';
import { getContact } from '../../src/desk/contacts.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import {
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  movesOf,
  openTestDesk,
  opens,
  stoppedClock,
  waits,
  writes,
} from '../support/desk.ts';

const requeue = { is_active: false, open_contacts: 'requeue' as const };

const holderOf = async (desk: Desk, id: ContactId): Promise<OperatorId | null> =>
  (await getContact(desk, admin, id)).operator_id;

describe.each(databases)('on %s', (database) => {
  test('what a deactivated operator had waits again with its age kept, where nobody else is', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id, created_at } = await opens(desk, source, 'lead');
    clock.advance(60_000);

    await updateOperator(desk, admin, ann, requeue);

    expect(await getContact(desk, admin, id)).toMatchObject({
      status: 'waiting',
      operator_id: null,
      assigned_at: null,
      created_at,
      version: 2,
    });
    expect((await movesOf(desk, id)).at(-1)).toBe(
      `waiting ${ann} → - by token:environment: operator-deactivated`,
    );
    const [decision] = (await listDecisions(desk, admin, id, { limit: 1 })).items;
    expect(decision).toMatchObject({ trigger: 'requeued', outcome: 'waiting', refused: { inactive: 1 } });
    expect(await loadsOf(desk)).toMatchObject([{ load: 0, counted: 0 }]);
  });

  test('it goes to others, the oldest first, before those who came later', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } });
    const contacts = [];
    for (const lead of ['oldest', 'older']) {
      contacts.push((await opens(desk, source, lead)).id);
      clock.advance(1000);
    }
    contacts.push((await waits(desk, source, 'young')).id);
    const bob = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });

    await updateOperator(desk, admin, ann, requeue);

    const holders = await Promise.all(contacts.map((id) => holderOf(desk, id)));
    expect(holders).toEqual([bob, null, null]);
    expect(await loadsOf(desk)).toMatchObject([
      { id: ann, load: 0 },
      { id: bob, load: 1, counted: 1 },
    ]);
  });

  test('contacts of several sources go back each to its own queue', async () => {
    await using desk = await openTestDesk(database);
    const [one, two] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { on: { [one]: 1, [two]: 1 } });
    const [a, b] = [await opens(desk, one, 'a'), await opens(desk, two, 'b')];
    const bob = await hasOperator(desk, { on: { [two]: 1 } });

    await updateOperator(desk, admin, ann, requeue);

    expect([await holderOf(desk, a.id), await holderOf(desk, b.id)]).toEqual([null, bob]);
  });

  test('a contact on a source where the operator has no weight any more is given back too', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await desk.store.write((tx) => tx.em.execute('delete from source_operator'));
    const bob = await hasOperator(desk, { on: { [source]: 1 } });

    await updateOperator(desk, admin, ann, requeue);

    expect(await holderOf(desk, id)).toBe(bob);
  });

  test('closed contacts stay as they are, and those that waited for the operator go on waiting', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const closed = await opens(desk, source, 'closed');
    await closeContact(desk, admin, closed.id, {});
    const released = await opens(desk, source, 'released');
    await releaseContact(desk, admin, released.id);
    await desk.drains.idle();
    const before = await getContact(desk, admin, closed.id);

    await updateOperator(desk, admin, ann, requeue);

    expect(await getContact(desk, admin, closed.id)).toEqual(before);
    expect(await getContact(desk, admin, released.id)).toMatchObject({ status: 'waiting', version: 2 });
  });

  test('the contact goes on with its messages: the lead’s next one joins it', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { contactId } = await writes(desk, source, 'lead');

    await updateOperator(desk, admin, ann, requeue);

    expect((await writes(desk, source, 'lead')).contactId).toBe(contactId);
  });

  test('contacts that are closed while their operator is deactivated are freed once', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 20, on: { [source]: 1 } });
    const held = await Promise.all(Array.from({ length: 20 }, (_, n) => opens(desk, source, `lead ${n}`)));
    await waits(desk, source, 'waiting');
    const bob = await hasOperator(desk, { maxLoad: 5, on: { [source]: 1 } });

    await Promise.all([
      ...held.slice(0, 10).map(({ id }) => closeContact(desk, admin, id, {})),
      updateOperator(desk, admin, ann, requeue),
    ]);
    await desk.drains.idle();

    expect(await loadsOf(desk)).toMatchObject([
      { id: ann, load: 0, counted: 0 },
      { id: bob, load: 5, counted: 5 },
    ]);
  });
});
