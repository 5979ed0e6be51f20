import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inMillionths } from '../../src/routing/millionths.ts';

test('thirds are rounded so that they still sum to the whole', () => {
  expect(inMillionths([1n, 1n, 1n], 3n)).toEqual([333_334, 333_333, 333_333]);
  expect(inMillionths([-1n, -1n, -1n], 3n)).toEqual([-333_333, -333_333, -333_334]);
  expect(inMillionths([2n, -1n, -1n], 3n)).toEqual([666_667, -333_333, -333_334]);
  expect(inMillionths([2n, 2n, 2n], 3n)).toEqual([666_667, 666_667, 666_666]);
});

test('who lost most by rounding down gets what is missing', () => {
  expect(inMillionths([1n, 8n, 9n], 9_000_000n)).toEqual([0, 1, 1]);
  expect(inMillionths([8n, 1n, 9n], 9_000_000n)).toEqual([1, 0, 1]);
});

test('what cannot be told in millionths is rounded to the nearest, half up', () => {
  expect(inMillionths([1n], 2_000_000n)).toEqual([1]);
  expect(inMillionths([1n], 2_000_001n)).toEqual([0]);
  expect(inMillionths([-1n], 2_000_000n)).toEqual([0]);
  expect(inMillionths([], 7n)).toEqual([]);
});

test('each part is within a millionth of what it is, and their sum within half of one', () => {
  const numerator = fc.bigInt(-(10n ** 9n), 10n ** 9n);
  fc.assert(
    fc.property(
      fc.array(numerator, { maxLength: 12 }),
      fc.bigInt(1n, 10n ** 9n),
      (numerators, denominator) => {
        const rounded = inMillionths(numerators, denominator);

        const off = (parts: number, whole: bigint): bigint =>
          BigInt(parts) * denominator - whole * 1_000_000n;
        for (const [place, part] of rounded.entries()) {
          const error = off(part, numerators[place]!);
          expect(error > -denominator && error < denominator).toBe(true);
        }
        const sum = numerators.reduce((a, b) => a + b, 0n);
        const error =
          2n *
          off(
            rounded.reduce((a, b) => a + b, 0),
            sum,
          );
        expect(error > -denominator && error <= denominator).toBe(true);
      },
    ),
  );
});
