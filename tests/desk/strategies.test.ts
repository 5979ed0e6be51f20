import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions } from '../../src/desk/contact-history.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { openRoster } from '../../src/desk/roster.ts';
import { mergeWeights } from '../../src/desk/source-weights.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { decide } from '../../src/routing/decide.ts';
import { replay } from '../../src/routing/replay.ts';
import { Decision } from '../../src/store/entities/decision.ts';
import { StrategyMemory } from '../../src/store/entities/strategy-memory.ts';
import { somebodyWaits } from '../store/ground.ts';
import { admin, databases, hasOperator, hasSource, openTestDesk, opens } from '../support/desk.ts';

const smooth = { strategy: 'smooth_weighted' as const };
const WEIGHTS = [1, 3, 6];

/** A source with an operator for each weight. */
async function hasTeam(desk: Desk, weights: number[], traits = {}): Promise<[SourceId, OperatorId[]]> {
  const source = await hasSource(desk, traits);
  const operators: OperatorId[] = [];
  for (const weight of weights)
    operators.push(await hasOperator(desk, { maxLoad: 1_000, on: { [source]: weight } }));
  return [source, operators];
}

/** Whom the contacts went to, in the order in which that was decided. */
async function choicesOf(desk: Desk): Promise<(OperatorId | null)[]> {
  const rows = await desk.store.em().find(Decision, {}, { orderBy: { id: 'asc' } });
  return rows.map((row) => row.operatorId ?? null);
}

/** The largest distance of anybody from its share, at any prefix. */
function farthest(choices: (OperatorId | null)[], operators: OperatorId[], weights: number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const distances = choices.flatMap((_, place) =>
    operators.map((id, n) => {
      const got = choices.slice(0, place + 1).filter((one) => one === id).length;
      return Math.abs(((place + 1) * weights[n]!) / total - got);
    }),
  );
  return Math.max(...distances);
}

async function faultsOf(desk: Desk, ids: ContactId[]): Promise<string[]> {
  const pages = await Promise.all(ids.map((id) => listDecisions(desk, admin, id, { limit: 50 })));
  return pages.flatMap(({ items }) => items).flatMap((record) => replay(record).faults);
}

