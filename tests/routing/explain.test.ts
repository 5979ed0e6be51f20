import { expect, test } from 'vitest';
import { decide, type Wish } from '../../src/routing/decide.ts';
import { explain } from '../../src/routing/explain.ts';
import { Pool } from '../../src/routing/pool.ts';
import type { Draw } from '../../src/routing/strategy.ts';
import {
  manyFacts,
  noDraw,
  operator,
  passingOver,
  someFacts,
  someRules,
  ticketOf,
} from './support/builders.ts';
import { give, poolOf } from './support/pools.ts';

function explained(pool: Pool, draw: Draw, wish?: Wish) {
  return explain(pool, decide(pool, draw, wish));
}

test('an explanation tells who stood there, who was refused and what was drawn', () => {
  const pool = new Pool(someRules(), [
    someFacts(1, { weight: 10 }),
    someFacts(2, { weight: 20, load: 5, maxLoad: 5 }),
    someFacts(3, { weight: 30 }),
  ]);

  const explanation = explained(pool, ticketOf(12));

  const candidate = { load: 0, max_load: 5, eligible: true, reason: null };
  expect(explanation).toEqual({
    outcome: 'assigned',
    operator_id: 3,
    candidate_count: 3,
    rule: 'strategy',
    draw: 12,
    turn: null,
    runner_up: null,
    total_weight: 40,
    situation: '.c.',
    refused: { 'at-cap': 1 },
    candidates: [
      { ...candidate, operator_id: 1, weight: 10, weight_before: 0 },
      {
        operator_id: 2,
        weight: 20,
        load: 5,
        max_load: 5,
        eligible: false,
        reason: 'at-cap',
        weight_before: 10,
      },
      { ...candidate, operator_id: 3, weight: 30, weight_before: 10 },
    ],
  });
});

test('a contact that waits is explained by the reasons of all', () => {
  const pool = new Pool(someRules(), [someFacts(1, { weight: 0 }), someFacts(2, { isActive: false })]);

  expect(explained(pool, noDraw)).toMatchObject({
    outcome: 'waiting',
    operator_id: null,
    rule: 'strategy',
    draw: null,
    total_weight: 0,
    situation: null,
    refused: { 'zero-weight': 1, inactive: 1 },
    candidates: [{ reason: 'zero-weight' }, { reason: 'inactive' }],
  });
});

test('the releaser is refused as such and its weight does not count', () => {
  const pool = new Pool(someRules(), manyFacts(3));

  expect(explained(pool, ticketOf(15), { except: passingOver(operator(2)) })).toMatchObject({
    operator_id: 3,
    total_weight: 20,
    refused: { 'released-by': 1 },
    candidates: [
      { eligible: true, weight_before: 0 },
      { eligible: false, reason: 'released-by', weight_before: 10 },
      { eligible: true, weight_before: 10 },
    ],
  });
});

test('a releaser who is full as well is refused as full', () => {
  const pool = new Pool(someRules(), [someFacts(1, { load: 5, maxLoad: 5 }), someFacts(2)]);

  const { refused } = explained(pool, ticketOf(0), { except: passingOver(operator(1)) });

  expect(refused).toEqual({ 'at-cap': 1 });
});

test('the weight of a releaser who stands first counts for nobody', () => {
  const pool = new Pool(someRules(), manyFacts(3));

  const { candidates } = explained(pool, ticketOf(0), { except: passingOver(operator(1)) });

  expect(candidates.map((one) => one.weight_before)).toEqual([0, 0, 10]);
});

test('where there are no operators, there is nothing to tell of them', () => {
  expect(explained(new Pool(someRules(), []), noDraw)).toMatchObject({
    outcome: 'waiting',
    refused: {},
    candidate_count: 0,
    candidates: [],
  });
});

test('going back to the last operator is explained without a draw', () => {
  const pool = new Pool(someRules(), manyFacts(3));

  expect(explained(pool, noDraw, { prefer: operator(2) })).toMatchObject({
    rule: 'prefer_last',
    operator_id: 2,
    draw: null,
    total_weight: 30,
  });
});

