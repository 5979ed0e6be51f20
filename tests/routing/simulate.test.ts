import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Strategy } from '../../src/contract/decision.ts';
import { type Outcome, type Scene, simulate } from '../../src/routing/simulate.ts';
import type { SimulatedFloor } from '../../src/routing/simulated-floor.ts';
import { operator } from './support/builders.ts';
import { simulateNaively } from './support/naive-simulation.ts';
import { runs } from './support/runs.ts';
import { comes, sceneOf, someScene, source } from './support/scenes.ts';

const RUNS = { numRuns: runs(500) };

/** Plays a scene to its end; `look` is shown the floor after each step. */
function play(scene: Scene, look: (floor: SimulatedFloor) => void = () => {}): Outcome {
  const steps = simulate(scene);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    look(step.value);
  }
}

/**
 * Where an operator fills up and is free again between two picks, the naive pool hears of both and its marks are rounded
 * twice; then the last bit can settle a tie of `smooth_weighted` the other way.
 */
function exactly<T extends { strategy: Strategy }>(one: T): T {
  return one.strategy === 'smooth_weighted' ? { ...one, strategy: 'least_loaded' } : one;
}

/** Who got how many of a source. */
function countsOf(outcome: Outcome, n = 1): Record<number, number> {
  const { byOperator } = outcome.sources.get(source(n))!;
  return Object.fromEntries([...byOperator].map(([id, { count }]) => [id, count]));
}

describe('whatever comes', () => {
  test('no cap is ever exceeded', () => {
    fc.assert(
      fc.property(someScene, (scene) => {
        play(scene, (floor) => {
          for (const { operatorId, maxLoad, isActive } of scene.operators)
            expect(floor.load(operatorId)).toBeLessThanOrEqual(isActive ? maxLoad : 0);
        });
      }),
      RUNS,
    );
  });

  test('nobody waits while somebody is free who may get it', () => {
    fc.assert(
      fc.property(someScene, (scene) => {
        const operators = new Map(scene.operators.map((one) => [one.operatorId, one]));
        play(scene, (floor) => {
          for (const { sourceId, isActive, weights } of scene.sources.slice(0, floor.sourceCount)) {
            if (!isActive || floor.waitingOn(sourceId) === 0) continue;
            const free = [...weights].filter(([id, weight]) => {
              const one = operators.get(id)!;
              return weight > 0 && one.isActive && floor.load(id) < one.maxLoad;
            });
            expect(free).toEqual([]);
          }
        });
      }),
      RUNS,
    );
  });

  test('the counts add up, and busy seats are what the caps allow', () => {
    fc.assert(
      fc.property(someScene, (scene) => {
        const { sources, waits } = play(scene);

        const all = [...sources.values()];
        const given = all.flatMap(({ byOperator }) => [...byOperator]);
        const sum = (figures: number[]) => figures.reduce((total, one) => total + one, 0);
        const came = sum(all.map(({ arrived }) => arrived));
        const waiting = sum(all.map((one) => one.waiting));
        expect(came).toBe(scene.contacts.length);
        expect(sum(given.map(([, { count }]) => count)) + waiting).toBe(came);
        expect(waits.waited).toBeGreaterThanOrEqual(waiting);
        for (const { operatorId, maxLoad } of scene.operators) {
          const busy = given.filter(([id]) => id === operatorId).map(([, tally]) => tally.busy);
          expect(sum(busy)).toBeLessThanOrEqual(maxLoad * scene.duration);
        }
      }),
      RUNS,
    );
  });

  test('the same scene has the same outcome', () => {
    fc.assert(
      fc.property(someScene, (scene) => {
        expect(play(scene)).toEqual(play(scene));
      }),
      RUNS,
    );
  });

  test('who gets what, and when, is what the plain way says', () => {
    fc.assert(
      fc.property(someScene, (any) => {
        const scene = { ...any, sources: any.sources.map(exactly) };
        const given = simulateNaively(scene);

        const { sources, waits } = play(scene);

        const ofAll = new Map<string, number>();
        for (const { contact, operatorId } of given) {
          const key = `${scene.contacts[contact]!.sourceId} ${operatorId}`;
          ofAll.set(key, (ofAll.get(key) ?? 0) + 1);
        }
        const found = [...sources].flatMap(([sourceId, { byOperator }]) =>
          [...byOperator].map(([operatorId, { count }]) => [`${sourceId} ${operatorId}`, count] as const),
        );
        expect(new Map(found)).toEqual(ofAll);
        const begun = new Map(given.map(({ contact, at }) => [contact, at]));
        const longest = scene.contacts.map(({ at }, n) => (begun.get(n) ?? scene.duration) - at);
        expect(waits.waited).toBe(longest.filter((wait) => wait > 0).length);
        expect(waits.max).toBe(longest.length === 0 ? null : Math.max(...longest));
      }),
      RUNS,
    );
  });
});

test('one operator takes what comes one after the other, and the rest waits', () => {
  const contacts = [comes(1, 0, 30), comes(1, 10, 40), comes(1, 20, 50), comes(1, 60, 10)];

  const outcome = play(sceneOf({ on: { 1: { 1: 5 } }, caps: { 1: 1 }, contacts }));

  // 0–30, 30–70, 70–120; the last one waits from 60 on.
  expect(outcome.sources.get(source(1))).toEqual({
    arrived: 4,
    waiting: 1,
    byOperator: new Map([[operator(1), { count: 3, busy: 100 }]]),
  });
  // Waits of 0, 20, 40, 50.
  expect(outcome.waits).toMatchObject({ waited: 3, p50: 30, max: 50 });
  expect(outcome.waits.p95).toBeCloseTo(48.5);
  expect(Object.fromEntries(outcome.refused)).toEqual({ 'at-cap': 3 });
});

