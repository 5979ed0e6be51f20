import type { Facts } from './candidate.ts';
import type { Chooser, Pick, Question } from './strategy.ts';
import { Tournament } from './tournament.ts';

/** Of a candidate, what the order goes by; `mark` is the turn of its last pick, null before the first. */
export type Loaded = Readonly<{ load: number; maxLoad: number; weight: number; mark: number | null }>;

/**
 * Whoever has the smaller part of its cap in use comes first, then who has more weight, then who has waited longer.
 * Quotients of integers below 2^26 are equal as floats when and only when they are equal.
 */
export function isLessLoaded(one: Loaded, other: Loaded): boolean {
  const [a, b] = [one.load / one.maxLoad, other.load / other.maxLoad];
  if (a !== b) return a < b;
  if (one.weight !== other.weight) return one.weight > other.weight;
  return (one.mark ?? NEVER) < (other.mark ?? NEVER);
}

// Before every turn.
const NEVER = -1;

/** Lowest load / max_load, then weight, then longest since the last pick, then id. It counts its picks. */
export class LeastLoaded implements Chooser {
  turn: number;
  readonly #used: Float64Array;
  readonly #weights: Float64Array;
  readonly #marks: Float64Array;
  readonly #order: Tournament;
  // Whose place in the order is not that of its mark yet: most often its load changes next, and puts it there.
  #late: number | null = null;

  /** `marks[place]`: what was kept of each candidate. All take part when they are set. */
  constructor(turn: number, marks: readonly (number | null)[]) {
    this.turn = turn;
    this.#used = new Float64Array(marks.length);
    this.#weights = new Float64Array(marks.length);
    this.#marks = Float64Array.from(marks, (mark) => mark ?? NEVER);
    this.#order = new Tournament(this.#used, (a, b) => this.#isEqualBefore(a, b));
  }

  mark(place: number): number | null {
    const mark = this.#marks[place]!;
    return mark === NEVER ? null : mark;
  }

  set(place: number, { load, maxLoad, weight }: Facts, isEligible: boolean): void {
    this.#used[place] = load / maxLoad;
    this.#weights[place] = weight;
    if (place === this.#late) this.#late = null;
    if (isEligible) this.#order.put(place);
    else this.#order.remove(place);
  }

  pick({ except }: Question): Pick {
    this.#settle();
    return { place: this.#order.firstWithout(except)!, ticket: null };
  }

  runnerUp({ except }: Question, chosen: number): number | null {
    this.#settle();
    this.#order.remove(chosen);
    const next = this.#order.firstWithout(except);
    this.#order.put(chosen);
    return next;
  }

  took(_: Question, chosen: number): void {
    this.#settle();
    this.turn += 1;
    this.#marks[chosen] = this.turn;
    this.#late = chosen;
  }

  #settle(): void {
    if (this.#late === null) return;
    this.#order.put(this.#late);
    this.#late = null;
  }

  /** As `isLessLoaded`, of two who have as much of their caps in use. */
  #isEqualBefore(a: number, b: number): boolean {
    if (this.#weights[a] !== this.#weights[b]) return this.#weights[a]! > this.#weights[b]!;
    return this.#marks[a]! < this.#marks[b]!;
  }
}
