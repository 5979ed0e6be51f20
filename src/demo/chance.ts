import { createHash } from 'node:crypto';

/** Chance that comes out the same for the same seed, so that a demo can be played again. */
export type Chance = {
  /** From 0 up to, but not including, 1. */
  draw(): number;
  between(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  /** A chance of its own for somebody: what others draw does not change what it draws. */
  of(name: string): Chance;
};

export function openChance(seed: string): Chance {
  let drawn = 0;
  const draw = () => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${drawn}`).digest().readUIntBE(0, 6) / 2 ** 48;
  };
  return {
    draw,
    between: (low, high) => low + draw() * (high - low),
    pick(list) {
      const picked = list[Math.floor(draw() * list.length)];
      if (picked === undefined) throw new Error('there is nothing to pick from');
      return picked;
    },
    shuffled: (list) =>
      list
        .map((item) => ({ item, key: draw() }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item),
    of: (name) => openChance(`${seed}/${name}`),
  };
}
