import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../src/routing/decide.ts';
import { noDraw, operator, passingOver, someFacts } from './support/builders.ts';
import { leastLoadedNaively, smoothWeightedNaively } from './support/naive-orders.ts';
import { give, poolOf } from './support/pools.ts';
import { runs } from './support/runs.ts';

const PLACES = 9;
const someTeam = fc.array(
  fc.record({ weight: fc.nat({ max: 4 }), load: fc.nat({ max: 2 }), maxLoad: fc.nat({ max: 4 }) }),
  { minLength: 1, maxLength: PLACES },
);
const someSteps = fc.array(
  fc.oneof(
    fc.record({
      gives: fc.constant(true as const),
      // Another contact is asked for first, and not given away.
      asks: fc.option(fc.array(fc.integer({ min: 1, max: PLACES + 1 }).map(operator), { maxLength: 2 })),
      except: fc.array(fc.integer({ min: 1, max: PLACES + 1 }).map(operator), { maxLength: 2 }),
      takesSeat: fc.boolean(),
    }),
    fc.record({
      gives: fc.constant(false as const),
      place: fc.nat({ max: PLACES - 1 }),
      load: fc.nat({ max: 4 }),
    }),
  ),
  { maxLength: 60, size: 'max' },
);

test.each([
  ['least_loaded', leastLoadedNaively],
  ['smooth_weighted', smoothWeightedNaively],
] as const)('%s chooses whom the plain way chooses, and keeps the same', (strategy, naively) => {
  fc.assert(
    fc.property(someTeam, someSteps, (team, steps) => {
      const pool = poolOf(
        strategy,
        team.map((one, place) => someFacts(place + 1, one)),
      );
      const naive = naively(team);
      const setLoad = (place: number, load: number) => {
        pool.setLoad(operator(place + 1), load);
        naive.setLoad(place, load);
      };
      for (const step of steps) {
        if (step.gives) {
          if (step.asks !== null) decide(pool, noDraw, { except: passingOver(...step.asks) });
          const chosen = give(pool, { except: passingOver(...step.except) });
          expect(chosen).toBe(naive.give(step.except));
          if (chosen !== null && step.takesSeat) setLoad(chosen - 1, pool.facts(chosen)!.load + 1);
        } else if (step.place < team.length) setLoad(step.place, step.load);
        expect(team.map((_, place) => pool.mark(operator(place + 1)))).toEqual(naive.marks());
      }
    }),
    { numRuns: runs(500) },
  );
});

test('whom smooth_weighted would choose for one contact changes nothing for the next', () => {
  const someWeights = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 3, maxLength: PLACES });
  const someAsks = fc.array(fc.subarray(Array.from({ length: PLACES }, (_, n) => operator(n + 1))), {
    minLength: 20,
    maxLength: 40,
  });
  fc.assert(
    fc.property(someWeights, someAsks, (weights, asks) => {
      const pool = poolOf(
        'smooth_weighted',
        weights.map((weight, place) => someFacts(place + 1, { weight })),
      );
      const naive = smoothWeightedNaively(weights.map((weight) => ({ weight, load: 0, maxLoad: 5 })));
      for (const asked of asks) {
        // The fewer take part, the further ahead the moment that is looked at.
        decide(pool, noDraw, { except: passingOver(...asked) });
        expect(give(pool)).toBe(naive.give([]));
      }
    }),
    { numRuns: runs(800) },
  );
});
