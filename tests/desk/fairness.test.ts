import { expect, test } from 'vitest';
import type { OperatorId, SourceId } from '../../src/contract/ids.ts';
import type { Distribution } from '../../src/contract/stats.ts';
import { fairnessOf } from '../../src/desk/fairness.ts';
import { stepsOf, type Taken, type Tally } from '../../src/desk/tally.ts';

type Share = Distribution['items'][number]['operators'][number];

const share = (id: number, traits: Partial<Share>): Share => ({
  operator_id: id as OperatorId,
  operator_name: `Operator ${id}`,
  weight: 1,
  count: 10,
  share: 0.5,
  expected_share: 0.5,
  expected_count: 10,
  deviation: 0,
  causes: {},
  z_score: null,
  ...traits,
});

test('without any contact there is nothing to judge', () => {
  expect(fairnessOf([])).toMatchObject({ code: 'no-contacts' });
  expect(fairnessOf([share(1, { count: 0, z_score: 99 })])).toMatchObject({ code: 'no-contacts' });
});

test('draws that chance makes once in a thousand sources are called unlikely, in both directions', () => {
  // sqrt(2 ln(2 * 2 * 1000)) = 4.073 for two who were drawn for.
  const judged = (z: number) => fairnessOf([share(1, { z_score: -1 }), share(2, { z_score: z })]);

  expect(judged(4.07)).toMatchObject({ code: 'fair', z_score: 4.07, operator_id: null });
  expect(judged(-4.08)).toEqual({
    code: 'unlikely',
    text: 'Unlikely to be chance: the draws for Operator 2 are -4.1 standard deviations from what they promised.',
    operator_id: 2,
    cause: null,
    contacts: null,
    z_score: -4.08,
  });
});

test('the more are drawn for, the farther one of them may be', () => {
  const others = Array.from({ length: 98 }, (_, index) => share(index + 3, { z_score: 0 }));

  expect(fairnessOf([share(2, { z_score: 4.08 }), ...others])).toMatchObject({ code: 'fair' });
});

test('of the causes the largest that is no choice of the rule is told, for whom it cost contacts', () => {
  const told = fairnessOf([
    share(1, { causes: { chance: 9, 'at-cap': 6, manual: -2 } }),
    share(2, { causes: { chance: -9, 'at-cap': -4, turns: 5, manual: 2 } }),
  ]);

  expect(told).toMatchObject({
    code: 'fair',
    cause: 'at-cap',
    contacts: -4,
    operator_id: 2,
    text: 'Fair: as the weights say, but for what is told. The most is at-cap: 4.0 fewer for Operator 2.',
  });
});

test('what somebody gained is told where it is no reason of a refusal', () => {
  expect(
    fairnessOf([share(1, { causes: { manual: 3 } }), share(2, { causes: { manual: -1 } })]),
  ).toMatchObject({
    text: 'Fair: as the weights say, but for what is told. The most is manual: 3.0 more for Operator 1.',
  });
});

test('less than half a contact is not worth a word', () => {
  expect(fairnessOf([share(1, { causes: { 'at-cap': -0.49 }, z_score: 0.5 })])).toMatchObject({
    code: 'fair',
    text: 'Fair: as the weights say.',
    cause: null,
    z_score: 0.5,
  });
});

test('too many steps are not explained one by one, and no contact is left out', () => {
  const [one, other] = [1 as OperatorId, 2 as OperatorId];
  const step = (situation: string, contacts: number): Taken => ({
    version: 1,
    routed: { strategy: 'weighted_random', rule: 'strategy', situation },
    from: null,
    to: one,
    cause: 'manual',
    contacts,
  });
  const steps: Tally['steps'] = new Map([
    ['a', step('..', 2)],
    ['b', step('.c', 3)],
  ]);
  const weights: [OperatorId, number][] = [
    [one, 1],
    [other, 1],
  ];
  const all = (most: number) =>
    stepsOf(1 as SourceId, { unassigned: 0, held: new Map([[one, 5]]), steps }, () => weights, most);

  expect(all(4)).toMatchObject([
    { choice: { reasons: [null, null] }, contacts: 2 },
    { choice: { reasons: [null, 'at-cap'] }, contacts: 3 },
  ]);
  expect(all(3)).toMatchObject([{ choice: { reasons: null }, contacts: 5, weights }]);
});
