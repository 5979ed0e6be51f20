import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawBy, seededChance } from '../../src/routing/seeded.ts';

// By the C of PractRand's sfc32: a, b, c = seed, stream, 0x9e3779b9, 15 words thrown away, then two words for each.
test.each([
  [0, 0, [6_921_046_827_453_061, 435_199_430_493_530, 405_328_819_107_677, 3_556_152_616_160_468]],
  [1, 2, [610_838_564_099_619, 6_746_810_737_124_529, 2_733_922_055_052_176, 2_638_377_024_830_368]],
  [
    0xdeadbeef,
    0xffffffff,
    [414_044_594_188_342, 7_825_374_731_526_757, 10_888_237_210_953, 3_878_323_876_105_689],
  ],
])('chance of the seed %d and the stream %d is that of sfc32', (seed, stream, expected) => {
  const chance = seededChance(seed, stream);

  expect(expected.map(() => chance() * 2 ** 53)).toEqual(expected);
});

test('a draw by chance is an integer from 0 below what is asked for', () => {
  const someWord = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(someWord, someWord, fc.integer({ min: 1, max: 2 ** 53 }), (seed, stream, below) => {
      const ticket = drawBy(seededChance(seed, stream))(below);

      expect(Number.isSafeInteger(ticket)).toBe(true);
      expect(ticket).toBeGreaterThanOrEqual(0);
      expect(ticket).toBeLessThan(below);
    }),
  );
});

test('a draw by chance reaches every ticket, each as often', () => {
  const draw = drawBy(seededChance(1, 1));
  const counts = [0, 0, 0, 0, 0];
  for (let n = 0; n < 50_000; n++) counts[draw(5)]! += 1;

  // Five standard deviations.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(8_000));
});
