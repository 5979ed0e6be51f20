import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OperatorId } from '../../src/contract/ids.ts';
import { carryOut, decide } from '../../src/routing/decide.ts';
import { explain } from '../../src/routing/explain.ts';
import type { Pool } from '../../src/routing/pool.ts';
import { replay } from '../../src/routing/replay.ts';
import {
  chosenBy,
  manyFacts,
  noDraw,
  operator,
  passingOver,
  recordOf,
  someFacts,
} from './support/builders.ts';
import { give, poolOf } from './support/pools.ts';

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
