import { describe, expect, test } from 'vitest';
import { rankTest } from '../support/rank-test.ts';

/** A generator with a seed (Mulberry32): a test of chance comes out the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const sample = (chance: () => number, shift = 0): number[] =>
  Array.from({ length: 200 }, () => shift - Math.log(1 - chance()));

describe('the rank test', () => {
  test('agrees with a table of the normal distribution', () => {
    // U = 0 of 20 × 20: z = (200 − 0.5) / √(400 · 41 / 12) = 5.396.
    const low = Array.from({ length: 20 }, (_, index) => index);
    const high = low.map((value) => value + 100);

    expect(rankTest(low, high)).toBeGreaterThan(6.5e-8);
    expect(rankTest(low, high)).toBeLessThan(7.2e-8);
    expect(rankTest(high, low)).toBe(rankTest(low, high));
  });

  test('finds nothing between samples that are the same, or all alike', () => {
    const values = sample(seeded(1));

    expect(rankTest(values, [...values])).toBeCloseTo(1, 5);
    expect(rankTest([1, 1, 1], [1, 1, 1])).toBe(1);
  });

  test('is below 5 % as often as that by chance', () => {
    const chance = seeded(2);
    const found = Array.from({ length: 2000 }, () => rankTest(sample(chance), sample(chance)));

    const share = found.filter((p) => p < 0.05).length / found.length;

    expect(share).toBeGreaterThan(0.035);
    expect(share).toBeLessThan(0.065);
    expect(Math.min(...found)).toBeGreaterThan(1e-5);
  });

  test('finds a shift by less than a deviation nearly for certain', () => {
    const chance = seeded(3);
    const found = Array.from({ length: 100 }, () => rankTest(sample(chance), sample(chance, 0.5)));

    expect(found.filter((p) => p < 1e-5).length).toBeGreaterThan(90);
  });
});
