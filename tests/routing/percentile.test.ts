import { expect, test } from 'vitest';
import { percentile } from '../../src/routing/percentile.ts';

test.each([0, 0.5, 1])('of nothing there is no value that a part of %d does not exceed', (part) => {
  expect(percentile([], part)).toBeNull();
});

// As `percentile_cont` of PostgreSQL answers.
test.each([
  [[7], 0.95, 7],
  [[1, 2, 4], 0, 1],
  [[1, 2, 4], 0.25, 1.5],
  [[1, 2, 4], 0.5, 2],
  [[1, 2, 4], 0.875, 3.5],
  [[1, 2, 4], 1, 4],
  [[10, 20], 0.5, 15],
])('of %j a part of %d does not exceed %d', (sorted, part, value) => {
  expect(percentile(sorted, part)).toBe(value);
});