test('who comes at the moment at which a seat becomes free gets it', () => {
  const contacts = [comes(1, 0, 10), comes(1, 10, 10)];

  const outcome = play(sceneOf({ on: { 1: { 1: 1 } }, caps: { 1: 1 }, contacts }));

  expect(outcome.waits).toMatchObject({ waited: 0, max: 0 });
  expect(outcome.refused.size).toBe(0);
});

test('a seat that becomes free when the time is over goes to nobody', () => {
  const contacts = [comes(1, 0, 100), comes(1, 50, 10)];

  const outcome = play(sceneOf({ on: { 1: { 1: 1 } }, caps: { 1: 1 }, contacts }));

  expect(outcome.sources.get(source(1))).toMatchObject({ arrived: 2, waiting: 1 });
  expect(outcome.waits).toMatchObject({ waited: 1, max: 50 });
});

test('where nobody may get anything all wait until the end', () => {
  const contacts = [comes(1, 0, 10), comes(1, 40, 10)];

  const outcome = play(sceneOf({ on: { 1: {} }, caps: {}, contacts }));

  expect(outcome.waits).toMatchObject({ waited: 2, p50: 80, max: 100 });
});

test('where nobody comes nobody waits', () => {
  const outcome = play(sceneOf({ on: { 1: { 1: 1 } }, caps: { 1: 1 }, contacts: [] }));

  expect(outcome.waits).toEqual({ waited: 0, p50: null, p95: null, max: null });
});

test('sources share the seats of an operator, and the older contact of the other source comes first', () => {
  const contacts = [comes(1, 0, 50), comes(2, 10, 20), comes(1, 20, 20)];

  const outcome = play(sceneOf({ on: { 1: { 1: 1 }, 2: { 1: 1 } }, caps: { 1: 1 }, contacts }));

  // 0–50 of the first source, 50–70 of the second, 70–90 of the first.
  expect(outcome.waits).toMatchObject({ waited: 2, p50: 40, max: 50 });
  expect([countsOf(outcome, 1), countsOf(outcome, 2)]).toEqual([{ 1: 2 }, { 1: 1 }]);
});

test('a seat is not kept for an older contact of a source that its operator does not serve', () => {
  const contacts = [comes(1, 0, 90), comes(1, 1, 5), comes(2, 2, 5)];

  const outcome = play(sceneOf({ on: { 1: { 1: 1 }, 2: { 2: 1 } }, caps: { 1: 1, 2: 1 }, contacts }));

  expect(countsOf(outcome, 2)).toEqual({ 2: 1 });
  expect(outcome.waits).toMatchObject({ waited: 1, max: 89 });
});

test('who is switched off, has no weight or no seats gets nothing, and each is a refusal', () => {
  const contacts = [comes(1, 0, 5), comes(1, 50, 5)];
  const on = { 1: { 1: 1, 2: 1, 3: 0, 4: 1 } };

  const outcome = play(sceneOf({ on, caps: { 1: 1, 2: 1, 3: 1, 4: 0 }, contacts, inactive: [2] }));

  expect(countsOf(outcome)).toEqual({ 1: 2 });
  expect(Object.fromEntries(outcome.refused)).toEqual({ inactive: 2, 'zero-weight': 2, 'at-cap': 2 });
});

test.each(['weighted_random', 'smooth_weighted'] as const)(
  '%s gives shares as the weights say',
  (strategy) => {
    const contacts = Array.from({ length: 10_000 }, (_, n) => comes(1, n / 101, 0));
    const on = { 1: { 1: 10, 2: 30, 3: 60 } };

    const counts = countsOf(play(sceneOf({ on, caps: { 1: 1, 2: 1, 3: 1 }, contacts, strategy })));

    // Five standard deviations of the largest.
    const most = strategy === 'smooth_weighted' ? 1 : 5 * Math.sqrt(10_000 * 0.6 * 0.4);
    for (const [id, share] of [
      [1, 1_000],
      [2, 3_000],
      [3, 6_000],
    ] as const)
      expect(Math.abs(counts[id]! - share)).toBeLessThanOrEqual(most);
  },
);

test('what changes for others leaves the luck of a contact as it is', () => {
  const contacts = Array.from({ length: 200 }, (_, n) => comes(1, n / 3, 0));
  const others = contacts.map(({ at }) => comes(2, at, 0));
  const on = { 1: { 1: 1, 2: 1 }, 2: { 3: 1 } };
  const caps = { 1: 200, 2: 200, 3: 1 };
  const mixed = contacts.flatMap((one, n) => [one, others[n]!]);

  const base = play(sceneOf({ on, caps, contacts: mixed }));
  const changed = play(sceneOf({ on: { ...on, 2: { 3: 5 } }, caps: { ...caps, 3: 0 }, contacts: mixed }));

  expect(countsOf(changed, 1)).toEqual(countsOf(base, 1));
  expect(changed.sources.get(source(2))).toMatchObject({ arrived: 200, waiting: 200 });
});
