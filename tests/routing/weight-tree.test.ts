import { expect, test } from 'vitest';
import { WeightTree } from '../../src/routing/weight-tree.ts';

test.each([0, 1, 2, 3, 8, 13])(
  'a tree of %i weights finds for each ticket the place that covers it',
  (places) => {
    const weights = Array.from({ length: places }, (_, place) => (place % 3) * 2);
    const tree = new WeightTree(weights);

    const found = Array.from({ length: tree.total }, (_, ticket) => tree.find(ticket));

    expect(found).toEqual(weights.flatMap((weight, place) => Array.from({ length: weight }, () => place)));
  },
);

test('a changed weight changes the total, the sums behind it and nothing before it', () => {
  const tree = new WeightTree([1, 2, 3, 4, 5]);

  tree.set(2, 30);

  expect(tree.total).toBe(42);
  expect([0, 1, 2, 3, 4].map((place) => tree.sumBefore(place))).toEqual([0, 1, 3, 33, 37]);
  expect([0, 1, 2, 3, 4].map((place) => tree.at(place))).toEqual([1, 2, 30, 4, 5]);
});

test('a place of weight 0 is never found', () => {
  const tree = new WeightTree([0, 5, 0, 0, 5, 0]);

  const found = new Set(Array.from({ length: tree.total }, (_, ticket) => tree.find(ticket)));

  expect(found).toEqual(new Set([1, 4]));
});

test('sums beyond 32 bits stay exact', () => {
  const tree = new WeightTree(Array.from({ length: 10_000 }, () => 1_000_000));

  expect(tree.total).toBe(10_000_000_000);
  expect(tree.sumBefore(9_999)).toBe(9_999_000_000);
  expect(tree.find(9_998_999_999)).toBe(9_998);
  expect(tree.find(9_999_000_000)).toBe(9_999);
});
