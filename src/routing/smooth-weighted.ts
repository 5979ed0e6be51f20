import type { Facts } from './candidate.ts';
import type { Chooser, Pick, Question } from './strategy.ts';
import { Tournament } from './tournament.ts';

/**
 * From when on an operator is owed a contact, and until when it should have it, as moments of the source's time. An
 * operator of weight w that has got what `mark` counts is behind its share by w · time − mark. R. Tijdeman, The chairman
 * assignment problem, Discrete Mathematics 32 (1980): whoever of n is behind by 1 / (2n − 2) is owed, and with the
 * earliest deadline among those owed nobody is ever further than 1 − 1 / (2n − 2) from its share.
 */
export function windowOf(mark: number, weight: number, size: number): { release: number; deadline: number } {
  const slack = size > 1 ? 1 / (2 * size - 2) : 0;
  return { release: (mark + slack) / weight, deadline: (mark + 1 - slack) / weight };
}

/** The moment at which the next contact is given away: each share grows by weight / total weight. */
export function nextMoment(turn: number, totalWeight: number): number {
  return turn + 1 / totalWeight;
}

/**
 * Shares that hold at every prefix. `turn` is the source's time; an operator's mark counts what it has got, and the
 * moment at which it came. Whoever is new owes nothing and is owed nothing; whoever comes back is as far behind or ahead
 * as when it went, at most a contact or two: to forget that would starve the others wherever a choice fills a cap.
 */
export class SmoothWeighted implements Chooser {
  turn: number;
  readonly #size: number;
  readonly #isThere: Uint8Array;
  /** Of those who are there. */
  readonly #marks: Float64Array;
  /** How far those who are not there were behind when they went. */
  readonly #lags: Float64Array;
  readonly #weights: Float64Array;
  readonly #releases: Float64Array;
  /** The same, below 0: so the last one is the lowest. */
  readonly #reversed: Float64Array;
  readonly #deadlines: Float64Array;
  /** Those not owed yet, by when they will be. */
  readonly #early: Tournament;
  /** Those owed, by deadline; and the same, the last that became so first. */
  readonly #owed: Tournament;
  readonly #lastOwed: Tournament;

  /** `weights[place]` and `marks[place]` of all candidates; those with a mark are there until `set` says otherwise. */
  constructor(turn: number, weights: readonly number[], marks: readonly (number | null)[]) {
    const size = weights.length;
    this.turn = turn;
    this.#size = size;
    this.#weights = Float64Array.from(weights);
    this.#isThere = new Uint8Array(size);
    this.#marks = Float64Array.from(marks, (mark) => mark ?? 0);
    this.#lags = new Float64Array(size);
    this.#releases = new Float64Array(size);
    this.#reversed = new Float64Array(size);
    this.#deadlines = new Float64Array(size);
    this.#early = new Tournament(this.#releases);
    this.#owed = new Tournament(this.#deadlines);
    this.#lastOwed = new Tournament(this.#reversed);
    for (const [place, mark] of marks.entries()) {
      if (mark === null) continue;
      this.#isThere[place] = 1;
      this.#enter(place);
    }
  }

  mark(place: number): number {
    return this.#isThere[place] === 1 ? this.#marks[place]! : this.#markOf(this.#lags[place]!, place);
  }

  set(place: number, _: Facts, isEligible: boolean): void {
    if (isEligible === (this.#isThere[place] === 1)) return;
    if (isEligible) this.#join(place);
    else this.#leave(place);
  }

  pick({ totalWeight, except }: Question): Pick {
    return { place: this.#firstAt(nextMoment(this.turn, totalWeight), except)!, ticket: null };
  }

  runnerUp({ totalWeight, except }: Question, chosen: number): number | null {
    this.#withdraw(chosen);
    const next = this.#firstAt(nextMoment(this.turn, totalWeight), except);
    this.#enter(chosen);
    return next;
  }

  took({ totalWeight, except }: Question, chosen: number): void {
    this.turn = nextMoment(this.turn, totalWeight);
    this.#moveMark(chosen, 1);
    // They took no part: their shares do not grow either.
    for (const place of except) this.#moveMark(place, this.#weights[place]! / totalWeight);
  }

  /** The mark at which somebody is so far behind now; and the other way round. */
  #markOf(lag: number, place: number): number {
    return this.#weights[place]! * this.turn - lag;
  }

  #join(place: number): void {
    this.#isThere[place] = 1;
    this.#marks[place] = this.#markOf(this.#lags[place]!, place);
    this.#enter(place);
  }

  #leave(place: number): void {
    this.#withdraw(place);
    this.#isThere[place] = 0;
    this.#lags[place] = this.#markOf(this.#marks[place]!, place);
  }

  #moveMark(place: number, by: number): void {
    this.#withdraw(place);
    this.#marks[place]! += by;
    this.#enter(place);
  }

  #enter(place: number): void {
    const { release, deadline } = windowOf(this.#marks[place]!, this.#weights[place]!, this.#size);
    this.#releases[place] = release;
    this.#reversed[place] = -release;
    this.#deadlines[place] = deadline;
    this.#early.put(place);
  }

  #withdraw(place: number): void {
    this.#early.remove(place);
    this.#owed.remove(place);
    this.#lastOwed.remove(place);
  }

  #firstAt(moment: number, except: readonly number[]): number | null {
    this.#settle(moment);
    return this.#owed.firstWithout(except) ?? this.#early.firstWithout(except);
  }

  /** Parts those owed at a moment from those who are not; it may be earlier than the last one. */
  #settle(moment: number): void {
    for (let place = this.#early.first; place !== null; place = this.#early.first) {
      if (this.#releases[place]! > moment) break;
      this.#early.remove(place);
      this.#owed.put(place);
      this.#lastOwed.put(place);
    }
    for (let place = this.#lastOwed.first; place !== null; place = this.#lastOwed.first) {
      if (this.#releases[place]! <= moment) break;
      this.#withdraw(place);
      this.#early.put(place);
    }
  }
}
