import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import { SourceCreate } from '../../src/contract/source.ts';
import { OperatorCreate } from '../../src/contract/operator.ts';
import type { Cause, Distribution } from '../../src/contract/stats.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { createOperator } from '../../src/desk/create-operator.ts';
import { createSource } from '../../src/desk/create-source.ts';
import { declineContact } from '../../src/desk/decline-contact.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { replaceWeights } from '../../src/desk/source-weights.ts';
import { takeContact } from '../../src/desk/take-contact.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { Decision } from '../../src/store/entities/decision.ts';
import { accountsOf, expectBalanced } from './account.ts';
import { actingAs, admin, databases, openTestDesk, opens, type TestDesk } from '../support/desk.ts';

type Item = Distribution['items'][number];

async function isStaffed(desk: TestDesk, traits: object, ...weights: number[]) {
  const source = (
    await createSource(desk, admin, SourceCreate.parse({ name: 'Shop', code: 'shop', ...traits }))
  ).id;
  const people: OperatorId[] = [];
  for (const place of weights.keys()) {
    const input = OperatorCreate.parse({ name: `Operator ${place}`, max_load: 1000 });
    people.push((await createOperator(desk, admin, input)).id);
  }
  await weighs(desk, people, weights);
  return { source, people };
}

async function weighs(desk: TestDesk, people: OperatorId[], weights: number[]): Promise<void> {
  const operator_weights = people.map((id, place) => ({ operator_id: id, weight: weights[place]! }));
  await replaceWeights(desk, admin, 'shop', { operator_weights });
}

async function writesTimes(
  desk: TestDesk,
  source: SourceId,
  times: number,
  name = 'lead',
): Promise<ContactId[]> {
  const ids: ContactId[] = [];
  for (let time = 0; time < times; time++) ids.push((await opens(desk, source, `${name} ${time}`)).id);
  return ids;
}

/** What is told of the shop, whose parts are checked to be the whole. */
async function accountOf(desk: TestDesk, period: { from?: string; to?: string } = {}): Promise<Item> {
  const [item] = await accountsOf(desk, period);
  expectBalanced(item!);
  return item!;
}

function causesOf(item: Item, id: OperatorId): Partial<Record<Cause, number>> {
  return item.operators.find((operator) => operator.operator_id === id)!.causes;
}

