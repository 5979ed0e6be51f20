import { expect, test } from 'vitest';
import { openStopwatch, paced } from '../../bench/pace.ts';

test('calls go out at their points in time, whatever a slow moment before them cost', async () => {
  const intended: number[] = [];
  const late: number[] = [];

  await paced({ rate: 500, seconds: 0.2 }, (n, at) => {
    intended.push(at);
    late.push(performance.now() - at);
    const busyUntil = performance.now() + (n === 20 ? 60 : 0);
    while (performance.now() < busyUntil);
  });

  expect(intended).toHaveLength(100);
  for (let n = 1; n < 100; n++) expect(intended[n]! - intended[n - 1]!).toBeCloseTo(2, 6);
  // The calls that were due during the slow moment are late by what is left of it.
  expect(late[21]).toBeGreaterThan(50);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
});

test('a latency counts from the moment that was intended, and only the first arrival counts', async () => {
  const watch = openStopwatch();
  watch.intended(1, performance.now() - 100);

  watch.arrived(1);
  watch.arrived(1);
  const took = await watch.all();

  expect(took).toHaveLength(1);
  expect(took[0]).toBeGreaterThanOrEqual(100);
});
