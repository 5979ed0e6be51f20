type Entry<T> = { at: number; order: number; what: T };

/** What happens when: the earliest first, and of one moment what was entered first. O(log n). */
export class Timetable<T> {
  // A binary heap: nothing stands before its parent, at half its place.
  readonly #heap: Entry<T>[] = [];
  #entered = 0;

  /** The moment of what is next; Infinity when nothing is. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  enter(at: number, what: T): void {
    const entry = { at, order: this.#entered++, what };
    let place = this.#heap.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above]!;
      if (!isBefore(entry, parent)) break;
      this.#heap[place] = parent;
      place = above;
    }
    this.#heap[place] = entry;
  }

  /** Throws when nothing is left. */
  takeNext(): T {
    const first = this.#heap[0];
    if (first === undefined) throw new RangeError('nothing is left');
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#sink(last);
    return first.what;
  }

  #sink(entry: Entry<T>): void {
    const size = this.#heap.length;
    let place = 0;
    for (let below = 1; below < size; below = 2 * place + 1) {
      if (below + 1 < size && isBefore(this.#heap[below + 1]!, this.#heap[below]!)) below += 1;
      const child = this.#heap[below]!;
      if (!isBefore(child, entry)) break;
      this.#heap[place] = child;
      place = below;
    }
    this.#heap[place] = entry;
  }
}

function isBefore<T>(one: Entry<T>, other: Entry<T>): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
