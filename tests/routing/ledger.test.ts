import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ledger, type Totals } from '../../src/routing/ledger.ts';

function finished<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function sumOf({ sums, denominator }: Totals<string, string>, who: string, what: string): [bigint, bigint] {
  return [sums.get(who)?.get(what) ?? 0n, denominator];
}

test('fractions of any denominators are summed without loss, each line for itself', () => {
  const ledger = new Ledger<string, string>();
  ledger.add('Anna', 'a', 1, 3);
  ledger.add('Anna', 'a', 1, 6);
  ledger.add('Anna', 'b', -1n, 4n);
  ledger.add('Boris', 'a', 2, 3);

  const totals = finished(ledger.totals());

  expect(totals.denominator).toBe(12n);
  expect(sumOf(totals, 'Anna', 'a')).toEqual([6n, 12n]);
  expect(sumOf(totals, 'Anna', 'b')).toEqual([-3n, 12n]);
  expect(sumOf(totals, 'Boris', 'a')).toEqual([8n, 12n]);
});

test('the common denominator is the least one, and the sum that of plain fractions', () => {
  const fraction = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 60 }));
  fc.assert(
    fc.property(fc.array(fraction, { minLength: 1, maxLength: 30 }), (fractions) => {
      const ledger = new Ledger<string, string>();
      for (const [n, d] of fractions) ledger.add('one', 'sum', n, d);

      const [numerator, denominator] = sumOf(finished(ledger.totals()), 'one', 'sum');

      // As at school: over the product of all.
      const [top, under] = fractions.reduce(
        ([a, b], [n, d]) => [a * BigInt(d) + BigInt(n) * b, b * BigInt(d)],
        [0n, 1n],
      );
      expect(numerator * under).toBe(top * denominator);
      const all = new Set(fractions.map(([, d]) => d));
      const divides = (whole: bigint): boolean => [...all].every((d) => whole % BigInt(d) === 0n);
      expect(divides(denominator)).toBe(true);
      for (const prime of [2n, 3n, 5n, 7n])
        if (denominator % prime === 0n) expect(divides(denominator / prime)).toBe(false);
    }),
  );
});

test('each denominator is a step of its own, twice: for the common one and for the sums', () => {
  const ledger = new Ledger<string, string>();
  for (const d of [2, 3, 2, 5]) ledger.add('one', 'sum', 1, d);

  expect([...ledger.totals()]).toHaveLength(6);
});

test('there is no fraction over 0, or over less', () => {
  const ledger = new Ledger<string, string>();

  expect(() => ledger.add('one', 'sum', 1, 0)).toThrow(new RangeError('0 is no denominator'));
  expect(() => ledger.add('one', 'sum', 1, -2n)).toThrow(RangeError);
});

test('an empty ledger sums to nothing', () => {
  expect(finished(new Ledger<string, string>().totals())).toEqual({ denominator: 1n, sums: new Map() });
});
