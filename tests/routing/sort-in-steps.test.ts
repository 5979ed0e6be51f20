import { expect, test } from 'vitest';
import { seededChance } from '../../src/routing/seeded.ts';
import { sortInSteps } from '../../src/routing/sort-in-steps.ts';

function someNumbers(count: number): Float64Array {
  const chance = seededChance(1, count);
  return Float64Array.from({ length: count }, () => Math.floor(chance() * 1_000));
}

/** The sorted numbers, and in how many steps. */
function sort(values: Float64Array): { sorted: Float64Array; steps: number } {
  const sorting = sortInSteps(values);
  let [step, steps] = [sorting.next(), 0];
  for (; !step.done; step = sorting.next()) steps += 1;
  return { sorted: step.value, steps };
}

test.each([0, 1, 8_192, 8_193, 16_384, 24_576, 100_000])(
  '%d numbers come out as by a sort at once',
  (count) => {
    const values = someNumbers(count);
    const expected = values.toSorted();

    expect(sort(values).sorted).toEqual(expected);
  },
);

test.each([
  [0, 0],
  [1, 1],
  [8_192, 1],
  // Two runs and a merge of both.
  [8_193, 3],
  [16_384, 3],
  // Three runs; one merge of two of them, with nothing to merge the third with; one of all.
  [24_576, 6],
  // Four runs, two merges, one merge.
  [32_768, 7],
])('%d numbers are sorted in %d steps', (count, steps) => {
  expect(sort(someNumbers(count)).steps).toBe(steps);
});
