import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Strategy } from '../../src/contract/decision.ts';
import type { OperatorId } from '../../src/contract/ids.ts';
import type { Facts } from '../../src/routing/candidate.ts';
import { carryOut, decide, type Wish } from '../../src/routing/decide.ts';
import { explain } from '../../src/routing/explain.ts';
import { Pool } from '../../src/routing/pool.ts';
import { replay } from '../../src/routing/replay.ts';
import {
  chosenBy,
  manyFacts,
  noDraw,
  operator,
  passingOver,
  recordOf,
  someFacts,
  someRules,
} from './support/builders.ts';

/** Gives one contact away, as a source does; null when nobody takes it. */
function give(pool: Pool, wish: Wish = {}): OperatorId | null {
  const verdict = decide(pool, noDraw, wish);
  carryOut(pool, verdict);
  return chosenBy(verdict);
}

const endless = { load: 0, maxLoad: 1_000_000 };
const poolOf = (strategy: Strategy, facts: Facts[]) => new Pool(someRules({ strategy }), facts);
const smoothOf = (weights: number[]) =>
  poolOf(
    'smooth_weighted',
    manyFacts(weights.length, (n) => ({ ...endless, weight: weights[n - 1]! })),
  );
const someWeights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 });

/** The largest distance of any operator from its share, over so many contacts from now on. */
function farthest(pool: Pool, weights: number[], picks: number): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = weights.map(() => 0);
  let distance = 0;
  for (let given = 1; given <= picks; given++) {
    counts[give(pool)! - 1]! += 1;
    for (const [place, weight] of weights.entries())
      distance = Math.max(distance, Math.abs((given * weight) / total - counts[place]!));
  }
  return distance;
}

describe('smooth_weighted', () => {
  test('from a fresh state nobody is a whole contact away from its share, at any prefix', () => {
    fc.assert(
      fc.property(someWeights, (weights) => {
        expect(farthest(smoothOf(weights), weights, 300)).toBeLessThan(1);
      }),
    );
  });

  test('the bound is that of Tijdeman: 1 - 1 / (2n - 2)', () => {
    fc.assert(
      fc.property(someWeights, (weights) => {
        const bound = weights.length > 1 ? 1 - 1 / (2 * weights.length - 2) : 0;
        expect(farthest(smoothOf(weights), weights, 300)).toBeLessThan(bound + 1e-6);
      }),
    );
  });

  test('from a kept state nobody is two contacts away from its share', () => {
    fc.assert(
      fc.property(someWeights, fc.nat({ max: 100 }), (weights, before) => {
        const pool = smoothOf(weights);
        for (let n = 0; n < before; n++) give(pool);
        expect(farthest(pool, weights, 200)).toBeLessThan(2);
      }),
    );
  });

  test('what it keeps goes on in a pool that is built anew', () => {
    fc.assert(
      fc.property(someWeights, fc.nat({ max: 50 }), (weights, before) => {
        const pool = smoothOf(weights);
        for (let n = 0; n < before; n++) give(pool);
        const facts = manyFacts(weights.length, (n) => ({ ...endless, weight: weights[n - 1]! }));
        const again = new Pool(someRules({ strategy: 'smooth_weighted' }), facts, pool.memory);

        const next = Array.from({ length: 50 }, () => give(pool));
        expect(Array.from({ length: 50 }, () => give(again))).toEqual(next);
      }),
    );
  });

  test('whoever comes back is not flooded: it gets its share from then on, and nothing for the time it was away', () => {
    const pool = smoothOf([1, 1]);
    pool.setLoad(operator(1), endless.maxLoad);
    for (let n = 0; n < 100; n++) expect(give(pool)).toBe(2);

    pool.setLoad(operator(1), 0);

    const next = Array.from({ length: 10 }, () => give(pool));
    expect(next.filter((id) => id === 1)).toHaveLength(5);
  });

  test('whoever takes the last seat with each contact is not preferred for it', () => {
    const given = playSeats({
      weights: [1, 1, 1],
      caps: [1, 1, 1],
      lasts: () => 2,
      switches: [],
      contacts: 900,
    });

    expect(Math.max(...given.counts) - Math.min(...given.counts)).toBeLessThan(500);
    expect(given.farthest).toBeLessThan(1);
  });

  test('while caps fill and operators come and go, nobody is three contacts away from the sum of its shares', () => {
    const someTeam = fc.array(
      fc.record({ weight: fc.integer({ min: 1, max: 100 }), cap: fc.integer({ min: 1, max: 5 }) }),
      { minLength: 2, maxLength: 12 },
    );
    const someSwitches = fc.array(fc.option(fc.nat({ max: 11 })), { minLength: 200, maxLength: 200 });
    const someLengths = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(someTeam, someSwitches, someLengths, (team, switches, lengths) => {
        const { farthest: found } = playSeats({
          weights: team.map(({ weight }) => weight),
          caps: team.map(({ cap }) => cap),
          lasts: (contact) => lengths[contact]!,
          switches,
          contacts: 200,
        });
        expect(found).toBeLessThan(3);
      }),
      { numRuns: 300 },
    );
  });
});

