import type { Strategy } from '../../../src/contract/decision.ts';
import type { OperatorId } from '../../../src/contract/ids.ts';
import type { Facts } from '../../../src/routing/candidate.ts';
import { carryOut, decide, type Wish } from '../../../src/routing/decide.ts';
import { Pool } from '../../../src/routing/pool.ts';
import type { Memory } from '../../../src/routing/strategy.ts';
import { chosenBy, noDraw, someRules } from './builders.ts';

/** A seat for whatever comes. */
export const endless = { load: 0, maxLoad: 1_000_000 };

/** A running source of this strategy, with what it kept. */
export function poolOf(strategy: Strategy, facts: Facts[], memory?: Memory): Pool {
  return new Pool(someRules({ strategy }), facts, memory);
}

/** Gives one contact away, as a source that draws nothing does; null when nobody takes it. */
export function give(pool: Pool, wish: Wish = {}): OperatorId | null {
  const verdict = decide(pool, noDraw, wish);
  carryOut(pool, verdict);
  return chosenBy(verdict);
}
