import { expect, test } from 'vitest';
import type { Candidate, Decision } from '../../src/contract/decision.ts';
import type { Facts } from '../../src/routing/candidate.ts';
import { decide, type Wish } from '../../src/routing/decide.ts';
import { explain } from '../../src/routing/explain.ts';
import { Pool } from '../../src/routing/pool.ts';
import { replay } from '../../src/routing/replay.ts';
import type { Draw } from '../../src/routing/strategy.ts';
import {
  manyFacts,
  noDraw,
  operator,
  passingOver,
  recordOf,
  someFacts,
  someRules,
  ticketOf,
} from './support/builders.ts';

function recorded(facts: Facts[], draw: Draw, wish?: Wish): Decision {
  const pool = new Pool(someRules(), facts);
  return recordOf(explain(pool, decide(pool, draw, wish)));
}

/** Weights 10 and 30 and one who is full; the draw 15 belongs to operator 2. */
function tenAndThirty(): Decision {
  const full = someFacts(3, { load: 5, maxLoad: 5 });
  return recorded([someFacts(1, { weight: 10 }), someFacts(2, { weight: 30 }), full], ticketOf(15));
}

function withCandidate(record: Decision, id: number, change: Partial<Candidate>): Decision {
  const candidates = record.candidates.map((one) => (one.operator_id === id ? { ...one, ...change } : one));
  return { ...record, candidates };
}

test('a record gives the same operator again', () => {
  expect(replay(tenAndThirty())).toEqual({ operatorId: 2, faults: [] });
});

test('a record beside everybody whom numbers do not refuse gives the same operator again', () => {
  const pool = new Pool(someRules({ requirePresence: true }), [
    someFacts(1, { isActive: false }),
    someFacts(2, { availability: 'paused' }),
    someFacts(3, { isOnline: false }),
    ...[4, 5, 6, 7].map((n) => someFacts(n)),
  ]);
  const except = passingOver(operator(4), operator(5), operator(6));

  const record = recordOf(explain(pool, decide(pool, ticketOf(3), { except })));

  expect(replay(record)).toEqual({ operatorId: 7, faults: [] });
});

test('a record of a source that is switched off gives nobody again', () => {
  const pool = new Pool(someRules({ isActive: false }), manyFacts(2));

  expect(replay(recordOf(explain(pool, decide(pool, noDraw))))).toEqual({ operatorId: null, faults: [] });
});

test('a record without any operators gives nobody again', () => {
  expect(replay(recorded([], noDraw))).toEqual({ operatorId: null, faults: [] });
});

test('a record of a contact that waits gives nobody again', () => {
  const record = recorded([someFacts(1, { weight: 0 })], noDraw);

  expect(replay(record)).toEqual({ operatorId: null, faults: [] });
});

test('a record beside a releaser gives the same operator again', () => {
  const record = recorded(manyFacts(3), ticketOf(15), { except: passingOver(operator(2)) });

  expect(replay(record)).toEqual({ operatorId: 3, faults: [] });
});

test('a record of a contact behind older ones gives nobody again', () => {
  const reason = 'older-first' as const;
  const record = withCandidate(recorded([someFacts(1)], ticketOf(0)), 1, { eligible: false, reason });

  const waiting = { ...record, outcome: 'waiting' as const, operator_id: null, draw: null, total_weight: 0 };

  expect(replay({ ...waiting, refused: { [reason]: 1 } })).toEqual({ operatorId: null, faults: [] });
});

test('the recorded outcome is compared and not believed', () => {
  const record = { ...tenAndThirty(), operator_id: operator(1) };

  expect(replay(record)).toEqual({
    operatorId: 2,
    faults: ['operator 1 is recorded as the chosen one, the replay says 2'],
  });
});

test('a record that says waiting although somebody is drawn is reported', () => {
  const record: Decision = { ...tenAndThirty(), outcome: 'waiting', operator_id: null };

  expect(replay(record)).toEqual({
    operatorId: 2,
    faults: [
      'the outcome is recorded as waiting, the replay says assigned',
      'operator null is recorded as the chosen one, the replay says 2',
    ],
  });
});

