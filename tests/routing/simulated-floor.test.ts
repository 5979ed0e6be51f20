import { expect, test } from 'vitest';
import type { Strategy } from '../../src/contract/decision.ts';
import { SimulatedFloor } from '../../src/routing/simulated-floor.ts';
import { operator } from './support/builders.ts';
import { comes, source } from './support/scenes.ts';

/** Operators 1 … n with one seat each, all of them on source 1; a hundred milliseconds. */
function floorOf(operators: number, strategy: Strategy = 'least_loaded'): SimulatedFloor {
  const ids = Array.from({ length: operators }, (_, place) => operator(place + 1));
  const floor = new SimulatedFloor(
    ids.map((operatorId) => ({ operatorId, isActive: true, maxLoad: 1 })),
    100,
    1,
  );
  floor.open({
    sourceId: source(1),
    isActive: true,
    strategy,
    weights: new Map(ids.map((id) => [id, 1])),
  });
  return floor;
}

test('a floor begins empty', () => {
  const floor = floorOf(1);

  expect(floor).toMatchObject({ now: 0, sourceCount: 1, nextEnd: Infinity, waits: [] });
  expect(floor.load(operator(1))).toBe(0);
  expect(floor.waitingOn(source(1))).toBe(0);
});

test('who comes gets a seat until it ends, and who comes in between waits for it', () => {
  const floor = floorOf(1);

  floor.arrive(comes(1, 10, 30));
  floor.arrive(comes(1, 15, 20));
  expect(floor).toMatchObject({ now: 15, nextEnd: 40, waits: [0] });
  expect([floor.load(operator(1)), floor.waitingOn(source(1))]).toEqual([1, 1]);

  floor.end();
  expect(floor).toMatchObject({ now: 40, nextEnd: 60, waits: [0, 25] });
  expect([floor.load(operator(1)), floor.waitingOn(source(1))]).toEqual([1, 0]);

  floor.end();
  expect(floor).toMatchObject({ now: 60, nextEnd: Infinity, waits: [0, 25] });
  expect(floor.load(operator(1))).toBe(0);
});

test('the end of the time counts what is still busy and who still waits up to then', () => {
  const floor = floorOf(1);
  floor.arrive(comes(1, 10, 1_000));
  floor.arrive(comes(1, 20, 1_000));
  floor.arrive(comes(1, 50, 1_000));

  floor.close();

  expect(floor).toMatchObject({ now: 100, waits: [0, 80, 50] });
  expect(floor.outcomeOf(source(1))).toEqual({
    arrived: 3,
    waiting: 2,
    byOperator: new Map([[operator(1), { count: 1, busy: 90 }]]),
  });
});

test('a source or an operator that is not there is named', () => {
  const floor = floorOf(1);

  expect(() => floor.waitingOn(source(7))).toThrow('source 7 is not simulated');
  expect(() => floor.arrive(comes(8, 0, 0))).toThrow('source 8 is not simulated');
  expect(() => floor.load(operator(9))).toThrow('operator 9 is not simulated');
});

test('the same draw decides for a contact wherever it comes in the time', () => {
  const [early, late] = [0, 50].map((at) => {
    const floor = floorOf(40, 'weighted_random');
    for (let n = 0; n < 40; n++) floor.arrive(comes(1, at, 10));
    return [...floor.outcomeOf(source(1)).byOperator.keys()];
  });

  expect(early).toEqual(late);
  expect(new Set(early).size).toBe(40);
});
