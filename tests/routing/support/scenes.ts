import * as fc from 'fast-check';
import { SourceId } from '../../../src/contract/ids.ts';
import { Strategy } from '../../../src/contract/decision.ts';
import type { Scene } from '../../../src/routing/simulate.ts';
import type { SimulatedContact } from '../../../src/routing/simulated-floor.ts';
import { operator } from './builders.ts';

/** The id of source number n. */
export function source(n: number): SourceId {
  return SourceId.parse(n);
}

/** A contact of source number n: when it comes, and how long it takes. */
export function comes(n: number, at: number, handling: number): SimulatedContact {
  return { sourceId: source(n), at, handling };
}

type Traits = {
  /** By source: the weights of its operators by id. */
  on: Record<number, Record<number, number>>;
  caps: Record<number, number>;
  contacts: SimulatedContact[];
  strategy?: Strategy;
  inactive?: number[];
};

/** A scene of 100 milliseconds. */
export function sceneOf({ on, caps, contacts, strategy = 'weighted_random', inactive = [] }: Traits): Scene {
  return {
    sources: Object.entries(on).map(([id, weights]) => ({
      sourceId: source(Number(id)),
      isActive: true,
      strategy,
      weights: new Map(Object.entries(weights).map(([of, weight]) => [operator(Number(of)), weight])),
    })),
    operators: Object.entries(caps).map(([id, maxLoad]) => ({
      operatorId: operator(Number(id)),
      isActive: !inactive.includes(Number(id)),
      maxLoad,
    })),
    contacts,
    duration: 100,
    seed: 1,
  };
}

const DURATION = 1_000;
const OPERATORS = 6;

const someSource = fc.record({
  isActive: fc.constantFrom(true, true, true, true, false),
  strategy: fc.constantFrom(...Strategy.options),
  weights: fc.array(fc.tuple(fc.integer({ min: 1, max: OPERATORS }), fc.integer({ min: 0, max: 9 }))),
});
const someOperators = fc.array(
  fc.record({ isActive: fc.constantFrom(true, true, true, false), maxLoad: fc.integer({ min: 0, max: 3 }) }),
  { minLength: OPERATORS, maxLength: OPERATORS },
);
const someContacts = fc.array(
  fc.record({
    of: fc.nat(),
    // Few moments, so that much happens at the same one.
    at: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: DURATION - 1 })),
    handling: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 2 * DURATION })),
  }),
  { maxLength: 60, size: 'max' },
);

/** Sources that share operators, some switched off, and contacts enough to fill them. */
export const someScene: fc.Arbitrary<Scene & { contacts: SimulatedContact[] }> = fc
  .record({
    sources: fc.array(someSource, { minLength: 1, maxLength: 4 }),
    operators: someOperators,
    contacts: someContacts,
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  })
  .map(({ sources, operators, contacts, seed }) => ({
    sources: sources.map((one, place) => ({
      ...one,
      sourceId: source(place + 1),
      weights: new Map(one.weights.map(([of, weight]) => [operator(of), weight])),
    })),
    operators: operators.map((one, place) => ({ ...one, operatorId: operator(place + 1) })),
    contacts: contacts
      .toSorted((a, b) => a.at - b.at)
      .map(({ of, at, handling }) => comes(1 + (of % sources.length), at, handling)),
    duration: DURATION,
    seed,
  }));
