import { expect, test } from 'vitest';
import { ignoresWeight, mutants } from './support/mutants.ts';
import { SHARES, sharesFollowWeights } from './support/shares.ts';

// fast-check keeps what the property itself said as the cause; a mutant that only crashes proves nothing.
const BROKEN = expect.objectContaining({
  cause: expect.objectContaining({ message: 'Property failed by returning false' }),
});

test.each(mutants)('the laws catch an engine that %s', (_, mutant, { check }) => {
  expect(() => check(mutant, { endOnFailure: true })).toThrow(BROKEN);
});

test.each(['10 and 30', '10, 20 and 70', 'ten mixed ones'])(
  'an engine that ignores weight has other shares than %s',
  (weights) => {
    expect(sharesFollowWeights(ignoresWeight, SHARES[weights]!, `shares of ${weights}`)).toBe(false);
  },
);
