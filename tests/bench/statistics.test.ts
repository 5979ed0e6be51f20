import { expect, test } from 'vitest';
import { inTurn, median, percentile, ratios, spread } from '../../bench/statistics.ts';

test('a percentile is a value that was measured, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);

  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 0.999)).toBe(100);
  expect(percentile([7], 0.5)).toBe(7);
});

test('one slow round does not move the median, and the spread shows it', () => {
  const rounds = [100, 104, 20];

  expect(median(rounds)).toBe(100);
  expect(spread(rounds)).toBe('100 (20–104)');
  expect(spread([0.912, 0.951], 2)).toBe('0.95 (0.91–0.95)');
});

test('a ratio compares the two sides of one round', () => {
  const [ours, theirs] = [
    [90, 45, 30],
    [100, 50, 60],
  ];

  expect(ratios(ours, theirs)).toEqual([0.9, 0.9, 0.5]);
});

test('rounds take turns, every second one backwards, and each series keeps its own figures', async () => {
  const order: string[] = [];
  const runOf = (name: string) => () => order.push(name);

  const series = await inTurn(3, [runOf('a'), runOf('b'), runOf('c')]);

  expect(order.join('')).toBe('abccbaabc');
  expect(series).toEqual([
    [1, 6, 7],
    [2, 5, 8],
    [3, 4, 9],
  ]);
});

test('nothing measured is a fault, not a figure', () => {
  expect(() => median([])).toThrow('nothing');
  expect(() => percentile([], 0.5)).toThrow('nothing');
});
