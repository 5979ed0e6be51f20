import { describe, expect, test } from 'vitest';
import type { Candidate, Decision, Strategy } from '../../src/contract/decision.ts';
import { decide, type Wish } from '../../src/routing/decide.ts';
import { explain } from '../../src/routing/explain.ts';
import type { Pool } from '../../src/routing/pool.ts';
import { replay } from '../../src/routing/replay.ts';
import { manyFacts, noDraw, operator, recordOf } from './support/builders.ts';
import { give, poolOf } from './support/pools.ts';

function recorded(pool: Pool, wish?: Wish): Decision {
  return recordOf(explain(pool, decide(pool, noDraw, wish)), pool.rules.strategy);
}

/** Weights 1, 2 and 3 from a fresh state, after so many contacts. */
function afterSome(strategy: Strategy, contacts: number): Decision {
  const pool = poolOf(
    strategy,
    manyFacts(3, (n) => ({ weight: n })),
  );
  for (let n = 0; n < contacts; n++) give(pool);
  return recorded(pool);
}

function withCandidate(record: Decision, id: number, change: Partial<Candidate>): Decision {
  const candidates = record.candidates.map((one) => (one.operator_id === id ? { ...one, ...change } : one));
  return { ...record, candidates };
}

describe.each(['smooth_weighted', 'least_loaded'] as const)('a record of %s', (strategy) => {
  test.each([0, 1, 2, 3, 4, 5, 6])('replays after %i contacts', (contacts) => {
    const record = afterSome(strategy, contacts);

    expect(record.turn).toEqual(expect.any(Number));
    expect(record.runner_up).not.toBeNull();
    expect(replay(record)).toEqual({ operatorId: record.operator_id, faults: [] });
  });

  test('with a draw is reported', () => {
    expect(replay({ ...afterSome(strategy, 1), draw: 3 }).faults).toEqual([
      `3 was drawn although ${strategy} draws nothing`,
    ]);
  });

  test('that does not say how far the strategy had come is reported', () => {
    expect(replay({ ...afterSome(strategy, 0), turn: null }).faults).toEqual([
      `it is not recorded how far ${strategy} had come`,
    ]);
  });

  test('without the mark of the chosen one is reported', () => {
    const record = afterSome(strategy, 0);

    expect(replay(withCandidate(record, record.operator_id!, { mark: undefined })).faults).toEqual([
      `operator ${record.operator_id} is recorded without its mark`,
    ]);
  });

  test('that names another as the next one is reported, and one that names nobody', () => {
    const record = afterSome(strategy, 1);
    const next = record.runner_up!.operator_id;
    const third = record.candidates.find(({ operator_id: id }) => id !== next && id !== record.operator_id)!;

    expect(replay({ ...record, runner_up: third }).faults).toEqual([
      `operator ${third.operator_id} is recorded as the next one, the replay says ${next}`,
    ]);
    expect(replay({ ...record, runner_up: null }).faults).toEqual([
      `operator null is recorded as the next one, the replay says ${next}`,
    ]);
  });

  test('that names a next one beside the only one is reported', () => {
    const record = recorded(
      poolOf(
        strategy,
        manyFacts(2, (n) => ({ weight: n - 1 })),
      ),
    );

    expect(record.runner_up).toBeNull();
    expect(replay({ ...record, runner_up: record.candidates[1]! }).faults).toEqual([
      'operator 2 is recorded as the next one, the replay says null',
    ]);
  });

  test('of a contact that goes back to its last operator has no next one', () => {
    const pool = poolOf(strategy, manyFacts(3));
    const record = recorded(pool, { prefer: operator(2) });

    expect(replay(record)).toEqual({ operatorId: 2, faults: [] });
    expect(replay({ ...record, runner_up: record.candidates[0]! }).faults).toEqual([
      'operator 1 is recorded as the next one, the replay says null',
    ]);
  });

  test('of a contact that waits replays', () => {
    const record = recorded(
      poolOf(
        strategy,
        manyFacts(3, () => ({ weight: 0 })),
      ),
    );

    expect(replay(record)).toEqual({ operatorId: null, faults: [] });
  });

  test('that shows a part replays, also where the next one stands outside', () => {
    const pool = poolOf(
      strategy,
      manyFacts(60, (n) => ({ weight: n === 30 || n === 55 ? 20 : 10 })),
    );
    give(pool);
    const record = recorded(pool);
    const shown = record.candidates.map((one) => one.operator_id);

    expect(shown).not.toContain(record.runner_up!.operator_id);
    expect(replay(record)).toEqual({ operatorId: record.operator_id, faults: [] });
  });
});

test('of equals outside and inside of the row the one with the lower id is next, as the order says', () => {
  const pool = poolOf(
    'least_loaded',
    manyFacts(60, (n) => ({ weight: n === 30 ? 20 : 10 })),
  );
  const record = recorded(pool);

  expect(record).toMatchObject({ operator_id: 30, runner_up: { operator_id: 1 } });
  expect(replay(record)).toEqual({ operatorId: 30, faults: [] });
});

test('the chosen one cannot be the next one as well', () => {
  const record = afterSome('least_loaded', 1);
  const chosen = record.candidates.find((one) => one.operator_id === record.operator_id)!;

  expect(replay({ ...record, runner_up: { ...chosen } }).faults).toEqual([
    `operator ${record.operator_id} is recorded as the next one, the replay says ${record.runner_up!.operator_id}`,
  ]);
});

test('a next one outside of the row who should have been chosen is reported', () => {
  const pool = poolOf(
    'least_loaded',
    manyFacts(60, (n) => ({ weight: n === 30 ? 20 : 10 })),
  );
  const record = recorded(pool);

  expect(replay({ ...record, runner_up: { ...record.runner_up!, weight: 30 } })).toEqual({
    operatorId: null,
    faults: [
      'operator 1 is recorded as the next one, the replay says null',
      'the outcome is recorded as assigned, the replay says waiting',
      'operator 30 is recorded as the chosen one, the replay says null',
    ],
  });
});

test('a next one in a record of a draw is reported', () => {
  const pool = poolOf('weighted_random', manyFacts(3));
  const record = recordOf(
    explain(
      pool,
      decide(pool, () => 0),
    ),
  );

  expect(record.runner_up).toBeNull();
  expect(replay({ ...record, runner_up: record.candidates[1]! }).faults).toEqual([
    'operator 2 is recorded as the next one, the replay says null',
  ]);
});