type Seats = {
  weights: number[];
  caps: number[];
  /** After how many arrivals a contact ends. */
  lasts: (contact: number) => number;
  /** Before each arrival: who comes or goes. */
  switches: (number | null)[];
  contacts: number;
};

/** Contacts take seats and free them; tells who got how many, and the largest distance to the sum of momentary shares. */
function playSeats({ weights, caps, lasts, switches, contacts }: Seats): {
  counts: number[];
  farthest: number;
} {
  const pool = poolOf(
    'smooth_weighted',
    manyFacts(weights.length, (n) => ({ weight: weights[n - 1]!, maxLoad: caps[n - 1]! })),
  );
  const team = weights.map((weight) => ({ weight, load: 0, isAway: false, count: 0, owed: 0 }));
  const ends = new Map<number, number[]>();
  const tell = (place: number) => {
    const { load, isAway } = team[place]!;
    pool.setLoad(operator(place + 1), isAway ? endless.maxLoad : load);
  };
  let farthestLag = 0;
  for (let contact = 0; contact < contacts; contact++) {
    for (const place of ends.get(contact) ?? []) {
      team[place]!.load -= 1;
      tell(place);
    }
    const switched = switches[contact] ?? null;
    if (switched !== null && switched < team.length) {
      team[switched]!.isAway = !team[switched]!.isAway;
      tell(switched);
    }
    const total = pool.totalWeight;
    const eligible = team.filter((_, place) => pool.isEligible(operator(place + 1)));
    const chosen = give(pool);
    if (chosen === null) continue;
    for (const one of eligible) one.owed += one.weight / total;
    const winner = team[chosen - 1]!;
    winner.count += 1;
    winner.load += 1;
    tell(chosen - 1);
    const end = contact + lasts(contact);
    ends.set(end, [...(ends.get(end) ?? []), chosen - 1]);
    farthestLag = Math.max(farthestLag, ...team.map(({ owed, count }) => Math.abs(owed - count)));
  }
  return { counts: team.map(({ count }) => count), farthest: farthestLag };
}

