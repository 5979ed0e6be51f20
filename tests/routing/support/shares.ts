import type { Facts } from '../../../src/routing/candidate.ts';
import { chosenBy, manyFacts, someRules } from './builders.ts';
import { fits } from './chi-square.ts';
import type { Engine } from './engine.ts';
import { runs } from './runs.ts';
import { seededDraw } from './seeded-draw.ts';

const PICKS = runs(100_000);
const CELLS = 10;

/** Weights whose shares are checked; more than CELLS operators are counted in groups of neighbours. */
export const SHARES: Record<string, Facts[]> = {
  '1 and 1': weighing([1, 1]),
  '10 and 30': weighing([10, 30]),
  '10, 20 and 70': weighing([10, 20, 70]),
  'ten mixed ones': weighing([1, 2, 3, 5, 8, 13, 21, 34, 55, 89]),
  '10 and 30 beside one without weight': weighing([10, 0, 30]),
  '10, 20, 30 and 40 where the second is full': weighing([10, 20, 30, 40]).with(1, {
    ...weighing([10, 20])[1]!,
    load: 5,
  }),
  '10,000 of 1,000,000 each': weighing(Array.from({ length: 10_000 }, () => 1_000_000)),
};

/** Whether 100,000 picks by one fixed seed fall to the operators as their weights say (chi-square, p > 0.001). */
export function sharesFollowWeights(
  { open, decide }: Engine,
  facts: readonly Facts[],
  seed: string,
): boolean {
  const pool = open(someRules(), facts);
  const draw = seededDraw(seed);
  const counts = new Map<number, number>();
  for (let i = 0; i < PICKS; i++) {
    const id = chosenBy(decide(pool, draw))!;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return fits(
    inCells(facts.map((one) => counts.get(one.operatorId) ?? 0)),
    inCells(facts.map((one) => (one.load < one.maxLoad ? one.weight : 0))),
  );
}

function inCells(numbers: number[]): number[] {
  const size = Math.ceil(numbers.length / CELLS);
  const cells = Array.from({ length: Math.ceil(numbers.length / size) }, () => 0);
  for (const [i, number] of numbers.entries()) cells[Math.floor(i / size)]! += number;
  return cells;
}

function weighing(weights: number[]): Facts[] {
  return manyFacts(weights.length, (n) => ({ weight: weights[n - 1]! }));
}
