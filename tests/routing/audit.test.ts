import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RefusalReason, Strategy } from '../../src/contract/decision.ts';
import type { OperatorId } from '../../src/contract/ids.ts';
import { Cause } from '../../src/contract/stats.ts';
import {
  type Accounts,
  Audit,
  type Choice,
  type Part,
  type Step,
  toNumber,
} from '../../src/routing/audit.ts';
import { seededDraw } from './support/seeded-draw.ts';

const [anna, boris, clara] = [1, 2, 3] as OperatorId[] as [OperatorId, OperatorId, OperatorId];
const everybody = [anna, boris, clara];
const allFree: Choice = { reasons: [null, null, null], strategy: 'weighted_random', rule: 'strategy' };

function accountsOf(...steps: Step[]): Accounts {
  const audit = new Audit();
  for (const each of steps) audit.add(each);
  const work = audit.close();
  for (;;) {
    const done = work.next();
    if (done.done) return done.value;
  }
}

/** The first step of one contact: weights 10 : 30 : 60, all are free, Anna was drawn. */
function step(traits: Partial<Step> = {}): Step {
  return {
    weights: [
      [anna, 10],
      [boris, 30],
      [clara, 60],
    ],
    choice: allFree,
    from: null,
    to: anna,
    cause: 'manual',
    contacts: 1,
    isHeld: true,
    ...traits,
  };
}

const byHand = { choice: null } as const;

function refusing(...reasons: (RefusalReason | null)[]): Pick<Step, 'choice'> {
  return { choice: { ...allFree, reasons } };
}

function part({ sums, denominator }: Accounts, id: OperatorId, name: Part): number {
  return toNumber(sums.get(id)?.get(name) ?? 0n, denominator);
}

/** Of everybody, in contacts; what is 0 is left out. */
function told(accounts: Accounts): Record<string, number>[] {
  return everybody.map((id) => {
    const names = [...(accounts.sums.get(id)?.keys() ?? [])];
    const all = names.map((name) => [name, Number(part(accounts, id, name).toFixed(9))] as const);
    return Object.fromEntries(all.filter(([, contacts]) => contacts !== 0));
  });
}

test('who is free gets what the weights promise, and the draw makes the rest', () => {
  expect(told(accountsOf(step()))).toEqual([
    { expected: 0.1, chance: 0.9 },
    { expected: 0.3, chance: -0.3 },
    { expected: 0.6, chance: -0.6 },
  ]);
});

test('the share of whoever is at its cap goes to the others by their weights', () => {
  expect(told(accountsOf(step(refusing(null, null, 'at-cap'))))).toEqual([
    { expected: 0.1, 'at-cap': 0.15, chance: 0.75 },
    { expected: 0.3, 'at-cap': 0.45, chance: -0.75 },
    { expected: 0.6, 'at-cap': -0.6 },
  ]);
});

test('each reason has its own part', () => {
  expect(told(accountsOf(step(refusing(null, 'paused', 'offline'))))).toEqual([
    { expected: 0.1, paused: 0.3, offline: 0.6 },
    { expected: 0.3, paused: -0.3 },
    { expected: 0.6, offline: -0.6 },
  ]);
});

test('who has no weight has nothing to expect and nothing to lose', () => {
  const weights: Step['weights'] = [
    [anna, 1],
    [boris, 0],
  ];
  const accounts = accountsOf(step({ weights, ...refusing(null, 'zero-weight') }));

  expect(told(accounts)).toEqual([{ expected: 1 }, {}, {}]);
  expect(accounts.sums.has(boris)).toBe(false);
});

test.each([
  ['smooth_weighted', 'strategy', 'turns'],
  ['least_loaded', 'strategy', 'least-loaded'],
  ['weighted_random', 'prefer_last', 'prefer-last'],
  ['least_loaded', 'prefer_last', 'prefer-last'],
] as const)('a choice of %s by the rule %s is called %s', (strategy, rule, cause) => {
  const accounts = accountsOf(step({ choice: { ...allFree, strategy, rule } }));

  expect(told(accounts)[0]).toEqual({ expected: 0.1, [cause]: 0.9 });
  expect(accounts.luck.size).toBe(0);
});

