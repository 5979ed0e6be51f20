/**
 * Weights at places 0 … n-1, with their sums kept in a segment tree: node k holds the sum of nodes 2k and 2k + 1,
 * node 1 the total, and the leaves the weights. Weights are integers from 0; all sums stay exact below 2^53.
 */
export class WeightTree {
  readonly #leaves: number;
  // 10,000 operators at 1,000,000 each overflow 32 bits.
  readonly #sums: Float64Array;

  /** O(n). */
  constructor(weights: readonly number[]) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, weights.length)));
    this.#sums = new Float64Array(2 * this.#leaves);
    this.#sums.set(weights, this.#leaves);
    for (let node = this.#leaves - 1; node >= 1; node--) this.#sumUp(node);
  }

  /** The sum of all weights. */
  get total(): number {
    return this.#sums[1]!;
  }

  /** The weight at a place. */
  at(place: number): number {
    return this.#sums[this.#leaves + place]!;
  }

  /** Puts a weight at a place; O(log n). */
  set(place: number, weight: number): void {
    let node = this.#leaves + place;
    this.#sums[node] = weight;
    while (node > 1) {
      node >>= 1;
      this.#sumUp(node);
    }
  }

  /** The sum of the weights at all places before this one; O(log n). */
  sumBefore(place: number): number {
    let sum = 0;
    for (let node = this.#leaves + place; node > 1; node >>= 1) {
      if (node % 2 === 1) sum += this.#sums[node - 1]!;
    }
    return sum;
  }

  /**
   * The place whose weight covers the ticket: sumBefore(place) <= ticket < sumBefore(place) + at(place); O(log n).
   * The ticket is an integer, 0 <= ticket < total: so a place of weight 0 is never found.
   */
  find(ticket: number): number {
    let node = 1;
    let rest = ticket;
    while (node < this.#leaves) {
      node *= 2;
      const left = this.#sums[node]!;
      if (rest >= left) {
        rest -= left;
        node += 1;
      }
    }
    return node - this.#leaves;
  }

  #sumUp(node: number): void {
    this.#sums[node] = this.#sums[2 * node]! + this.#sums[2 * node + 1]!;
  }
}
