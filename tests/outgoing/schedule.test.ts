import { expect, test } from 'vitest';
import { maxTries, waitAfter } from '../../src/outgoing/schedule.ts';

const hour = 3_600_000;

test('a callback is tried ten times over about 75 hours', () => {
  const waits = Array.from({ length: maxTries - 1 }, (_, index) => waitAfter(index + 1, 0) ?? 0);

  const total = waits.reduce((sum, wait) => sum + wait, 0);

  expect(maxTries).toBe(10);
  expect(total / hour).toBeCloseTo(75.6, 1);
  expect(waitAfter(maxTries, 0)).toBeNull();
});

test('every wait is longer than the one before, and chance adds at most a tenth', () => {
  for (let tries = 1; tries < maxTries; tries += 1) {
    const wait = waitAfter(tries, 0) ?? 0;

    expect(waitAfter(tries, 1)).toBe(Math.round(wait * 1.1));
    expect(waitAfter(tries + 1, 0) ?? Infinity).toBeGreaterThan(wait);
  }
});