describe.each(databases)('the account of shares on %s', (database) => {
  test('a share lost at the cap, by a pause and by going offline is booked to each', async () => {
    await using desk = await openTestDesk(database);
    const { source, people } = await isStaffed(desk, {}, 10, 10, 20, 60);
    const [full, paused, inactive, free] = people as [OperatorId, OperatorId, OperatorId, OperatorId];
    await updateOperator(desk, admin, full, { max_load: 0 });
    await updateOperator(desk, admin, paused, { availability: 'paused' });
    await updateOperator(desk, admin, inactive, { is_active: false });
    await writesTimes(desk, source, 10);

    const item = await accountOf(desk);

    expect(causesOf(item, full)).toEqual({ 'at-cap': -1 });
    expect(causesOf(item, paused)).toEqual({ paused: -1 });
    expect(causesOf(item, inactive)).toEqual({ inactive: -2 });
    expect(causesOf(item, free)).toEqual({ 'at-cap': 1, paused: 1, inactive: 2 });
    expect(item.fairness).toMatchObject({
      code: 'fair',
      cause: 'inactive',
      operator_id: inactive,
      contacts: -2,
    });
  });

  test('presence counts where the source asks for it', async () => {
    await using desk = await openTestDesk(database);
    const { source, people } = await isStaffed(desk, { require_presence: true }, 1, 1);
    const [contact] = await writesTimes(desk, source, 1);
    await assignContact(desk, admin, contact!, { operator_id: people[0]! });

    const item = await accountOf(desk);

    // Routing never gave it to anybody.
    expect(causesOf(item, people[0]!)).toEqual({ manual: 0.5 });
    expect(causesOf(item, people[1]!)).toEqual({ manual: -0.5 });
  });

  test('what is declined is told as such', async () => {
    await using desk = await openTestDesk(database);
    const { source } = await isStaffed(desk, { offer_seconds: 60 }, 1, 1);
    const { id, operator_id: offered } = await opens(desk, source, 'declined');
    await declineContact(desk, actingAs(offered!), id, {});

    expect(causesOf(await accountOf(desk), offered!)).toEqual({ declined: -1, chance: 0.5 });
  });

  test('what is released is told as such, and given back by hand it is by hand as well', async () => {
    await using desk = await openTestDesk(database);
    const { source } = await isStaffed(desk, {}, 1, 1);
    const { id, operator_id: first } = await opens(desk, source, 'released');
    await releaseContact(desk, actingAs(first!), id);
    const released = await accountOf(desk);
    await assignContact(desk, admin, id, { operator_id: first! });

    const item = await accountOf(desk);

    expect(causesOf(released, first!)).toEqual({ 'released-by': -1, chance: 0.5 });
    expect(causesOf(item, first!)).toEqual({ 'released-by': -1, chance: 0.5, manual: 1 });
  });

  test('a contact that somebody took from the queue is by hand', async () => {
    await using desk = await openTestDesk(database);
    const { source, people } = await isStaffed(desk, {}, 1, 3);
    for (const id of people) await updateOperator(desk, admin, id, { availability: 'paused' });
    const [contact] = await writesTimes(desk, source, 1);
    await takeContact(desk, actingAs(people[0]!), contact!);

    expect(causesOf(await accountOf(desk), people[0]!)).toEqual({ manual: 0.75 });
  });

  test('the weights in force count at each moment, also those of who is gone from the source', async () => {
    await using desk = await openTestDesk(database);
    const { source, people } = await isStaffed(desk, {}, 1, 0);
    await writesTimes(desk, source, 4, 'before');
    await weighs(desk, people, [1, 3]);
    await writesTimes(desk, source, 4, 'after');
    await replaceWeights(desk, admin, 'shop', { operator_weights: [{ operator_id: people[1]!, weight: 5 }] });

    const item = await accountOf(desk);

    expect(item.operators).toMatchObject([
      { operator_id: people[0], weight: 0, expected_count: 5, expected_share: 0.625 },
      { operator_id: people[1], weight: 5, expected_count: 3, expected_share: 0.375 },
    ]);
  });

  test('more operators than a decision shows are accounted for all the same', async () => {
    await using desk = await openTestDesk(database);
    const { source, people } = await isStaffed(desk, {}, ...Array.from({ length: 30 }, () => 1));
    for (const id of people.slice(0, 15)) await updateOperator(desk, admin, id, { availability: 'paused' });
    await writesTimes(desk, source, 30);

    const item = await accountOf(desk);

    for (const id of people.slice(0, 15)) expect(causesOf(item, id)).toEqual({ paused: -1 });
    for (const id of people.slice(15)) expect(causesOf(item, id)).toMatchObject({ paused: 1 });
  });

  test('who declines what then waits does not look as if the draws had passed it over', async () => {
    await using desk = await openTestDesk(database);
    const { source, people } = await isStaffed(desk, { offer_seconds: 60 }, 1, 1);
    const [one, other] = people as [OperatorId, OperatorId];
    for (let n = 0; n < 40; n++) {
      const { id, operator_id: drawn } = await opens(desk, source, `lead ${n}`);
      if (drawn !== one) continue;
      await updateOperator(desk, admin, other, { availability: 'paused' });
      await declineContact(desk, actingAs(one), id, {});
      await closeContact(desk, admin, id, {});
      await updateOperator(desk, admin, other, { availability: 'available' });
    }

    const item = await accountOf(desk);

    expect(item.unassigned).toBeGreaterThan(10);
    expect(item.fairness.code).toBe('fair');
    for (const { z_score: z } of item.operators) expect(Math.abs(z!)).toBeLessThan(3);
  });

  test('what an older release decided is unexplained, not guessed', async () => {
    await using desk = await openTestDesk(database);
    const { source, people } = await isStaffed(desk, {}, 1, 1);
    await updateOperator(desk, admin, people[0]!, { availability: 'paused' });
    await writesTimes(desk, source, 2);
    await desk.store.em().nativeUpdate(Decision, {}, { situation: null });

    const item = await accountOf(desk);

    expect(causesOf(item, people[0]!)).toEqual({ unexplained: -1 });
  });

  test('only contacts of the period count, and those nobody has are told apart', async () => {
    await using desk = await openTestDesk(database);
    const { source, people } = await isStaffed(desk, {}, 1);
    const [first] = await writesTimes(desk, source, 1);
    await closeContact(desk, admin, first!, {});
    await updateOperator(desk, admin, people[0]!, { availability: 'paused' });
    await writesTimes(desk, source, 2, 'later');

    expect(await accountOf(desk)).toMatchObject({ total: 3, unassigned: 2, operators: [{ count: 1 }] });
    const later = await accountOf(desk, { from: '2100-01-01T00:00:00Z' });
    expect(later).toMatchObject({ total: 0, operators: [{ count: 0, expected_share: 1, causes: {} }] });
    expect(later.fairness.code).toBe('no-contacts');
  });
});
