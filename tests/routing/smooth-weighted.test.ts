import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pool } from '../../src/routing/pool.ts';
import { windowOf } from '../../src/routing/smooth-weighted.ts';
import { manyFacts, operator } from './support/builders.ts';
import { endless, give, poolOf } from './support/pools.ts';
import { runs } from './support/runs.ts';
import { playSeats } from './support/seats.ts';

const smoothOf = (weights: number[]) =>
  poolOf(
    'smooth_weighted',
    manyFacts(weights.length, (n) => ({ ...endless, weight: weights[n - 1]! })),
  );
const someWeights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 });

/** The largest distance of any operator from its share, over so many contacts from now on. */
function farthest(pool: Pool, weights: number[], picks: number): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = weights.map(() => 0);
  let distance = 0;
  for (let given = 1; given <= picks; given++) {
    counts[give(pool)! - 1]! += 1;
    for (const [place, weight] of weights.entries())
      distance = Math.max(distance, Math.abs((given * weight) / total - counts[place]!));
  }
  return distance;
}

test('from a fresh state nobody is a whole contact away from its share, at any prefix', () => {
  fc.assert(
    fc.property(someWeights, (weights) => {
      expect(farthest(smoothOf(weights), weights, 300)).toBeLessThan(1);
    }),
  );
});

test('the bound is that of Tijdeman: 1 - 1 / (2n - 2)', () => {
  fc.assert(
    fc.property(someWeights, (weights) => {
      const bound = weights.length > 1 ? 1 - 1 / (2 * weights.length - 2) : 0;
      expect(farthest(smoothOf(weights), weights, 300)).toBeLessThan(bound + 1e-6);
    }),
  );
});

test.each([
  [1, { release: 0, deadline: 0.5 }],
  [2, { release: 0.25, deadline: 0.25 }],
  [3, { release: 0.125, deadline: 0.375 }],
])(
  'one of %d with a weight of 2 is owed its first contact in the window that Tijdeman gives',
  (size, window) => {
    expect(windowOf(0, 2, size)).toEqual(window);
  },
);

test('from a kept state nobody is two contacts away from its share', () => {
  fc.assert(
    fc.property(someWeights, fc.nat({ max: 100 }), (weights, before) => {
      const pool = smoothOf(weights);
      for (let n = 0; n < before; n++) give(pool);
      expect(farthest(pool, weights, 200)).toBeLessThan(2);
    }),
  );
});

test('what it keeps goes on in a pool that is built anew', () => {
  fc.assert(
    fc.property(someWeights, fc.nat({ max: 50 }), (weights, before) => {
      const pool = smoothOf(weights);
      for (let n = 0; n < before; n++) give(pool);
      const facts = manyFacts(weights.length, (n) => ({ ...endless, weight: weights[n - 1]! }));
      const again = poolOf('smooth_weighted', facts, pool.memory);

      const next = Array.from({ length: 50 }, () => give(pool));
      expect(Array.from({ length: 50 }, () => give(again))).toEqual(next);
    }),
  );
});

test('whoever comes back is not flooded: it gets its share from then on, and nothing for the time it was away', () => {
  const pool = smoothOf([1, 1]);
  pool.setLoad(operator(1), endless.maxLoad);
  for (let n = 0; n < 100; n++) expect(give(pool)).toBe(2);

  pool.setLoad(operator(1), 0);

  const next = Array.from({ length: 10 }, () => give(pool));
  expect(next.filter((id) => id === 1)).toHaveLength(5);
});

test('whoever takes the last seat with each contact is not preferred for it', () => {
  const given = playSeats({
    weights: [1, 1, 1],
    caps: [1, 1, 1],
    lasts: () => 2,
    switches: [],
    contacts: 900,
  });

  expect(Math.max(...given.counts) - Math.min(...given.counts)).toBeLessThan(500);
  expect(given.farthest).toBeLessThan(1);
});

test('while caps fill and operators come and go, nobody is three contacts away from the sum of its shares', () => {
  const someTeam = fc.array(
    fc.record({ weight: fc.integer({ min: 1, max: 100 }), cap: fc.integer({ min: 1, max: 5 }) }),
    { minLength: 2, maxLength: 12 },
  );
  const someSwitches = fc.array(fc.option(fc.nat({ max: 11 })), { minLength: 200, maxLength: 200 });
  const someLengths = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 200, maxLength: 200 });
  fc.assert(
    fc.property(someTeam, someSwitches, someLengths, (team, switches, lengths) => {
      const { farthest: found } = playSeats({
        weights: team.map(({ weight }) => weight),
        caps: team.map(({ cap }) => cap),
        lasts: (contact) => lengths[contact]!,
        switches,
        contacts: 200,
      });
      expect(found).toBeLessThan(3);
    }),
    { numRuns: runs(300) },
  );
});