describe('least_loaded', () => {
  test('goes by the part of the cap in use, then by weight, then by who waited longest', () => {
    const pool = poolOf('least_loaded', [
      someFacts(1, { load: 2, maxLoad: 10, weight: 5 }),
      someFacts(2, { load: 0, maxLoad: 1, weight: 1 }),
      someFacts(3, { load: 0, maxLoad: 9, weight: 5 }),
      someFacts(4, { load: 0, maxLoad: 3, weight: 5 }),
    ]);
    const inOrder: (OperatorId | null)[] = [];
    for (let n = 0; n < 5; n++) {
      const chosen = give(pool)!;
      inOrder.push(chosen);
      pool.setLoad(chosen, pool.facts(chosen)!.load + 1);
    }

    // 3 and 4 are alike and none was chosen before: ids decide. Then 1/9 < 2/10 < 2/9 < 1/3.
    expect(inOrder).toEqual([3, 4, 2, 3, 1]);
  });

  test('of equals the one chosen longest ago comes next', () => {
    const pool = poolOf(
      'least_loaded',
      manyFacts(3, () => endless),
    );

    expect(Array.from({ length: 7 }, () => give(pool))).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });

  test('chooses whom a sorted list would put first', () => {
    const someCandidates = fc.array(
      fc.record({
        load: fc.nat({ max: 4 }),
        maxLoad: fc.integer({ min: 1, max: 5 }),
        weight: fc.nat({ max: 3 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(someCandidates, fc.array(fc.nat({ max: 29 }), { maxLength: 4 }), (candidates, left) => {
        const facts = candidates.map((one, place) => someFacts(place + 1, one));
        const except = passingOver(...left.map((place) => operator(place + 1)));
        const first = facts
          .filter((one) => one.weight > 0 && one.load < one.maxLoad && !except.has(one.operatorId))
          .toSorted((a, b) => a.load / a.maxLoad - b.load / b.maxLoad || b.weight - a.weight)[0];

        expect(give(poolOf('least_loaded', facts), { except })).toBe(first?.operatorId ?? null);
      }),
    );
  });
});

describe.each(['smooth_weighted', 'least_loaded', 'weighted_random'] as const)('%s', (strategy) => {
  const someSteps = fc.array(
    fc.record({
      luck: fc.maxSafeNat(),
      prefer: fc.option(fc.nat({ max: 30 }), { freq: 4 }),
      except: fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
      ends: fc.option(fc.nat({ max: 30 }), { freq: 2 }),
    }),
    { minLength: 1, maxLength: 80 },
  );
  const someOperators = fc.array(fc.record({ weight: fc.nat({ max: 20 }), maxLoad: fc.nat({ max: 4 }) }), {
    maxLength: 30,
  });

  test('every record replays to what came out, and shows no fault', () => {
    fc.assert(
      fc.property(someOperators, someSteps, (operators, steps) => {
        const pool = poolOf(
          strategy,
          operators.map((one, place) => someFacts(place + 1, one)),
        );
        for (const { luck, prefer, except, ends } of steps) {
          const wish = { prefer: idOf(prefer), except: passingOver(...except.map((n) => operator(n + 1))) };
          const verdict = decide(pool, (below) => luck % below, wish);
          const record = recordOf({ ...explain(pool, verdict) }, strategy);
          expect(replay(record)).toEqual({ operatorId: chosenBy(verdict), faults: [] });
          expect(decide(pool, (below) => luck % below, wish)).toEqual(verdict);
          carryOut(pool, verdict);
          if (verdict.outcome === 'assigned') changeLoad(pool, verdict.operatorId, 1);
          if (ends !== null) changeLoad(pool, operator(ends + 1), -1);
        }
      }),
    );
  });

  test('a record that names another winner is found out', () => {
    const pool = poolOf(
      strategy,
      manyFacts(3, (n) => ({ weight: n })),
    );
    const record = recordOf(
      explain(
        pool,
        decide(pool, () => 0),
      ),
      strategy,
    );
    const other = record.candidates.find((one) => one.operator_id !== record.operator_id)!;

    expect(replay({ ...record, operator_id: other.operator_id }).faults).not.toEqual([]);
  });
});

const idOf = (place: number | null) => (place === null ? null : operator(place + 1));

function changeLoad(pool: Pool, id: OperatorId, change: 1 | -1): void {
  const facts = pool.facts(id);
  if (facts !== undefined) pool.setLoad(id, Math.max(0, facts.load + change));
}

test.each(['smooth_weighted', 'least_loaded'] as const)(
  'a changed mark in a record of %s is found out',
  (strategy) => {
    const pool = poolOf(strategy, manyFacts(3));
    give(pool);
    const record = recordOf(explain(pool, decide(pool, noDraw)), strategy);
    const candidates = record.candidates.map((one) =>
      one.operator_id === record.operator_id ? { ...one, mark: 1000 } : one,
    );

    expect(replay({ ...record, candidates }).faults).not.toEqual([]);
  },
);
