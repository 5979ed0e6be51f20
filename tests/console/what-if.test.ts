import { expect, test } from 'vitest';
import { span } from '../../console/src/ui/span.ts';
import {
  changesOf,
  differencesOf,
  triedOf,
  sumsOf,
  withEdit,
  without,
  type Difference,
  type Draft,
  type Present,
} from '../../console/src/what-if/draft.ts';
import { placesOf } from '../../console/src/what-if/faults.ts';
import {
  bodyOf,
  initialLoad,
  isSameQuestion,
  isSameTraffic,
  withSource,
} from '../../console/src/what-if/load.ts';
import { countLeftBehind, stepsOf, updateOf } from '../../console/src/what-if/steps.ts';
import { SourceId } from '../../src/contract/ids.ts';
import { SimulationCreate } from '../../src/contract/simulate.ts';
import { anna, boris, operatorOf, sourceOf } from './samples.ts';

const shop = SourceId.parse(3);
const help = SourceId.parse(4);

const present: Present = {
  operators: [
    operatorOf({ id: anna, name: 'Anna', max_load: 5, load: 2 }),
    operatorOf({ id: boris, name: 'Boris', max_load: 3, load: 3 }),
  ],
  sources: [sourceOf({ id: shop }), sourceOf({ id: help, code: 'help', strategy: 'least_loaded' })],
  weights: new Map([
    [
      shop,
      new Map([
        [anna, 10],
        [boris, 30],
      ]),
    ],
    [help, new Map([[anna, 1]])],
  ]),
};

const cap: Difference = { kind: 'cap', operatorId: anna, was: 5, value: 8 };
const off: Difference = { kind: 'active', operatorId: boris, was: true, value: false };
const even: Difference = {
  kind: 'strategy',
  sourceId: shop,
  was: 'weighted_random',
  value: 'smooth_weighted',
};
const less: Difference = { kind: 'weight', sourceId: shop, operatorId: boris, was: 30, value: 10 };
const more: Difference = { kind: 'weight', sourceId: help, operatorId: boris, was: 0, value: 7 };

const drafted = (...edits: Difference[]): Draft => edits.reduce(withEdit, new Map());

test('what is edited stands beside what is now: operators first, then source by source', () => {
  const draft = drafted(more, less, even, off, cap);

  expect(differencesOf(present, draft)).toEqual([cap, off, even, less, more]);
});

test('what is put back is no edit, even when somebody else changes it afterwards', () => {
  const back = withEdit(drafted(cap, less), { ...cap, value: 5 });
  const later = { ...present, operators: [operatorOf({ id: anna, max_load: 6 }), present.operators[1]!] };

  expect(differencesOf(later, back)).toEqual([less]);
});

test('what others change meanwhile is what an edit stands beside', () => {
  const later = { ...present, weights: new Map([[shop, new Map([[boris, 20]])]]) };
  const same = { ...present, weights: new Map([[shop, new Map([[boris, 10]])]]) };

  expect(differencesOf(later, drafted(less))).toEqual([{ ...less, was: 20 }]);
  expect(differencesOf(same, drafted(less))).toEqual([]);
});

test('edits of an operator or a source that is gone, or is not chosen, are left out', () => {
  const draft = drafted(cap, off, even, less, more);
  const withoutBoris = { ...present, operators: present.operators.slice(0, 1) };
  const withoutShop = { ...present, sources: present.sources.slice(1) };

  expect(differencesOf(withoutBoris, draft)).toEqual([cap, even]);
  expect(differencesOf(withoutShop, draft)).toEqual([cap, off, more]);
});

test('what was applied is an edit no longer', () => {
  expect([...without(drafted(cap, less), [cap]).values()]).toEqual([
    { kind: 'weight', sourceId: shop, operatorId: boris, value: 10 },
  ]);
});

test('a cell shows what is tried, else what stands', () => {
  const draft = drafted(less);

  expect(triedOf(draft, { kind: 'weight', sourceId: shop, operatorId: boris, value: 30 })).toBe(10);
  expect(triedOf(draft, { kind: 'weight', sourceId: shop, operatorId: anna, value: 10 })).toBe(10);
  expect(sumsOf(present.weights.get(shop)!, draft, shop)).toEqual({ was: 40, is: 20 });
  expect(sumsOf(present.weights.get(help)!, draft, help)).toEqual({ was: 1, is: 1 });
});

