import type { Rule } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import { type Excluded, nobody } from './candidate.ts';
import type { Pool } from './pool.ts';
import type { Draw } from './strategy.ts';

/** What the contact asks for: the operator it had before, and those who are left out. */
export type Wish = { prefer?: OperatorId | null; except?: Excluded };

/** What came out. `totalWeight` is the weight that stood in the draw; `ticket` is null where nothing was drawn. */
export type Verdict =
  | {
      outcome: 'assigned';
      operatorId: OperatorId;
      rule: Rule;
      ticket: number | null;
      totalWeight: number;
      except: Excluded;
    }
  | { outcome: 'waiting'; totalWeight: 0; except: Excluded };

/**
 * Chooses the operator for one contact; O(log n) in the pool's operators, and the pool stays as it is.
 * The preferred operator gets it when eligible; otherwise the source's strategy chooses among the eligible ones;
 * when there are none, the contact waits. The same pool, ticket and wish give the same verdict.
 */
export function decide(pool: Pool, draw: Draw, { prefer = null, except = nobody }: Wish = {}): Verdict {
  const totalWeight = pool.weightWithout(except);
  if (totalWeight === 0) return { outcome: 'waiting', totalWeight, except };

  if (prefer !== null && !except.has(prefer) && pool.isEligible(prefer)) {
    return {
      outcome: 'assigned',
      operatorId: prefer,
      rule: 'prefer_last',
      ticket: null,
      totalWeight,
      except,
    };
  }

  const { operatorId, ticket } = pool.pick(draw, except);
  return { outcome: 'assigned', operatorId, rule: 'strategy', ticket, totalWeight, except };
}

/**
 * Carries out what was decided: the strategy hears of it when the choice was its own. The load of whoever gets the
 * contact is told to the pool apart, after this.
 */
export function carryOut(pool: Pool, verdict: Verdict): void {
  if (verdict.outcome === 'assigned' && verdict.rule === 'strategy')
    pool.took(verdict.operatorId, verdict.except);
}