test('what is declined is taken from who declined it, and drawn anew among who is free now', () => {
  const later = step({ from: anna, to: clara, cause: 'declined', ...refusing('declined', null, null) });

  expect(told(accountsOf(step(), later))).toEqual([
    { expected: 0.1, chance: 0.9, declined: -1 },
    { expected: 0.3, chance: Number((-0.3 - 1 / 3).toFixed(9)), declined: Number((1 / 3).toFixed(9)) },
    { expected: 0.6, chance: Number((-0.6 + 1 / 3).toFixed(9)), declined: Number((2 / 3).toFixed(9)) },
  ]);
});

test('a later choice whose reasons are not known goes from one to the other by its cause', () => {
  const unknown = { choice: { ...allFree, reasons: null } };
  const later = step({ from: anna, to: clara, cause: 'requeued', ...unknown });

  expect(told(accountsOf(step(), later))).toEqual([
    { expected: 0.1, chance: 0.9, requeued: -1 },
    { expected: 0.3, chance: -0.3 },
    { expected: 0.6, chance: -0.6, requeued: 1 },
  ]);
});

test('what is given by hand goes from one to the other', () => {
  const given = step({ from: anna, to: clara, contacts: 2, ...byHand });

  expect(told(accountsOf(step({ contacts: 2 }), given))).toEqual([
    { expected: 0.2, chance: 1.8, manual: -2 },
    { expected: 0.6, chance: -0.6 },
    { expected: 1.2, chance: -1.2, manual: 2 },
  ]);
});

test('what routing never gave to anybody is by hand as a whole', () => {
  expect(told(accountsOf(step(byHand)))).toEqual([
    { expected: 0.1, manual: 0.9 },
    { expected: 0.3, manual: -0.3 },
    { expected: 0.6, manual: -0.6 },
  ]);
});

test.each<[string, Partial<Step>]>([
  ['whose reasons are not known', { choice: { ...allFree, reasons: null } }],
  ['whose reasons refuse whoever was chosen', refusing('at-cap', null, null)],
  ['that chose somebody who has no weight there', { to: 4 as OperatorId }],
])('a first choice %s is unexplained as a whole', (_, traits) => {
  const accounts = accountsOf(step(traits));
  const winner = traits.to ?? anna;

  expect(part(accounts, winner, 'unexplained')).toBe(winner === anna ? 0.9 : 1);
  expect(part(accounts, clara, 'unexplained')).toBe(-0.6);
});

test('where nobody has a weight nothing was promised', () => {
  const weights: Step['weights'] = [[anna, 0]];

  expect(told(accountsOf(step({ weights: [], ...byHand })))[0]).toEqual({ manual: 1 });
  expect(told(accountsOf(step({ weights })))[0]).toEqual({ unexplained: 1 });
});

test('luck is how far the draws have come out from what they promised', () => {
  const drawn = step({ contacts: 40 });
  const others = [boris, clara].map((to) => step({ to, contacts: 30 }));
  const byLoad = step({ choice: { ...allFree, strategy: 'least_loaded' }, contacts: 50 });

  const { luck } = accountsOf(drawn, ...others, byLoad);

  // 40 of 100 where 10 were promised, each with a variance of 0.1 * 0.9.
  expect(luck.get(anna)).toEqual({ distance: expect.closeTo(30, 9), variance: expect.closeTo(9, 9) });
  expect(luck.get(boris)).toEqual({ distance: expect.closeTo(0, 9), variance: expect.closeTo(21, 9) });
  expect(luck.get(clara)).toEqual({ distance: expect.closeTo(-30, 9), variance: expect.closeTo(24, 9) });
});

test('who was the only one free has no chance to be told of', () => {
  expect(accountsOf(step(refusing(null, 'paused', 'paused'))).luck.size).toBe(0);
});

