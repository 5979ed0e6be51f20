import { expect, test } from 'vitest';
import { nobody } from '../../src/routing/candidate.ts';
import { Pool } from '../../src/routing/pool.ts';
import { manyFacts, operator, someFacts, someRules, ticketOf } from './support/builders.ts';

test('a pool orders its candidates by id, whatever the order they come in', () => {
  const pool = new Pool(someRules(), [someFacts(30), someFacts(4), someFacts(100)]);

  expect([0, 9, 10, 19, 20, 29].map((ticket) => pool.pick(ticketOf(ticket), nobody).operatorId)).toEqual([
    4, 4, 30, 30, 100, 100,
  ]);
});

test('an operator given twice is a programming error', () => {
  expect(() => new Pool(someRules(), [someFacts(7), someFacts(8), someFacts(7)])).toThrow(
    'an operator stands twice in one pool',
  );
});

test('an empty pool has no weight and refuses nobody', () => {
  const pool = new Pool(someRules(), []);

  expect(pool).toMatchObject({ size: 0, totalWeight: 0 });
  expect(pool.refusedCounts()).toEqual({});
});

test('an operator leaves the draw at its cap and comes back below it', () => {
  const pool = new Pool(someRules(), [someFacts(1, { maxLoad: 2 }), someFacts(2)]);

  pool.setLoad(operator(1), 2);
  const atCap = [pool.isEligible(operator(1)), pool.totalWeight, pool.refusedCounts()];
  pool.setLoad(operator(1), 1);
  const below = [pool.isEligible(operator(1)), pool.totalWeight, pool.refusedCounts()];

  expect(atCap).toEqual([false, 10, { 'at-cap': 1 }]);
  expect(below).toEqual([true, 20, {}]);
});

test('an operator whose cap was lowered below its load gets nothing until the load is below the cap', () => {
  const pool = new Pool(someRules(), [someFacts(1, { load: 5, maxLoad: 2 })]);

  const eligible = [4, 3, 2, 1].map((load) => {
    pool.setLoad(operator(1), load);
    return pool.isEligible(operator(1));
  });

  expect(eligible).toEqual([false, false, false, true]);
});

test('a load says nothing of an operator who is paused', () => {
  const pool = new Pool(someRules(), [someFacts(1, { availability: 'paused', load: 5 })]);

  pool.setLoad(operator(1), 0);

  expect(pool.refusedCounts()).toEqual({ paused: 1 });
  expect(pool.facts(operator(1))).toMatchObject({ load: 0 });
});

test('the load of an operator from elsewhere changes nothing', () => {
  const pool = new Pool(someRules(), [someFacts(1)]);

  pool.setLoad(operator(2), 5);

  expect(pool.has(operator(2))).toBe(false);
  expect(pool.facts(operator(2))).toBeUndefined();
  expect(pool.isEligible(operator(2))).toBe(false);
  expect(pool.totalWeight).toBe(10);
  expect(pool.weightBefore(operator(2))).toBe(0);
  expect(pool.refusedCounts()).toEqual({});
});

test('the facts a pool was built from stay as they were given', () => {
  const facts = [someFacts(2), someFacts(1)];
  const pool = new Pool(someRules(), facts);

  pool.setLoad(operator(2), 3);

  expect(facts).toEqual([someFacts(2), someFacts(1)]);
});

test('refusals are counted by reason', () => {
  const pool = new Pool(someRules({ requirePresence: true }), [
    someFacts(1, { isActive: false }),
    someFacts(2, { availability: 'finishing' }),
    someFacts(3, { availability: 'paused' }),
    someFacts(4, { isOnline: false }),
    someFacts(5, { weight: 0 }),
    someFacts(6),
  ]);

  expect(pool.refusedCounts()).toEqual({ inactive: 1, paused: 2, offline: 1, 'zero-weight': 1 });
});

test.each([-1, 20, 0.5, Number.NaN])('a ticket of %d out of 20 has no holder', (ticket) => {
  const pool = new Pool(someRules(), manyFacts(2));

  expect(() => pool.pick(ticketOf(ticket), nobody)).toThrow(
    new RangeError(`ticket ${ticket} is not an integer from 0 below 20`),
  );
});
