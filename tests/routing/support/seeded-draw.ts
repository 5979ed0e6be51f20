import { hash } from 'node:crypto';
import type { Draw } from '../../../src/routing/strategy.ts';

/** A draw whose numbers are the same for the same seed: 64 bits of SHA-256 over seed and count, scaled to `below`. */
export function seededDraw(seed: string): Draw {
  let count = 0;
  return (below) => {
    count += 1;
    const bits = hash('sha256', `${seed}:${count}`, 'buffer').readBigUInt64BE();
    return Number((bits * BigInt(below)) >> 64n);
  };
}
