/** An integer; as a number it has to be a safe one. */
export type Whole = bigint | number;

/** Sums of fractions over one common denominator. */
export type Totals<Who, What> = {
  denominator: bigint;
  /** Numerators; what sums to 0 may be there or not. */
  sums: ReadonlyMap<Who, ReadonlyMap<What, bigint>>;
};

/**
 * Adds up fractions without any loss: those of one denominator are summed as integers, and only at the end everything is
 * brought to the least common one.
 */
export class Ledger<Who, What> {
  readonly #pages = new Map<bigint, Map<Who, Map<What, bigint>>>();

  /** Adds numerator / denominator; O(1). Throws RangeError unless the denominator is above 0. */
  add(who: Who, what: What, numerator: Whole, denominator: Whole): void {
    const under = BigInt(denominator);
    if (under <= 0n) throw new RangeError(`${under} is no denominator`);
    const page = entry(this.#pages, under, () => new Map<Who, Map<What, bigint>>());
    const line = entry(page, who, () => new Map<What, bigint>());
    line.set(what, (line.get(what) ?? 0n) + BigInt(numerator));
  }

  /** Sums everything up, a step for each denominator: their common one may have thousands of digits. */
  *totals(): Generator<void, Totals<Who, What>> {
    let denominator = 1n;
    for (const under of this.#pages.keys()) {
      // The remainder is small, whatever the common one has become.
      denominator *= under / gcd(under, denominator % under);
      yield;
    }
    const sums = new Map<Who, Map<What, bigint>>();
    for (const [under, page] of this.#pages) {
      const times = denominator / under;
      for (const [who, line] of page) {
        const sum = entry(sums, who, () => new Map<What, bigint>());
        for (const [what, numerator] of line) sum.set(what, (sum.get(what) ?? 0n) + numerator * times);
        yield;
      }
    }
    return { denominator, sums };
  }
}

/** The greatest common divisor (Euclid, Elements VII.2); of 0 and n it is n. */
function gcd(one: bigint, other: bigint): bigint {
  let [a, b] = [one, other];
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, made: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = made();
  map.set(key, value);
  return value;
}
