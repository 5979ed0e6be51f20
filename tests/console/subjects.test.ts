import { expect, test } from 'vitest';
import { isRepairable, standingOf, subjectOf } from '../../console/src/statistics/subjects.ts';
import { InvariantName, type InvariantCheck } from '../../src/contract/invariants.ts';

const check = (name: InvariantName, ok: boolean): InvariantCheck => ({
  name,
  ok,
  breaches: ok ? 0 : 1,
  examples: [],
});

test('the subject of a breach is an operator or a contact; another one keeps its label', () => {
  expect(subjectOf('operator:7')).toEqual({ kind: 'operator', id: 7 });
  expect(subjectOf('contact:12')).toEqual({ kind: 'contact', id: 12 });
  expect(subjectOf('lead:3')).toEqual({ kind: 'unknown', label: 'lead:3' });
  expect(subjectOf('contact:x')).toEqual({ kind: 'unknown', label: 'contact:x' });
});

test('loads and queues can be repaired; the others are left to a person', () => {
  const broken = (name: InvariantName) => InvariantName.options.map((each) => check(each, each !== name));

  expect(InvariantName.options.filter((name) => isRepairable(broken(name)))).toEqual(['load', 'unserved']);
});

test('what was repaired is a load, or with whom a contact is', () => {
  expect(standingOf({ load: 9 })).toEqual({ kind: 'load', load: 9 });
  expect(standingOf({ status: 'assigned', operator_id: 7 })).toEqual({
    kind: 'contact',
    status: 'assigned',
    operatorId: 7,
  });
  expect(standingOf({ status: 'waiting', operator_id: null })).toEqual({
    kind: 'contact',
    status: 'waiting',
    operatorId: null,
  });
});
