import { expect, test } from 'vitest';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import type { Distribution, Fairness } from '../../src/contract/stats.ts';
import { fairnessOf } from '../../src/desk/fairness.ts';
import type { KeptWeights } from '../../src/desk/kept-weights.ts';
import { openTally } from '../../src/desk/tally.ts';
import { Audit } from '../../src/routing/audit.ts';
import { seededDraw } from '../routing/support/seeded-draw.ts';

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

type Winner = (weights: readonly number[]) => number;

/** What is said of a source whose contacts went to whom `winner` names, all of them free. */
function judged(weights: readonly number[], contacts: number, winner: Winner): Fairness {
  const audit = new Audit();
  const ids = weights.map((_, place) => (place + 1) as OperatorId);
  const weighed = ids.map((id, place) => [id, weights[place]!] as const);
  const choice = { reasons: weights.map(() => null), strategy: 'weighted_random', rule: 'strategy' } as const;
  const counts = weights.map(() => 0);
  for (let contact = 0; contact < contacts; contact++) counts[winner(weights)]! += 1;
  for (const [place, count] of counts.entries())
    audit.add({
      weights: weighed,
      choice,
      from: null,
      to: ids[place]!,
      cause: 'manual',
      contacts: count,
      isHeld: true,
    });
  const work = audit.close();
  let done = work.next();
  while (!done.done) done = work.next();
  const { luck } = done.value;
  const shares = ids.map((id, place) => {
    const { distance, variance } = luck.get(id)!;
    return share(id, { count: counts[place]!, z_score: distance / Math.sqrt(variance) });
  });
  return fairnessOf(shares, luck);
}

test.each([
  [Array.from({ length: 100 }, () => 1), 1],
  [Array.from({ length: 100 }, () => 1), 30],
  [Array.from({ length: 20 }, () => 1), 3],
  [[1, 99], 5],
  [[5, 5, 5, 5, 80], 1],
  [[10, 30, 60], 100],
])(
  'of sources that draw as they should, fewer than one in a thousand are called unlikely (%#)',
  (weights, contacts) => {
    const draw = seededDraw('fair');
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const drawn: Winner = () => {
      let ticket = draw(total);
      return weights.findIndex((weight) => (ticket -= weight) < 0);
    };

    const verdicts = Array.from({ length: 1_000 }, () => judged(weights, contacts, drawn).code);

    expect(verdicts.filter((code) => code === 'unlikely').length).toBeLessThanOrEqual(1);
  },
);

test('one who is never drawn, and one who is drawn too often, are found out', () => {
  let turn = 0;
  const skipping: Winner = (weights) => 1 + (turn++ % (weights.length - 1));
  const equal = Array.from({ length: 20 }, () => 1);

  expect(judged(equal, 200, skipping).code).toBe('fair');
  expect(judged(equal, 800, skipping)).toMatchObject({
    code: 'unlikely',
    operator_id: 1,
    text: expect.stringMatching(/^Unlikely to be chance: the draws for Operator 1 are -6\.5 standard/),
  });
  expect(judged([1, 1], 40, () => 0)).toMatchObject({ code: 'unlikely', z_score: expect.closeTo(6.32, 2) });
});

test('where most of the difference is unexplained nothing is said of fairness', () => {
  const told = fairnessOf([
    share(1, { causes: { unexplained: 50, manual: 2 } }),
    share(2, { causes: { unexplained: -50, manual: -2 } }),
  ]);

  expect(told).toMatchObject({ code: 'unknown', cause: null, operator_id: null });
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
    text: 'Fair: as the weights say, but for what is told. The largest effect is at-cap: 4.0 fewer for Operator 2.',
  });
});

test('what somebody gained is told where it is no reason of a refusal', () => {
  expect(
    fairnessOf([share(1, { causes: { manual: 3 } }), share(2, { causes: { manual: -1 } })]),
  ).toMatchObject({
    text: 'Fair: as the weights say, but for what is told. The largest effect is manual: 3.0 more for Operator 1.',
  });
});

test('less than half a contact is not worth a word', () => {
  expect(fairnessOf([share(1, { causes: { 'at-cap': -0.49 } })])).toMatchObject({
    code: 'fair',
    text: 'Fair: as the weights say.',
    cause: null,
  });
});

const contact = (situation: string, holder = 1) => [
  {
    id: 1 as ContactId,
    source_id: 1 as SourceId,
    created_at: 0,
    holder: holder as OperatorId,
    version: 7,
    strategy: 'weighted_random' as const,
    rule: 'strategy' as const,
    trigger: 'arrival' as const,
    situation,
    chosen: 1 as OperatorId,
  },
];

const kept: KeptWeights = { versionOf: () => 5, at: () => [] };

test('contacts that took the same step under the same weights are counted together', () => {
  const { tally, add } = openTally(1 as SourceId, kept);
  for (const situation of ['..', '.c', '..']) add(contact(situation));

  expect([...tally.steps.values()]).toMatchObject([
    { version: 5, routed: { situation: '..' }, contacts: 2 },
    { version: 5, routed: { situation: '.c' }, contacts: 1 },
  ]);
  expect(tally.held).toEqual(new Map([[1, 3]]));
});

test('a tally that holds too many situations goes on without them, and no contact is left out', () => {
  const { tally, add } = openTally(1 as SourceId, kept, 5);
  for (const situation of ['..', '.c', '..', '.p', '.i']) add(contact(situation));
  add(contact('..', 2));

  expect([...tally.steps.values()]).toMatchObject([
    { routed: { situation: null }, from: null, to: 1, contacts: 6 },
    { routed: null, from: 1, to: 2, cause: 'manual', contacts: 1 },
  ]);
});