test('the gateway understands what is asked, of the past and of a load that is made up', () => {
  const to = '2026-11-20T10:00:00.000Z';
  const changes = changesOf(differencesOf(present, drafted(cap, off, even, less)));

  const past = bodyOf({ ...initialLoad, period: 'day' }, changes, { to });
  const madeUp = bodyOf(
    { ...initialLoad, kind: 'synthetic', rate: 20, minutes: 1.5, sourceIds: new Set([help, shop]) },
    changes,
    { to, seed: 7 },
  );

  expect(past).toEqual({
    from: '2026-11-19T10:00:00.000Z',
    to,
    changes: {
      max_loads: [{ operator_id: anna, max_load: 8 }],
      operators: [{ operator_id: boris, is_active: false }],
      strategies: [{ source_id: shop, strategy: 'smooth_weighted' }],
      weights: [{ source_id: shop, operator_id: boris, weight: 10 }],
    },
  });
  expect(madeUp).toMatchObject({
    from: '2026-11-13T10:00:00.000Z',
    source_ids: [shop, help],
    arrivals: { rate: 20, handling_time: 90 },
    seed: 7,
  });
  for (const body of [past, madeUp]) expect(SimulationCreate.parse(body)).toEqual(body);
});

test('another moment or chance is the same question; another time, load or edit is not', () => {
  const to = '2026-11-20T10:00:00.000Z';
  const ask = (load = initialLoad, edits: Difference[] = [cap], at = to, seed = 1) =>
    bodyOf(load, changesOf(edits), { to: at, seed });
  const synthetic = { ...initialLoad, kind: 'synthetic' as const };

  expect(isSameQuestion(ask(), ask(initialLoad, [cap], '2026-11-21T10:00:00.000Z', 2))).toBe(true);
  expect(isSameQuestion(ask(), ask(initialLoad, [cap, less]))).toBe(false);
  expect(isSameQuestion(ask(), ask({ ...initialLoad, period: 'day' }))).toBe(false);
  expect(isSameTraffic(ask(), ask(initialLoad, [cap, less]))).toBe(true);
  expect(isSameTraffic(ask(), ask({ ...initialLoad, period: 'day' }))).toBe(false);
  expect(isSameTraffic(ask(), ask({ ...initialLoad, sourceIds: new Set([shop]) }))).toBe(false);
  expect(isSameTraffic(ask(synthetic), ask({ ...synthetic, rate: 21 }))).toBe(false);
  // What is not shown is not asked.
  expect(isSameTraffic(ask(), ask({ ...initialLoad, rate: 21 }))).toBe(true);
});

test('sources are chosen one by one; all of them are all, also of those that come later', () => {
  const all = [shop, help];

  expect(withSource(null, shop, all)).toEqual(new Set([help]));
  expect(withSource(new Set([help]), help, all)).toEqual(new Set());
  expect(withSource(new Set([help]), shop, all)).toBeNull();
});

test('whoever is switched off comes last, one call for each operator and for the weights of each source', () => {
  const offCap: Difference = { kind: 'cap', operatorId: boris, was: 3, value: 1 };
  const mine: Difference = { kind: 'weight', sourceId: shop, operatorId: anna, was: 10, value: 20 };

  const steps = stepsOf([cap, off, offCap, even, mine, less, more]);

  expect(steps).toEqual([
    { kind: 'strategy', sourceId: shop, strategy: 'smooth_weighted', differences: [even] },
    { kind: 'weights', sourceId: shop, differences: [mine, less] },
    { kind: 'weights', sourceId: help, differences: [more] },
    { kind: 'operator', operatorId: anna, differences: [cap] },
    { kind: 'operator', operatorId: boris, differences: [off, offCap] },
  ]);
});

test('what becomes of open contacts is told for those alone who are switched off', () => {
  const on: Difference = { ...off, was: false, value: true };

  expect(updateOf([off], 'requeue')).toEqual({ is_active: false, open_contacts: 'requeue' });
  expect(updateOf([on, cap], 'requeue')).toEqual({ is_active: true, max_load: 8 });
  expect(countLeftBehind(present, [cap, off])).toBe(3);
  expect(countLeftBehind(present, [cap, on])).toBe(0);
});

test('a refusal is told at the field to which it belongs', () => {
  expect(placesOf(['arrivals.rate', 'arrivals.handling_time'])).toEqual(['rate', 'handling_time']);
  expect(placesOf(['from'])).toEqual(['period']);
  expect(placesOf(['source_ids'])).toEqual(['sources']);
  expect(placesOf(['source_ids.0', 'source_ids.1'])).toEqual(['sources']);
  expect(placesOf(['changes.max_loads.0.operator_id', 'changes'])).toEqual(['changes']);
  expect(placesOf(['seed'])).toEqual(['form']);
  expect(placesOf([])).toEqual(['form']);
});

test.each([
  [0, '0 sec'],
  [0.024, '<1 sec'],
  [59.4, '59 sec'],
  [60, '1 min'],
  [90.4, '1 min 30 sec'],
  [3_599.6, '1 hr'],
  [10_275, '2 hr 51 min'],
  [86_399, '1 day'],
  [200_000, '2 days 8 hr'],
])('%d seconds are %s', (seconds, words) => {
  expect(span(seconds, 'en')).toBe(words);
});