test('a draw that belongs to somebody else is reported', () => {
  expect(replay({ ...tenAndThirty(), draw: 9 })).toEqual({
    operatorId: 1,
    faults: ['operator 2 is recorded as the chosen one, the replay says 1'],
  });
});

test('a draw that is not below the total weight is reported', () => {
  expect(replay({ ...tenAndThirty(), draw: 40 }).faults).toContain(
    'the draw 40 is not below the total weight 40',
  );
});

test('a draw that is missing is reported', () => {
  expect(replay({ ...tenAndThirty(), draw: null })).toEqual({
    operatorId: null,
    faults: [
      'nothing was drawn although the total weight is 40',
      'the outcome is recorded as assigned, the replay says waiting',
      'operator 2 is recorded as the chosen one, the replay says null',
    ],
  });
});

test('a changed weight is reported by the sums behind it', () => {
  expect(replay(withCandidate(tenAndThirty(), 1, { weight: 20 })).faults).toEqual([
    'operator 2 is recorded with a weight of 10 before it, the sum is 20',
    'operator 3 is recorded with a weight of 40 before it, the sum is 50',
    'the total weight is recorded as 40, the sum is 50',
    'operator 2 is recorded as the chosen one, the replay says 1',
  ]);
});

test('an eligible operator whose cap is not above its load is reported', () => {
  expect(replay(withCandidate(tenAndThirty(), 2, { max_load: 0 })).faults).toContain(
    'operator 2 is recorded as eligible, its numbers say at-cap',
  );
});

test('an eligible operator without weight is reported', () => {
  expect(replay(withCandidate(tenAndThirty(), 1, { weight: 0 })).faults).toContain(
    'operator 1 is recorded as eligible, its numbers say zero-weight',
  );
});

test('an operator refused at its cap who has a free seat is reported', () => {
  expect(replay(withCandidate(tenAndThirty(), 3, { max_load: 6 })).faults).toContain(
    'operator 3 is recorded as refused as at-cap, its numbers say eligible',
  );
});

test('an operator refused for another reason than its numbers show is reported', () => {
  expect(replay(withCandidate(tenAndThirty(), 3, { reason: 'zero-weight' })).faults).toContain(
    'operator 3 is recorded as refused as zero-weight, its numbers say at-cap',
  );
});

test('an operator who is recorded as not eligible without a reason is reported', () => {
  expect(replay(withCandidate(tenAndThirty(), 1, { eligible: false })).faults).toEqual([
    'operator 1 is recorded as refused as null, its numbers say eligible',
  ]);
});

test('a refusal that is counted and not shown is reported', () => {
  expect(replay({ ...tenAndThirty(), refused: { 'at-cap': 2, paused: 3 } }).faults).toEqual([
    'refused as at-cap: 1 too many counted',
    'refused as paused: 3 too many counted',
  ]);
});

test('a refusal that is not counted is reported', () => {
  expect(replay({ ...tenAndThirty(), refused: {} }).faults).toEqual(['refused as at-cap: 1 too few counted']);
});

test('a total that is not the sum is reported', () => {
  expect(replay({ ...tenAndThirty(), total_weight: 41 }).faults).toEqual([
    'the total weight is recorded as 41, the sum is 40',
  ]);
});

test('candidates out of the order of their ids are reported', () => {
  const record = tenAndThirty();

  expect(replay({ ...record, candidates: record.candidates.toReversed() }).faults).toContain(
    'operator 2 does not stand in the order of ids',
  );
});

test('a candidate shown twice is reported', () => {
  const record = tenAndThirty();
  const twice = record.candidates.toSpliced(2, 0, record.candidates[1]!);

  expect(replay({ ...record, candidates: twice }).faults).toContain(
    'operator 2 does not stand in the order of ids',
  );
});

test('going back to the last operator replays by asking for its eligibility', () => {
  const record = recorded(manyFacts(3), noDraw, { prefer: operator(2) });

  expect(replay(record)).toEqual({ operatorId: 2, faults: [] });
  expect(replay(withCandidate(record, 2, { load: 5 }))).toMatchObject({
    operatorId: null,
    faults: expect.arrayContaining(['the last operator is no eligible candidate of the record']),
  });
  expect(replay({ ...record, draw: 12 }).faults).toEqual([
    '12 was drawn although the contact went to its last operator',
  ]);
});
