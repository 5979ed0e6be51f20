import { expect } from 'vitest';
import type { Cause, Distribution, DistributionQuery } from '../../src/contract/stats.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { distribution } from '../../src/desk/stats-distribution.ts';
import { admin } from '../support/desk.ts';

type Item = Distribution['items'][number];

/** What is told of each source, when the parts of each operator are the whole of what it has, to the millionth. */
export async function accountsOf(desk: Desk, period: DistributionQuery = {}): Promise<Item[]> {
  const { items } = await distribution(desk, admin, period);
  for (const { count, expected_count, deviation, causes } of items.flatMap((item) => item.operators)) {
    const sum = Object.values(causes).reduce((all, contacts) => all + millionths(contacts), 0);
    expect(sum).toBe(millionths(deviation));
    expect(millionths(expected_count) + sum).toBe(count * 1e6);
  }
  return items;
}

/** That what is taken from some by a cause is given to others, and that all contacts were expected by somebody. */
export function expectBalanced({ operators, total, unassigned }: Item): void {
  // Each operator's part is rounded for itself.
  const near = operators.length;
  const off = (parts: number[], whole: number): number =>
    Math.abs(parts.reduce((sum, part) => sum + millionths(part), 0) - whole * 1e6);
  const expected = operators.map((operator) => operator.expected_count);
  expect(off(expected, total - unassigned)).toBeLessThanOrEqual(near);
  for (const cause of new Set(operators.flatMap(({ causes }) => Object.keys(causes) as Cause[]))) {
    const parts = operators.map(({ causes }) => causes[cause] ?? 0);
    expect(off(parts, 0), `all of ${cause}`).toBeLessThanOrEqual(near);
  }
}

function millionths(contacts: number): number {
  return Math.round(contacts * 1e6);
}
