import { expect, test } from 'vitest';
import type { Decision } from '../../src/contract/decision.ts';
import type { Facts } from '../../src/routing/candidate.ts';
import { decide } from '../../src/routing/decide.ts';
import { explain } from '../../src/routing/explain.ts';
import { Pool } from '../../src/routing/pool.ts';
import { replay } from '../../src/routing/replay.ts';
import { manyFacts, recordOf, someRules, ticketOf } from './support/builders.ts';

function recorded(facts: Facts[], ticket: number): Decision {
  const pool = new Pool(someRules(), facts);
  return recordOf(explain(pool, decide(pool, ticketOf(ticket))));
}

test('a record of a part of the candidates gives the same operator again', () => {
  expect(replay(recorded(manyFacts(100), 505))).toEqual({ operatorId: 51, faults: [] });
});

test('a draw outside of the shown candidates is reported', () => {
  const record = { ...recorded(manyFacts(100), 505), draw: 10 };

  expect(replay(record)).toEqual({
    operatorId: null,
    faults: [
      'the draw 10 belongs to no candidate of the record',
      'the outcome is recorded as assigned, the replay says waiting',
      'operator 51 is recorded as the chosen one, the replay says null',
    ],
  });
});

test('a total below the sum of the shown part is reported', () => {
  const record = { ...recorded(manyFacts(100), 505), total_weight: 550 };

  expect(replay(record).faults).toEqual(['the total weight is recorded as 550, the sum is 600']);
});

test('weight behind a row that shows the end is reported', () => {
  const record = { ...recorded(manyFacts(100), 985), total_weight: 1_001 };

  expect(replay(record).faults).toEqual(['the total weight is recorded as 1001, the sum is 1000']);
});

test('weight before a row that shows the begin is reported', () => {
  const record = recorded(manyFacts(100), 35);
  const moved = record.candidates.map((one) => ({ ...one, weight_before: one.weight_before + 5 }));

  expect(replay({ ...record, candidates: moved }).faults).toEqual([
    'a weight of 5 stands before a window at the begin',
  ]);
});

test('a row behind which nobody is eligible replays', () => {
  const record = recorded(
    manyFacts(100, (n) => ({ weight: n > 60 ? 0 : 10 })),
    505,
  );

  expect(record.candidates.at(-1)).toMatchObject({
    operator_id: 60,
    weight_before: record.total_weight - 10,
  });
  expect(replay(record)).toEqual({ operatorId: 51, faults: [] });
});

/** Of 100 those whose number ends in 0 are full: 2 of them are shown, 8 are not. */
const withFull = () =>
  recorded(
    manyFacts(100, (n) => ({ load: n % 10 === 0 ? 5 : 0 })),
    450,
  );

test('refusals that stand outside of the row are taken at their word, and those inside have to be counted', () => {
  expect(withFull().refused).toEqual({ 'at-cap': 10 });

  expect(replay(withFull()).faults).toEqual([]);
  expect(replay({ ...withFull(), refused: { 'at-cap': 2 } }).faults).toEqual([]);
  expect(replay({ ...withFull(), refused: { 'at-cap': 1 } }).faults).toEqual([
    'refused as at-cap: 1 too few counted',
  ]);
});

test('20 of 20 are no part: weight or refusals beside them are reported', () => {
  const record = recorded(manyFacts(20), 5);

  expect(replay({ ...record, total_weight: 201 }).faults).toEqual([
    'the total weight is recorded as 201, the sum is 200',
  ]);
  expect(replay({ ...record, refused: { paused: 1 } }).faults).toEqual([
    'refused as paused: 1 too many counted',
  ]);
});

test('a record that shows fewer than it should is reported', () => {
  const record = recorded(manyFacts(5), 5);

  expect(replay({ ...record, candidate_count: 6 }).faults).toEqual(['5 candidates are shown of 6']);
  expect(replay({ ...record, candidate_count: 100, candidates: [] }).faults).toContain(
    '0 candidates are shown of 100',
  );
});
