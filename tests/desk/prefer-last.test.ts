import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { takeContact } from '../../src/desk/take-contact.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  stoppedClock,
  waits,
  writes,
} from '../support/desk.ts';

const returning = { returnPolicy: 'prefer_last' as const };
const HEAVY = 1_000_000;

const holderOf = async (desk: Desk, id: ContactId): Promise<OperatorId | null> =>
  (await getContact(desk, admin, id)).operator_id;

/** The lead was with this operator before, and nothing of it is open any more. */
async function wasWith(desk: Desk, source: SourceId, lead: string): Promise<OperatorId> {
  const contact = await opens(desk, source, lead);
  await closeContact(desk, admin, contact.id, {});
  return contact.operator_id!;
}

describe.each(databases)('on %s', (database) => {
  test('a lead that comes back gets the operator it had, whatever the weights, and the decision says so', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, returning);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    await wasWith(desk, source, 'lead');
    await hasOperator(desk, { on: { [source]: HEAVY } });

    const byCall = await opens(desk, source, 'lead');
    await closeContact(desk, admin, byCall.id, {});
    const byMessage = await writes(desk, source, 'lead');

    expect(byCall.operator_id).toBe(ann);
    expect(byCall.decision).toMatchObject({ rule: 'prefer_last', draw: null, operator_id: ann });
    expect(await holderOf(desk, byMessage.contactId!)).toBe(ann);
  });

  test('it is the operator that had the lead last, not first', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, returning);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const bob = await hasOperator(desk, { availability: 'paused', on: { [source]: 1 } });
    await wasWith(desk, source, 'lead');
    const second = await opens(desk, source, 'lead');
    await releaseContact(desk, actingAs(ann), second.id);
    await takeContact(desk, actingAs(bob), second.id);
    await closeContact(desk, actingAs(bob), second.id, {});
    await updateOperator(desk, admin, bob, { availability: 'available' });

    const third = await opens(desk, source, 'lead');

    expect(third.operator_id).toBe(bob);
  });

  test.each([
    ['full', { max_load: 0 }],
    ['paused', { availability: 'paused' as const }],
    ['not active', { is_active: false }],
  ])('where that operator is %s the weights decide', async (_, change) => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, returning);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    await wasWith(desk, source, 'lead');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });
    await updateOperator(desk, admin, ann, change);

    const contact = await opens(desk, source, 'lead');

    expect(contact).toMatchObject({ operator_id: bob, decision: { rule: 'strategy' } });
  });

  test('an operator that lost its weight on the source gets nobody back', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, returning);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    await wasWith(desk, source, 'lead');
    await desk.store.write((tx) => tx.em.execute('update source_operator set weight = 0'));

    const contact = await opens(desk, source, 'lead');

    expect(contact).toMatchObject({ status: 'waiting', decision: { refused: { 'zero-weight': 1 } } });
    expect(contact.decision.candidates).toMatchObject([{ operator_id: ann, reason: 'zero-weight' }]);
  });

  test('each source remembers for itself, and only where it is told to', async () => {
    await using desk = await openTestDesk(database);
    const [returns, routes] = [await hasSource(desk, returning), await hasSource(desk)];
    await hasOperator(desk, { on: { [returns]: 1, [routes]: 1 } });
    for (const source of [returns, routes]) await wasWith(desk, source, 'lead');
    await wasWith(desk, routes, 'elsewhere');
    const bob = await hasOperator(desk, { on: { [returns]: HEAVY, [routes]: HEAVY } });

    const rules = [
      await opens(desk, returns, 'lead'),
      await opens(desk, returns, 'elsewhere'),
      await opens(desk, routes, 'lead'),
    ].map(({ decision }) => decision.rule);

    expect(rules).toEqual(['prefer_last', 'strategy', 'strategy']);
    expect((await opens(desk, returns, 'new')).operator_id).toBe(bob);
  });

  test('a lead that had to wait gets its operator back when the queue moves', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, returning);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    await wasWith(desk, source, 'lead');
    await updateOperator(desk, admin, ann, { availability: 'paused' });
    const { id } = await waits(desk, source, 'lead');
    const bob = await hasOperator(desk, { isActive: false, on: { [source]: HEAVY } });
    await desk.store.write((tx) =>
      tx.em.execute('update operator set is_active = ? where id = ?', [true, bob]),
    );

    await updateOperator(desk, admin, ann, { availability: 'available' });

    expect(await holderOf(desk, id)).toBe(ann);
  });

  test('a contact is not returned to who has just released it, though the lead was theirs', async () => {
    await using desk = await openTestDesk(database, { clock: stoppedClock() });
    const source = await hasSource(desk, returning);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    await wasWith(desk, source, 'lead');
    const { id } = await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });

    await releaseContact(desk, actingAs(ann), id);

    expect(await holderOf(desk, id)).toBe(bob);
  });
});
