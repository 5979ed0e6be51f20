import { expect, test } from 'vitest';
import { seededChance } from '../../src/routing/seeded.ts';
import { sortInSteps } from '../../src/routing/sort-in-steps.ts';

test.each([0, 1, 8_192, 8_193, 24_576, 100_000])('%d numbers come out as by a sort at once', (count) => {
  const chance = seededChance(1, count);
  const values = Float64Array.from({ length: count }, () => Math.floor(chance() * 1_000));
  const expected = values.toSorted();

  const steps = sortInSteps(values);
  let step = steps.next();
  while (!step.done) step = steps.next();

  expect(step.value).toEqual(expected);
});
