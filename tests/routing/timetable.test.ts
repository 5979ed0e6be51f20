import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Timetable } from '../../src/routing/timetable.ts';
import { runs } from './support/runs.ts';

test('what is next is the earliest, and of one moment what was entered first', () => {
  const someStep = fc.option(fc.integer({ min: 0, max: 9 }), { freq: 3 });
  fc.assert(
    fc.property(fc.array(someStep, { maxLength: 100, size: 'max' }), (steps) => {
      const table = new Timetable<number>();
      const naive: { at: number; what: number }[] = [];
      for (const [what, at] of steps.entries()) {
        const next = naive.toSorted((a, b) => a.at - b.at)[0];
        expect(table.nextAt).toBe(next?.at ?? Infinity);
        if (at !== null) {
          table.enter(at, what);
          naive.push({ at, what });
        } else if (next !== undefined) {
          expect(table.takeNext()).toBe(next.what);
          naive.splice(naive.indexOf(next), 1);
        }
      }
    }),
    { numRuns: runs(500) },
  );
});

test('an empty timetable has nothing to take', () => {
  expect(() => new Timetable().takeNext()).toThrow(new RangeError('nothing is left'));
});
