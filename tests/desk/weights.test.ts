import { describe, expect, test } from 'vitest';
import type { OperatorId, SourceId } from '../../src/contract/ids.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { setOperatorWeight } from '../../src/desk/set-operator-weight.ts';
import { listWeights, mergeWeights, removeWeight, replaceWeights } from '../../src/desk/source-weights.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  type TestDesk,
} from '../support/desk.ts';
import { configVersion, eventsOf } from './administration.ts';

const weigh = (...weights: [OperatorId, number][]) => ({
  operator_weights: weights.map(([operator_id, weight]) => ({ operator_id, weight })),
});

/** The weights of a source by operator, as the list shows them. */
async function weightsOf(desk: TestDesk, source: SourceId): Promise<[OperatorId, number][]> {
  const { items } = await listWeights(desk, admin, String(source));
  return items.map((item) => [item.operator_id, item.weight]);
}

describe.each(databases)('on %s', (database) => {
  test('weights 10 and 30 are shares of 25 and 75 percent', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { code: 'site' });
    const ann = await hasOperator(desk, { name: 'Ann' });
    const bob = await hasOperator(desk, { name: 'Bob', maxLoad: 0 });
    const eve = await hasOperator(desk, { name: 'Eve' });

    const { items, next_cursor } = await replaceWeights(
      desk,
      admin,
      'site',
      weigh([bob, 30], [ann, 10], [eve, 0]),
    );

    const common = { is_active: true, load: 0 };
    expect(items).toEqual([
      {
        operator_id: ann,
        operator_name: 'Ann',
        weight: 10,
        share: 0.25,
        ...common,
        max_load: 10,
        eligible: true,
        reason: null,
      },
      {
        operator_id: bob,
        operator_name: 'Bob',
        weight: 30,
        share: 0.75,
        ...common,
        max_load: 0,
        eligible: false,
        reason: 'at-cap',
      },
      {
        operator_id: eve,
        operator_name: 'Eve',
        weight: 0,
        share: 0,
        ...common,
        max_load: 10,
        eligible: false,
        reason: 'zero-weight',
      },
    ]);
    expect(next_cursor).toBeNull();
    expect((await listWeights(desk, admin, String(source))).items).toEqual(items);
  });

  test('shares are 0 where no weight is above 0', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { on: { [source]: 0 } });

    expect((await listWeights(desk, admin, String(source))).items).toMatchObject([{ share: 0 }]);
  });

  test('replacing drops whom it does not name, merging leaves them', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const [ann, bob, eve] = [
      await hasOperator(desk, { on: { [source]: 1 } }),
      await hasOperator(desk, { on: { [source]: 2 } }),
      await hasOperator(desk),
    ];

    await mergeWeights(desk, admin, String(source), weigh([bob, 20], [eve, 30]));
    const merged = await weightsOf(desk, source);
    await replaceWeights(desk, admin, String(source), weigh([eve, 5]));
    const replaced = await weightsOf(desk, source);
    await replaceWeights(desk, admin, String(source), weigh());

    expect(merged).toEqual([
      [ann, 1],
      [bob, 20],
      [eve, 30],
    ]);
    expect(replaced).toEqual([[eve, 5]]);
    expect(await weightsOf(desk, source)).toEqual([]);
  });

  test('an unknown and a repeated operator are named at their places, and nothing is kept', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const before = await configVersion(desk);
    const faulty = weigh([ann, 5], [4711 as OperatorId, 5], [ann, 6]);

    for (const verb of [replaceWeights, mergeWeights])
      await expect(verb(desk, admin, String(source), faulty)).rejects.toMatchObject({
        code: 'invalid',
        details: {
          errors: [
            { path: 'operator_weights.1.operator_id', message: 'there is no operator 4711' },
            { path: 'operator_weights.2.operator_id', message: `operator ${ann} is named twice` },
          ],
        },
      });

    expect(await weightsOf(desk, source)).toEqual([[ann, 1]]);
    expect(await configVersion(desk)).toBe(before);
  });

  test('a weight that is set gives the queue out, counts as a change and is told', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk);
    const contact = await opens(desk, source, 'lead');
    const before = await configVersion(desk);

    const set = await setOperatorWeight(desk, admin, ann, { source_id: source, weight: 1_000_000 });

    expect(set).toEqual({ operator_id: ann, source_id: source, weight: 1_000_000 });
    expect(await getContact(desk, admin, contact.id)).toMatchObject({ operator_id: ann });
    expect(await configVersion(desk)).toBe(before + 1);
    expect(await eventsOf(desk, 'source.updated')).toMatchObject([{ sourceId: source }]);
  });

  test('setting a weight needs an operator and a source that are there', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk);

    const noOperator = setOperatorWeight(desk, admin, 4711 as OperatorId, { source_id: source, weight: 1 });
    await expect(noOperator).rejects.toMatchObject({ code: 'not-found' });
    const noSource = setOperatorWeight(desk, admin, ann, { source_id: 4711 as SourceId, weight: 1 });
    await expect(noSource).rejects.toMatchObject({ code: 'not-found' });
  });

  test('an operator is taken off a source once', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });

    await removeWeight(desk, admin, String(source), ann);

    expect(await weightsOf(desk, source)).toEqual([]);
    await expect(removeWeight(desk, admin, String(source), ann)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('ten thousand weights are set at once', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const rows = await hasTenThousand(desk);

    const { items } = await replaceWeights(desk, admin, String(source), weigh(...rows));
    await mergeWeights(desk, admin, String(source), weigh(...rows));

    expect(items).toHaveLength(10_000);
    expect(items.at(-1)).toMatchObject({ weight: 10_000, eligible: true });
  });

  test('supervisors see weights, operators do not, and only admins set them', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const ref = String(source);
    const [operator, supervisor] = [actingAs(ann), actingAs(ann, 'supervisor')];

    expect((await listWeights(desk, supervisor, ref)).items).toHaveLength(1);

    await expect(listWeights(desk, operator, ref)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(replaceWeights(desk, supervisor, ref, weigh())).rejects.toMatchObject({ code: 'forbidden' });
    await expect(removeWeight(desk, supervisor, ref, ann)).rejects.toMatchObject({ code: 'forbidden' });
    const raised = setOperatorWeight(desk, operator, ann, { source_id: source, weight: 9 });
    await expect(raised).rejects.toMatchObject({ code: 'forbidden' });
  });
});

/** Operators with weights 1 to 10,000. */
async function hasTenThousand(desk: TestDesk): Promise<[OperatorId, number][]> {
  const first = await hasOperator(desk);
  const now = desk.clock.now();
  const operators = Array.from({ length: 9_999 }, (_, index) => ({
    name: `Operator ${index}`,
    role: 'operator' as const,
    isActive: true,
    availability: 'available' as const,
    isOnline: false,
    maxLoad: 1,
    load: 0,
    createdAt: now,
    updatedAt: now,
  }));
  await desk.store.write((tx) => tx.em.insertMany(Operator, operators));
  return Array.from({ length: 10_000 }, (_, index) => [(first + index) as OperatorId, index + 1]);
}
