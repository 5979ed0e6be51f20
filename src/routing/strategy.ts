import type { OperatorId } from '../contract/ids.ts';
import type { Facts } from './candidate.ts';

/** Chance as an argument: an integer x with 0 <= x < below. */
export type Draw = (below: number) => number;

/**
 * What a strategy keeps of a source from one pick to the next: how far it has come, and a number for each operator.
 * What the numbers say is the strategy's own matter.
 */
export type Memory = Readonly<{ turn: number; marks: ReadonlyMap<OperatorId, number> }>;

/** A source on which nothing was picked yet. */
export const fresh: Memory = { turn: 0, marks: new Map() };

/** What is asked of a strategy. Places are those of the candidates in the order of their ids. */
export type Question = {
  /** The weight of all who are eligible and not excepted; above 0. */
  totalWeight: number;
  /** Who is left out this time, of those who are eligible, in the order of places. */
  except: readonly number[];
};

export type Pick = { place: number; ticket: number | null };

/**
 * How a source chooses among those who are eligible; every call is O(log n). It follows the pool: each change of a
 * candidate is told by `set`, each contact that went to whom it picked by `took`.
 */
export interface Chooser {
  readonly turn: number;
  /** What is kept of a candidate; null for nothing. */
  mark(place: number): number | null;
  set(place: number, facts: Facts, isEligible: boolean): void;
  /** Whom the strategy chooses now; asking changes nothing. */
  pick(question: Question, draw: Draw): Pick;
  /** Whom it would choose if that one were not there; null where a draw decides, or when nobody is left. */
  runnerUp(question: Question, chosen: number): number | null;
  /** Notes that the contact went to whom the question chose. */
  took(question: Question, chosen: number): void;
}
