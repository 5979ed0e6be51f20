const NOBODY = -1;

/**
 * The one with the lowest key of some places 0 … n-1, at hand at once: a tree in which each node names the winner of its
 * two children. Places come, go and change their keys in O(log n).
 */
export class Tournament {
  readonly #leaves: number;
  readonly #winners: Int32Array;
  readonly #keys: Float64Array;
  readonly #isBefore: (a: number, b: number) => boolean;

  /**
   * Nobody takes part yet; `keys` stays the caller's. Of equal keys `isBefore` decides, a strict order; where that holds
   * them equal as well, the lower place.
   */
  constructor(keys: Float64Array, isBefore: (a: number, b: number) => boolean = () => false) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, keys.length)));
    this.#winners = new Int32Array(2 * this.#leaves).fill(NOBODY);
    this.#keys = keys;
    this.#isBefore = isBefore;
  }

  /** null when nobody takes part. */
  get first(): number | null {
    const winner = this.#winners[1]!;
    return winner === NOBODY ? null : winner;
  }

  has(place: number): boolean {
    return this.#winners[this.#leaves + place] !== NOBODY;
  }

  /** Lets a place take part, or take its part anew when its key has changed. */
  put(place: number): void {
    this.#winners[this.#leaves + place] = place;
    this.#replay(place);
  }

  remove(place: number): void {
    if (!this.has(place)) return;
    this.#winners[this.#leaves + place] = NOBODY;
    this.#replay(place);
  }

  /** The first of all the others. O(k log n) for k left out. */
  firstWithout(places: readonly number[]): number | null {
    const { first } = this;
    if (first === null || !places.includes(first)) return first;
    const away = places.filter((place) => this.has(place));
    for (const place of away) this.remove(place);
    const other = this.first;
    for (const place of away) this.put(place);
    return other;
  }

  #replay(place: number): void {
    let node = this.#leaves + place;
    while (node > 1) {
      node >>= 1;
      const before = this.#winners[node]!;
      const winner = this.#winnerOf(this.#winners[2 * node]!, this.#winners[2 * node + 1]!);
      // Whoever won here without this place, and still does, goes on upwards as before.
      if (winner === before && before !== place) return;
      this.#winners[node] = winner;
    }
  }

  #winnerOf(left: number, right: number): number {
    if (left === NOBODY) return right;
    if (right === NOBODY) return left;
    const a = this.#keys[left]!;
    const b = this.#keys[right]!;
    if (a !== b) return b < a ? right : left;
    return this.#isBefore(right, left) ? right : left;
  }
}
