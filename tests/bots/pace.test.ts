import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPace } from '../../src/bots/pace.ts';

test('a burst goes at once, and what follows goes at its rate', () => {
  const pace = openPace(-10_000);
  const rate = { everyMs: 1000, burst: 3 };
  const waits = [];

  for (let count = 0; count < 5; count += 1) {
    waits.push(pace.waitFor('chat', rate, 0));
    pace.take('chat', rate, 0);
  }

  expect(waits).toEqual([0, 0, 0, 1000, 2000]);
  expect(pace.waitFor('other', rate, 0)).toBe(0);
  expect(pace.waitFor('chat', rate, 5000)).toBe(0);
});

test('however it is asked, no window holds more than its burst and its rate', () => {
  const rate = { everyMs: 40, burst: 5 };
  fc.assert(
    fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 200 }), (gaps) => {
      const pace = openPace(0);
      const taken: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        if (pace.waitFor('bot', rate, now) > 0) continue;
        pace.take('bot', rate, now);
        taken.push(now);
      }

      for (const start of taken)
        expect(taken.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(30);
    }),
  );
});

test('whoever begins to send may follow somebody who has just spent the burst', () => {
  const pace = openPace(0);
  const rate = { everyMs: 1000, burst: 3 };
  const waits = [];

  for (let count = 0; count < 3; count += 1) {
    waits.push(pace.waitFor('chat', rate, 0));
    pace.take('chat', rate, 0);
  }

  expect(waits).toEqual([0, 1000, 2000]);
});

test('what is held waits until then, and its rate goes on counting', () => {
  const pace = openPace(-10_000);
  const rate = { everyMs: 1000, burst: 1 };

  pace.hold('bot', 500);
  pace.hold('bot', 300);

  expect(pace.waitFor('bot', rate, 0)).toBe(500);
  expect(pace.waitFor('bot', rate, 500)).toBe(0);
});

test('a message that was long under way counts from when it arrived', () => {
  const pace = openPace(-10_000);
  const rate = { everyMs: 1000, burst: 3 };
  const went: number[] = [];

  pace.take('chat', rate, 0);
  pace.arrived('chat', rate, 1500);
  for (const now of [1500, 1600, 1700]) {
    if (pace.waitFor('chat', rate, now) > 0) continue;
    pace.take('chat', rate, now);
    went.push(now);
  }

  expect(went).toEqual([1500, 1600]);
});
