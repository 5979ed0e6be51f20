import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OperatorId } from '../../src/contract/ids.ts';
import { manyFacts, operator, passingOver, someFacts } from './support/builders.ts';
import { endless, give, poolOf } from './support/pools.ts';

test('goes by the part of the cap in use, then by weight, then by who waited longest', () => {
  const pool = poolOf('least_loaded', [
    someFacts(1, { load: 2, maxLoad: 10, weight: 5 }),
    someFacts(2, { load: 0, maxLoad: 1, weight: 1 }),
    someFacts(3, { load: 0, maxLoad: 9, weight: 5 }),
    someFacts(4, { load: 0, maxLoad: 3, weight: 5 }),
  ]);
  const inOrder: (OperatorId | null)[] = [];
  for (let n = 0; n < 5; n++) {
    const chosen = give(pool)!;
    inOrder.push(chosen);
    pool.setLoad(chosen, pool.facts(chosen)!.load + 1);
  }

  // 3 and 4 are alike and none was chosen before: ids decide. Then 1/9 < 2/10 < 2/9 < 1/3.
  expect(inOrder).toEqual([3, 4, 2, 3, 1]);
});

test('of equals the one chosen longest ago comes next', () => {
  const pool = poolOf(
    'least_loaded',
    manyFacts(3, () => endless),
  );

  expect(Array.from({ length: 7 }, () => give(pool))).toEqual([1, 2, 3, 1, 2, 3, 1]);
});

test('chooses whom a sorted list would put first', () => {
  const someCandidates = fc.array(
    fc.record({
      load: fc.nat({ max: 4 }),
      maxLoad: fc.integer({ min: 1, max: 5 }),
      weight: fc.nat({ max: 3 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(someCandidates, fc.array(fc.nat({ max: 29 }), { maxLength: 4 }), (candidates, left) => {
      const facts = candidates.map((one, place) => someFacts(place + 1, one));
      const except = passingOver(...left.map((place) => operator(place + 1)));
      const first = facts
        .filter((one) => one.weight > 0 && one.load < one.maxLoad && !except.has(one.operatorId))
        .toSorted((a, b) => a.load / a.maxLoad - b.load / b.maxLoad || b.weight - a.weight)[0];

      expect(give(poolOf('least_loaded', facts), { except })).toBe(first?.operatorId ?? null);
    }),
  );
});
