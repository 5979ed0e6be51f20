import { expect, test } from 'vitest';
import { nobody } from '../../src/routing/candidate.ts';
import { carryOut, decide } from '../../src/routing/decide.ts';
import { manyFacts, noDraw, operator, passingOver, someFacts, ticketOf } from './support/builders.ts';
import { give, poolOf } from './support/pools.ts';

test('weighted_random keeps nothing', () => {
  const pool = poolOf('weighted_random', manyFacts(2));
  carryOut(pool, decide(pool, ticketOf(0)));

  expect(pool.turn).toBeNull();
  expect(pool.mark(operator(1))).toBeNull();
  expect(pool.memory).toEqual({ turn: 0, marks: new Map() });
  expect(pool.runnerUp(operator(1), nobody)).toBeNull();
});

test('least_loaded keeps the number of its choices, and of each operator when it was chosen last', () => {
  const pool = poolOf('least_loaded', manyFacts(3));
  for (let n = 0; n < 2; n++) give(pool);

  expect(pool.turn).toBe(2);
  expect([1, 2, 3, 4].map((n) => pool.mark(operator(n)))).toEqual([1, 2, null, null]);
  expect(pool.memory).toEqual({
    turn: 2,
    marks: new Map([
      [operator(1), 1],
      [operator(2), 2],
    ]),
  });
});

test('contacts that least_loaded hears of one after the other, without being asked, count each', () => {
  const pool = poolOf('least_loaded', manyFacts(4));

  for (const id of [1, 2]) pool.took(operator(id), nobody);

  expect([1, 2, 3, 4].map(() => give(pool))).toEqual([3, 4, 1, 2]);
});

test('whom least_loaded has just chosen stands behind its equals, for a runner-up as well', () => {
  const pool = poolOf('least_loaded', manyFacts(4));

  pool.took(operator(1), nobody);

  expect(pool.runnerUp(operator(2), nobody)?.operatorId).toBe(3);
});

test('whom least_loaded has just chosen stands behind its equals, whose load ever changes next', () => {
  const pool = poolOf('least_loaded', manyFacts(4));
  expect(give(pool)).toBe(1);

  pool.setLoad(operator(3), 0);

  expect(give(pool)).toBe(2);
});

test('least_loaded goes on where it was in a pool that is built anew', () => {
  const pool = poolOf('least_loaded', manyFacts(4));
  for (let n = 0; n < 6; n++) give(pool);

  const again = poolOf('least_loaded', manyFacts(4), pool.memory);

  expect([1, 2, 3].map(() => give(again))).toEqual([3, 4, 1]);
  expect(again.turn).toBe(9);
});

test('smooth_weighted keeps its time, and what each operator has got', () => {
  const pool = poolOf(
    'smooth_weighted',
    manyFacts(2, (n) => ({ weight: n === 1 ? 1 : 3 })),
  );
  for (let n = 0; n < 4; n++) give(pool);

  // Each contact is a quarter of the time in which every unit of weight is owed one.
  expect(pool.turn).toBe(1);
  expect([1, 2, 3].map((n) => pool.mark(operator(n)))).toEqual([1, 3, null]);
  expect(pool.memory).toEqual({
    turn: 1,
    marks: new Map([
      [operator(1), 1],
      [operator(2), 3],
    ]),
  });
});

test('whoever is new to smooth_weighted begins without a debt, and owes nothing', () => {
  const before = poolOf('smooth_weighted', manyFacts(2));
  for (let n = 0; n < 100; n++) give(before);

  const pool = poolOf('smooth_weighted', manyFacts(3), before.memory);

  expect(pool.mark(operator(3))).toBe(10 * pool.turn!);
  expect(Array.from({ length: 30 }, () => give(pool)).filter((id) => id === 3)).toHaveLength(10);
});

test('smooth_weighted keeps of whoever is away how far behind it was, so its mark goes with the time', () => {
  const pool = poolOf('smooth_weighted', manyFacts(2));
  expect(give(pool)).toBe(1);
  pool.setLoad(operator(2), 5);
  for (let n = 0; n < 10; n++) give(pool);

  // It was owed half a contact; since then the time has grown by a tenth with each of 10, at a weight of 10.
  expect(pool.mark(operator(2))).toBeCloseTo(10);
  expect(pool.mark(operator(1))).toBe(11);
});

test.each(['smooth_weighted', 'least_loaded'] as const)(
  'only the choices of %s itself count: a contact that goes back to its last operator leaves its order as it is',
  (strategy) => {
    const pool = poolOf(strategy, manyFacts(3));
    const before = pool.memory;

    carryOut(pool, decide(pool, noDraw, { prefer: operator(2) }));
    carryOut(pool, decide(pool, noDraw, { except: passingOver(operator(1), operator(2), operator(3)) }));

    expect(pool.memory).toEqual(before);
    expect([1, 2, 3].map(() => give(pool))).toEqual([1, 2, 3]);
  },
);

test('the share of whoever is left out of a choice of smooth_weighted does not grow for it', () => {
  const pool = poolOf('smooth_weighted', manyFacts(2));

  for (let n = 0; n < 10; n++) expect(give(pool, { except: passingOver(operator(1)) })).toBe(2);

  expect(Array.from({ length: 10 }, () => give(pool)).filter((id) => id === 1)).toHaveLength(5);
});

test.each(['smooth_weighted', 'least_loaded'] as const)(
  'whoever is asked for the next one of %s is told who comes after the chosen one, and the order stays',
  (strategy) => {
    const pool = poolOf(strategy, [...manyFacts(3), someFacts(4, { weight: 0 })]);
    const out = passingOver(operator(2));

    expect(pool.runnerUp(operator(1), nobody)?.operatorId).toBe(2);
    expect(pool.runnerUp(operator(1), out)?.operatorId).toBe(3);
    expect(pool.runnerUp(operator(1), passingOver(operator(2), operator(3)))).toBeNull();
    expect([1, 2, 3].map(() => give(pool))).toEqual([1, 2, 3]);
  },
);

test.each(['smooth_weighted', 'least_loaded', 'weighted_random'] as const)(
  'to ask %s whom it chooses when nobody is eligible is a programming error',
  (strategy) => {
    const pool = poolOf(strategy, [someFacts(1)]);

    expect(() => pool.pick(noDraw, passingOver(operator(1)))).toThrow(new RangeError('nobody is eligible'));
  },
);