test('20 candidates are all shown', () => {
  const pool = new Pool(someRules(), manyFacts(20));

  const { candidates } = explained(pool, ticketOf(199));

  expect(candidates.map((one) => one.operator_id)).toEqual(manyFacts(20).map((one) => one.operatorId));
});

test.each([
  ['the middle', 505, 41, 60],
  ['the begin', 35, 1, 20],
  ['the end', 985, 81, 100],
])('of 100 candidates 20 are shown around the chosen one in %s', (_, ticket, first, last) => {
  const pool = new Pool(someRules(), manyFacts(100));

  const { candidates, operator_id: chosen } = explained(pool, ticketOf(ticket));

  expect(candidates).toHaveLength(20);
  expect(candidates[0]).toMatchObject({ operator_id: first, weight_before: (first - 1) * 10 });
  expect(candidates[19]).toMatchObject({ operator_id: last, weight_before: (last - 1) * 10 });
  expect(candidates.some((one) => one.operator_id === chosen)).toBe(true);
});

test('the first 20 are shown when nobody of many is eligible', () => {
  const pool = new Pool(someRules({ isActive: false }), manyFacts(100));

  const { candidates, refused } = explained(pool, noDraw);

  expect(candidates.map((one) => one.operator_id)).toEqual(manyFacts(20).map((one) => one.operatorId));
  expect(refused).toEqual({ 'source-inactive': 100 });
});

test('a releaser before the shown row takes its weight out of the sums', () => {
  const pool = new Pool(someRules(), manyFacts(100));

  const { candidates, refused } = explained(pool, ticketOf(505), { except: passingOver(operator(3)) });

  expect(candidates[0]).toMatchObject({ operator_id: 42, weight_before: 400 });
  expect(refused).toEqual({ 'released-by': 1 });
});

test('where a strategy goes by an order, how far it had come is told, each mark, and who would have been next', () => {
  const pool = poolOf('least_loaded', [
    someFacts(1, { weight: 10 }),
    someFacts(2, { weight: 20, load: 5 }),
    someFacts(3, { weight: 30 }),
    someFacts(4, { weight: 30 }),
  ]);
  give(pool);

  expect(explained(pool, noDraw)).toMatchObject({
    operator_id: 4,
    draw: null,
    turn: 1,
    runner_up: { operator_id: 3, eligible: true, weight: 30, weight_before: 10, mark: 1 },
    candidates: [{ mark: null }, { reason: 'at-cap', mark: null }, { mark: 1 }, { mark: null }],
  });
});

test('who would have been next is told with the weight before it, without that of whoever is left out', () => {
  const pool = poolOf('least_loaded', manyFacts(100));

  const explanation = explained(pool, noDraw, { except: passingOver(operator(1), operator(3)) });

  expect(explanation).toMatchObject({
    operator_id: 2,
    runner_up: { operator_id: 4, weight_before: 10, mark: null },
    refused: { 'released-by': 1, declined: 1 },
  });
});

test('nobody would have been next when a contact waits, or goes back to its last operator', () => {
  const pool = poolOf('smooth_weighted', manyFacts(3));
  const everybody = passingOver(...manyFacts(3).map((one) => one.operatorId));

  const [waits, returns] = [{ except: everybody }, { prefer: operator(3) }].map((wish) =>
    explained(pool, noDraw, wish),
  );

  expect(waits).toMatchObject({ outcome: 'waiting', turn: 0, runner_up: null });
  expect(returns).toMatchObject({ operator_id: 3, turn: 0, runner_up: null });
});

test('without an order no candidate has a mark', () => {
  const { candidates } = explained(new Pool(someRules(), manyFacts(1)), ticketOf(0));

  expect(candidates[0]).not.toHaveProperty('mark');
});

test('explaining leaves the pool as it was', () => {
  const pool = new Pool(someRules(), manyFacts(100));

  explained(pool, ticketOf(505), { except: passingOver(operator(3)) });

  expect(pool.totalWeight).toBe(1_000);
  expect(pool.refusedCounts()).toEqual({});
});
