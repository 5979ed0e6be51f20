import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Tournament } from '../../src/routing/tournament.ts';

const someSteps = fc.array(fc.record({ place: fc.nat({ max: 19 }), key: fc.option(fc.nat({ max: 5 })) }), {
  maxLength: 60,
});

test('a tournament knows the first of those who take part, and the first of the others', () => {
  fc.assert(
    fc.property(someSteps, fc.array(fc.nat({ max: 19 }), { maxLength: 4 }), (steps, left) => {
      const keys = new Float64Array(20);
      const there = new Set<number>();
      const tournament = new Tournament(keys);
      for (const { place, key } of steps) {
        if (key === null) {
          there.delete(place);
          tournament.remove(place);
        } else {
          there.add(place);
          keys[place] = key;
          tournament.put(place);
        }
      }
      const inOrder = [...there].sort((a, b) => keys[a]! - keys[b]! || a - b);
      expect(tournament.first).toBe(inOrder[0] ?? null);
      expect(tournament.firstWithout(left)).toBe(inOrder.find((place) => !left.includes(place)) ?? null);
      expect(tournament.first).toBe(inOrder[0] ?? null);
    }),
  );
});
