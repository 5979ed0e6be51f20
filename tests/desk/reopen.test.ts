import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions } from '../../src/desk/contact-history.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { reopenContact } from '../../src/desk/reopen-contact.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  movesOf,
  openTestDesk,
  opens,
  stoppedClock,
  supervisor,
  type TestDesk,
  waits,
  writes,
} from '../support/desk.ts';

const paused = 'paused' as const;

async function closed(desk: TestDesk, id: ContactId): Promise<ContactId> {
  await closeContact(desk, admin, id, { reason: 'solved' });
  return id;
}

describe.each(databases)('on %s', (database) => {
  test('a reopened contact goes the way of the rule again, with its age kept', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id, created_at } = await opens(desk, source, 'lead');
    await closed(desk, id);
    clock.advance(60_000);

    const reopened = await reopenContact(desk, actingAs(ann), id, {});

    expect(reopened).toMatchObject({
      status: 'assigned',
      operator_id: ann,
      created_at,
      assigned_at: clock.now().toISOString(),
      closed_at: null,
      close_reason: null,
    });
    expect((await movesOf(desk, id)).slice(-2)).toEqual([
      `reopened ${ann} → - by operator:${ann}: reopened`,
      `assigned - → ${ann} by routing: reopened`,
    ]);
    const [decision] = (await listDecisions(desk, admin, id, { limit: 1 })).items;
    expect(decision).toMatchObject({ trigger: 'reopened', rule: 'strategy', outcome: 'assigned' });
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('it waits where nobody may have it, before those who came after it', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'oldest');
    clock.advance(1000);
    const younger = await waits(desk, source, 'younger');
    const youngest = await waits(desk, source, 'youngest');
    await closed(desk, id);

    const reopened = await reopenContact(desk, admin, id, {});
    expect(reopened).toMatchObject({ status: 'waiting', operator_id: null });

    await closeContact(desk, admin, younger.id, {});
    expect(await getContact(desk, admin, id)).toMatchObject({ status: 'assigned', operator_id: ann });
    expect(await getContact(desk, admin, youngest.id)).toMatchObject({ status: 'waiting' });
  });

  test('where the source returns leads it goes back to who had it, whatever the weights', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { returnPolicy: 'prefer_last' });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await closed(desk, id);
    await hasOperator(desk, { on: { [source]: 1_000_000 } });

    const reopened = await reopenContact(desk, admin, id, {});

    expect(reopened).toMatchObject({ operator_id: ann });
    const [decision] = (await listDecisions(desk, admin, id, { limit: 1 })).items;
    expect(decision).toMatchObject({ rule: 'prefer_last', draw: null, outcome: 'assigned' });
  });

  test('where who had it is full it goes to somebody else', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { returnPolicy: 'prefer_last' });
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await closed(desk, id);
    await opens(desk, source, 'other');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });

    const reopened = await reopenContact(desk, admin, id, {});

    expect(reopened).toMatchObject({ operator_id: bob });
    expect(await loadsOf(desk)).toMatchObject([{ id: ann, load: 1 }, { load: 1 }]);
  });

  test('it goes to the operator that is named, and to nobody who is full or not active', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await closed(desk, id);
    const other = await opens(desk, source, 'other');
    const gone = await hasOperator(desk, { isActive: false });
    const reopen = (operator_id: OperatorId): Promise<unknown> =>
      reopenContact(desk, admin, id, { operator_id });

    await expect(reopen(ann)).rejects.toMatchObject({ code: 'operator-full' });
    await expect(reopen(gone)).rejects.toMatchObject({ code: 'operator-inactive' });
    await expect(reopen(404 as OperatorId)).rejects.toMatchObject({ code: 'invalid' });
    expect(await getContact(desk, admin, id)).toMatchObject({ status: 'closed', version: 2 });

    await closed(desk, other.id);
    expect(await reopen(ann)).toMatchObject({ status: 'assigned', operator_id: ann });
    expect((await movesOf(desk, id)).at(-1)).toBe(`reopened ${ann} → ${ann} by token:environment: reopened`);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }, { load: 0 }]);
  });

  test('of two contacts that are reopened for one seat at once one gets it', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } });
    const ids = [await opens(desk, source, 'a'), await opens(desk, source, 'b')].map(({ id }) => id);
    for (const id of ids) await closed(desk, id);
    await updateOperator(desk, admin, ann, { max_load: 1 });

    const outcomes = await Promise.allSettled(
      ids.map((id) => reopenContact(desk, admin, id, { operator_id: ann })),
    );

    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('an operator reopens its own for a colleague that may be given it, a supervisor for anybody', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await closed(desk, id);
    const colleague = await hasOperator(desk, { on: { [source]: 1 } });
    const resting = await hasOperator(desk, { availability: paused, on: { [source]: 1 } });
    const stranger = await hasOperator(desk);

    for (const operator_id of [resting, stranger])
      await expect(reopenContact(desk, actingAs(ann), id, { operator_id })).rejects.toMatchObject({
        code: 'forbidden',
      });
    expect(await reopenContact(desk, actingAs(ann), id, { operator_id: colleague })).toMatchObject({
      operator_id: colleague,
    });
    await closed(desk, id);
    expect(await reopenContact(desk, supervisor, id, { operator_id: stranger })).toMatchObject({
      operator_id: stranger,
    });
  });

  test('a contact opened by messages stays closed while the lead has another such one open there', async () => {
    await using desk = await openTestDesk(database);
    const [source, other] = [await hasSource(desk), await hasSource(desk)];
    const first = await writes(desk, source, 'lead');
    await closed(desk, first.contactId!);
    const second = await writes(desk, source, 'lead');
    await writes(desk, other, 'lead');

    const early = reopenContact(desk, admin, first.contactId!, {});
    await expect(early).rejects.toMatchObject({ code: 'already-open' });

    await closed(desk, second.contactId!);
    expect(await reopenContact(desk, admin, first.contactId!, {})).toMatchObject({ status: 'waiting' });
  });

  test('contacts that were opened by calls are reopened beside each other', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const first = await opens(desk, source, 'lead');
    await closed(desk, first.id);
    await writes(desk, source, 'lead');
    await opens(desk, source, 'lead');

    expect(await reopenContact(desk, admin, first.id, {})).toMatchObject({ status: 'waiting' });
  });

  test('a message and a reopening at once leave one contact open through messages', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const { contactId } = await writes(desk, source, 'lead');

    for (let n = 0; n < 10; n++) {
      await closed(desk, contactId!);
      const [reopened, said] = await Promise.allSettled([
        reopenContact(desk, admin, contactId!, {}),
        writes(desk, source, 'lead'),
      ]);

      expect(said.status).toBe('fulfilled');
      if (reopened.status === 'rejected') expect(reopened.reason).toMatchObject({ code: 'already-open' });
      const open = await desk.store.em().find(Contact, { byMessage: true, status: { $ne: 'closed' } });
      expect(open).toHaveLength(1);
      await closed(desk, open[0]!.id);
    }
  });

  test('reopening an open contact changes nothing', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const bob = await hasOperator(desk);
    const { id } = await opens(desk, source, 'lead');
    const before = await getContact(desk, admin, id);

    const reopened = await reopenContact(desk, actingAs(ann), id, { operator_id: bob });

    expect(reopened).toEqual(before);
  });

  test('an operator reopens its own contacts alone', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { on: { [source]: 1 } });
    const bob = await hasOperator(desk, { availability: paused, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await closed(desk, id);

    await expect(reopenContact(desk, actingAs(bob), id, {})).rejects.toMatchObject({ code: 'not-found' });
  });
});
