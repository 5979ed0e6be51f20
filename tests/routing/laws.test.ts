import { describe, expect, test } from 'vitest';
import { engine } from './support/engine.ts';
import * as laws from './support/laws.ts';
import { ignoresWeight, mutants } from './support/mutants.ts';
import { SHARES, sharesFollowWeights } from './support/shares.ts';

// fast-check keeps what the property itself said as the cause; a mutant that only crashes proves nothing.
const BROKEN = expect.objectContaining({
  cause: expect.objectContaining({ message: 'Property failed by returning false' }),
});

describe('the engine keeps the law', () => {
  test.each(Object.values(laws))('$says', ({ check }) => {
    check(engine);
  });

  test.each(Object.keys(SHARES))('shares follow the weights %s', (weights) => {
    expect(sharesFollowWeights(engine, SHARES[weights]!, `shares of ${weights}`)).toBe(true);
  });
});

describe('a wrong engine is caught', () => {
  test.each(mutants)('one that %s', (_, mutant, { check }) => {
    expect(() => check(mutant, { endOnFailure: true })).toThrow(BROKEN);
  });

  test.each(['10 and 30', '10, 20 and 70', 'ten mixed ones'])(
    'one that ignores weight has other shares than %s',
    (weights) => {
      expect(sharesFollowWeights(ignoresWeight, SHARES[weights]!, `shares of ${weights}`)).toBe(false);
    },
  );
});
