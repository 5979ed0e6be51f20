import type { Rule } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import type { Pool } from './pool.ts';

/** Chance as an argument: an integer x with 0 <= x < below. */
export type Draw = (below: number) => number;

/** What the contact asks for: the operator it had before, and the one that gave it back and is left out. */
export type Wish = { prefer?: OperatorId | null; except?: OperatorId | null };

/** What came out. `totalWeight` is the weight that stood in the draw; `ticket` is null where nothing was drawn. */
export type Verdict =
  | {
      outcome: 'assigned';
      operatorId: OperatorId;
      rule: Rule;
      ticket: number | null;
      totalWeight: number;
      except: OperatorId | null;
    }
  | { outcome: 'waiting'; totalWeight: 0; except: OperatorId | null };

/**
 * Chooses the operator for one contact; O(log n) in the pool's operators, and the pool stays as it is.
 * The preferred operator gets it when eligible; otherwise the source's strategy chooses among the eligible ones;
 * when there are none, the contact waits. The same pool, ticket and wish give the same verdict.
 */
export function decide(pool: Pool, draw: Draw, { prefer = null, except = null }: Wish = {}): Verdict {
  const totalWeight = pool.totalWeight - weightOf(pool, except);
  if (totalWeight === 0) return { outcome: 'waiting', totalWeight, except };

  if (prefer !== null && prefer !== except && pool.isEligible(prefer)) {
    return {
      outcome: 'assigned',
      operatorId: prefer,
      rule: 'prefer_last',
      ticket: null,
      totalWeight,
      except,
    };
  }

  switch (pool.rules.strategy) {
    case 'weighted_random': {
      const ticket = draw(totalWeight);
      const operatorId = holderWithout(pool, ticket, except);
      return { outcome: 'assigned', operatorId, rule: 'strategy', ticket, totalWeight, except };
    }
  }
}

/** Finds the ticket's holder as if the excepted operator had no weight: tickets from there on belong to later ones. */
function holderWithout(pool: Pool, ticket: number, except: OperatorId | null): OperatorId {
  const isPast = except !== null && ticket >= pool.weightBefore(except);
  return pool.holderOf(isPast ? ticket + weightOf(pool, except) : ticket);
}

function weightOf(pool: Pool, id: OperatorId | null): number {
  return id === null ? 0 : pool.effectiveWeight(id);
}
