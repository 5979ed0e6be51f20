import type { Draw } from './strategy.ts';

/** Chance in a row: each x with 0 <= x < 1. */
export type Chance = () => number;

/**
 * The same row for the same seed and stream, both integers below 2^32; rows of other streams have nothing to do with it.
 * sfc32 of PractRand (Chris Doty-Humphrey), two words for the 53 bits of each x.
 */
export function seededChance(seed: number, stream: number): Chance {
  let [a, b, c, count] = [seed | 0, stream | 0, 0x9e3779b9 | 0, 1];
  const word = () => {
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  // So many words until a bit of the seed has reached all of the state, as in PractRand.
  for (let n = 0; n < 15; n++) word();
  return () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
}

/** A draw by chance; `below` up to 2^53. */
export function drawBy(chance: Chance): Draw {
  return (below) => Math.floor(chance() * below);
}