describe.each(databases)('on %s', (database) => {
  test('shares hold at every prefix, though contacts arrive together', async () => {
    await using desk = await openTestDesk(database);
    const [source, operators] = await hasTeam(desk, WEIGHTS, smooth);

    const contacts = await Promise.all(
      Array.from({ length: 100 }, (_, n) => opens(desk, source, `lead-${n}`)),
    );

    expect(farthest(await choicesOf(desk), operators, WEIGHTS)).toBeLessThan(1);
    expect(
      await faultsOf(
        desk,
        contacts.map(({ id }) => id),
      ),
    ).toEqual([]);
  });

  test('shares go on after a restart where they stood', async () => {
    await using desk = await openTestDesk(database);
    const [source, operators] = await hasTeam(desk, WEIGHTS, smooth);
    for (let n = 0; n < 7; n++) await opens(desk, source, `before-${n}`);
    desk.rosterMemory.last = null;

    for (let n = 0; n < 13; n++) {
      await opens(desk, source, `after-${n}`);
      desk.rosterMemory.last = null;
    }

    expect(farthest(await choicesOf(desk), operators, WEIGHTS)).toBeLessThan(1);
  });

  test('a drain goes by the strategy as well', async () => {
    await using desk = await openTestDesk(database);
    const [source, operators] = await hasTeam(desk, WEIGHTS, { ...smooth, isActive: false });
    for (let n = 0; n < 20; n++) await opens(desk, source, `lead-${n}`);
    const waited = (await choicesOf(desk)).length;

    await updateSource(desk, admin, String(source), { is_active: true });
    await desk.drains.idle();

    const drained = (await choicesOf(desk)).slice(waited);
    expect(drained).toHaveLength(20);
    expect(farthest(drained, operators, WEIGHTS)).toBeLessThan(1);
  });

  test('of two as busy as one another the one who waited longer is next', async () => {
    await using desk = await openTestDesk(database);
    const [source, [ann, bob]] = await hasTeam(desk, [1, 1], { strategy: 'least_loaded' });
    const first = await opens(desk, source, 'first');
    const second = await opens(desk, source, 'second');
    await closeContact(desk, admin, second.id, {});
    await closeContact(desk, admin, first.id, {});

    const third = await opens(desk, source, 'third');

    expect([first, second, third].map((one) => one.operator_id)).toEqual([ann, bob, ann]);
    expect(await faultsOf(desk, [first.id, second.id, third.id])).toEqual([]);
  });

  test('the smaller part of the cap in use comes first, whatever the weights', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { strategy: 'least_loaded' });
    const small = await hasOperator(desk, { maxLoad: 2, on: { [source]: 100 } });
    const large = await hasOperator(desk, { maxLoad: 4, on: { [source]: 1 } });

    for (let n = 0; n < 7; n++) await opens(desk, source, `lead-${n}`);

    // 0/2 and 0/4: the weight; then 1/2 against 0/4, 1/4, 2/4, and the weight again; then both are full.
    expect(await choicesOf(desk)).toEqual([small, large, large, small, large, large, null]);
  });

  test('who gives a contact back is left out, and its share does not grow for it', async () => {
    await using desk = await openTestDesk(database);
    const [source, operators] = await hasTeam(desk, [1, 1], smooth);
    const contact = await opens(desk, source, 'lead');

    const again = await releaseContact(desk, admin, contact.id);

    expect(again.operator_id).toBe(operators.find((id) => id !== contact.operator_id));
    expect(await faultsOf(desk, [contact.id])).toEqual([]);
  });

  test('other weights, and another strategy, begin anew', async () => {
    await using desk = await openTestDesk(database);
    const [source, [ann, bob]] = await hasTeam(desk, [1, 9], smooth);
    for (let n = 0; n < 4; n++) await opens(desk, source, `before-${n}`);
    const kept = () => desk.store.em().count(StrategyMemory, { source });
    const before = await kept();

    await mergeWeights(desk, admin, String(source), {
      operator_weights: [
        { operator_id: ann!, weight: 5 },
        { operator_id: bob!, weight: 5 },
      ],
    });
    const afterWeights = await kept();
    const next = [];
    for (let n = 0; n < 10; n++) next.push((await opens(desk, source, `after-${n}`)).operator_id);
    await updateSource(desk, admin, String(source), { strategy: 'least_loaded' });

    expect([before, afterWeights, await kept()]).toEqual([1, 0, 0]);
    expect(next.filter((id) => id === ann)).toHaveLength(5);
  });
});

test('two gateways hold the shares together', async () => {
  await using here = await openTestDesk('postgresql');
  const [source, operators] = await hasTeam(here, WEIGHTS, smooth);
  await using there = await openTestDesk('postgresql', { url: here.databaseUrl });

  await Promise.all(
    Array.from({ length: 100 }, (_, n) => opens(n % 2 === 0 ? here : there, source, `lead-${n}`)),
  );

  const counts = await here.store
    .em()
    .execute<{ operator_id: string; turn: number }[]>('select operator_id, turn from decision order by turn');
  const choices = counts.map((row) => Number(row.operator_id) as OperatorId);
  expect(new Set(counts.map((row) => row.turn)).size).toBe(100);
  expect(farthest(choices, operators, WEIGHTS)).toBeLessThan(1);
});

test('what was chosen while weights changed is forgotten with the rest', async () => {
  await using desk = await openTestDesk('postgresql');
  const [source, [ann]] = await hasTeam(desk, [1, 9], smooth);
  let changing: Promise<unknown> | undefined;

  await desk.store.write(async (tx) => {
    const roster = await openRoster(tx, [source]);
    roster.carryOut(
      source,
      decide(roster.pool(source), () => 0),
    );
    changing = mergeWeights(desk, admin, String(source), {
      operator_weights: [{ operator_id: ann!, weight: 90 }],
    });
    await Promise.race([changing, somebodyWaits(desk)]);
    await roster.writeMemory(tx);
  });
  await changing;

  expect(await desk.store.em().count(StrategyMemory, { source })).toBe(0);
});