test('who declines whatever it is offered does not look as if the draws had passed it over', () => {
  const draw = seededDraw('7');
  const audit: Step[] = [];
  for (let contact = 0; contact < 10_000; contact++) {
    const first = draw(100) < 40 ? anna : draw(60) < 20 ? boris : clara;
    const weights = [
      [anna, 40],
      [boris, 20],
      [clara, 40],
    ] as const;
    audit.push(step({ weights, to: first }));
    if (first !== anna) continue;
    const to = draw(60) < 20 ? boris : clara;
    audit.push(step({ weights, from: anna, to, cause: 'declined', ...refusing('declined', null, null) }));
  }

  const { luck } = accountsOf(...audit);

  for (const { distance, variance } of luck.values())
    expect(Math.abs(distance) / Math.sqrt(variance)).toBeLessThan(3);
});

test('the draws of contacts that nobody has count as luck, and as nothing else', () => {
  const { sums, luck } = accountsOf(step({ isHeld: false, contacts: 2 }));

  expect(sums.size).toBe(0);
  expect(luck.get(anna)).toEqual({ distance: expect.closeTo(1.8, 9), variance: expect.closeTo(0.18, 9) });
});

test('fractions are told as numbers, however long they are and whatever their sign', () => {
  const long = 10n ** 400n;

  expect(toNumber(long, 3n * long)).toBeCloseTo(1 / 3, 12);
  expect(toNumber(-7n * long, 2n * long)).toBe(-3.5);
  expect(toNumber(12n, 4n)).toBe(3);
});

const reason = fc.option(fc.constantFrom(...RefusalReason.options), { freq: 2 });
const weight = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1_000_000 }));
const anybody = fc.constantFrom(...everybody);
const taken = fc.record({
  weights: fc
    .tuple(weight, weight, weight)
    .map((all) => all.map((one, at) => [everybody[at]!, one] as const)),
  choice: fc.option(
    fc.record({
      reasons: fc.option(fc.tuple(reason, reason, reason), { freq: 8 }),
      strategy: fc.constantFrom(...Strategy.options),
      rule: fc.constantFrom('strategy', 'prefer_last'),
    }),
    { freq: 5 },
  ),
  to: anybody,
  cause: fc.constantFrom(...Cause.options),
});
const way = fc.record({
  steps: fc.array(taken, { minLength: 1, maxLength: 4 }),
  contacts: fc.integer({ min: 1, max: 1000 }),
});

test('the parts of everybody sum to what came, and each cause to nothing, exactly', () => {
  fc.assert(
    fc.property(fc.array(way, { minLength: 1, maxLength: 12 }), (ways) => {
      const isPromised = ({ weights }: { weights: Step['weights'] }) => weights.some(([, one]) => one > 0);
      const held = new Map<OperatorId, bigint>();
      let promised = 0n;
      const all = ways.flatMap(({ steps, contacts }) => {
        const holder = steps.at(-1)!.to;
        held.set(holder, (held.get(holder) ?? 0n) + BigInt(contacts));
        if (isPromised(steps[0]!)) promised += BigInt(contacts);
        return steps.map((each, at): Step => ({
          ...each,
          contacts,
          from: steps[at - 1]?.to ?? null,
          isHeld: true,
        }));
      });

      const { sums, denominator } = accountsOf(...all);

      const parts = new Map<Part, bigint>();
      for (const id of everybody) {
        let whole = 0n;
        for (const [name, sum] of sums.get(id) ?? []) {
          whole += sum;
          parts.set(name, (parts.get(name) ?? 0n) + sum);
        }
        expect(whole).toBe((held.get(id) ?? 0n) * denominator);
      }
      expect(parts.get('expected') ?? 0n).toBe(promised * denominator);
      if (!all.every(isPromised)) return;
      for (const [name, sum] of parts) if (name !== 'expected') expect([name, sum]).toEqual([name, 0n]);
    }),
    { numRuns: 500 },
  );
});
