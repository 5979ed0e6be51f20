import { expect, test } from 'vitest';
import { engine } from './support/engine.ts';
import * as laws from './support/laws.ts';
import { SHARES, sharesFollowWeights } from './support/shares.ts';

test.each(Object.values(laws))('$says', ({ check }) => {
  check(engine);
});

test.each(Object.keys(SHARES))('shares follow the weights %s', (weights) => {
  expect(sharesFollowWeights(engine, SHARES[weights]!, `shares of ${weights}`)).toBe(true);
});
