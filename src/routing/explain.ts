import type { Candidate, Decision } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import { type Excluded, type Facts, refusalOf } from './candidate.ts';
import type { Verdict } from './decide.ts';
import type { Pool } from './pool.ts';

/** A record shows all candidates up to this many, else this many in a row around the chosen one. */
export const WINDOW = 20;

/** How many of a window's candidates stand before the chosen one, but where the pool begins or ends. */
export const LEAD = 10;

/** The part of a decision's record that tells why it came out so. */
export type Explanation = Pick<
  Decision,
  | 'refused'
  | 'candidate_count'
  | 'candidates'
  | 'total_weight'
  | 'draw'
  | 'turn'
  | 'runner_up'
  | 'rule'
  | 'outcome'
  | 'operator_id'
> & {
  /** Of a contact that somebody got; see situation.ts. */
  situation: string | null;
};

const NOBODY = { operatorId: null, rule: 'strategy', ticket: null } as const;

/**
 * Tells why a verdict came out so: who stood there, who was refused and why, what was drawn; O(log n + WINDOW).
 * Asked of the pool as `decide` saw it: before the load of the chosen operator is raised.
 */
export function explain(pool: Pool, verdict: Verdict): Explanation {
  const { operatorId, rule, ticket } = verdict.outcome === 'assigned' ? verdict : NOBODY;
  return {
    outcome: verdict.outcome,
    operator_id: operatorId,
    rule,
    draw: ticket,
    turn: pool.turn,
    runner_up: runnerUpOf(pool, verdict),
    total_weight: verdict.totalWeight,
    situation: verdict.outcome === 'assigned' ? pool.situation(verdict.except) : null,
    refused: refusedWithout(pool, verdict.except),
    candidate_count: pool.size,
    candidates: candidatesWithout(pool, verdict.except, pool.around(operatorId, LEAD, WINDOW)),
  };
}

function refusedWithout(pool: Pool, except: Excluded): Decision['refused'] {
  const refused = pool.refusedCounts();
  for (const [id, reason] of except) {
    if (pool.isEligible(id)) refused[reason] = (refused[reason] ?? 0) + 1;
  }
  return refused;
}

function candidatesWithout(pool: Pool, except: Excluded, row: readonly Facts[]): Candidate[] {
  let sum = row[0] === undefined ? 0 : weightBeforeWithout(pool, except, row[0].operatorId);
  return row.map((facts) => {
    const candidate = candidateOf(pool, except, facts, sum);
    if (candidate.eligible) sum += facts.weight;
    return candidate;
  });
}

function runnerUpOf(pool: Pool, verdict: Verdict): Candidate | null {
  if (verdict.outcome === 'waiting' || verdict.rule !== 'strategy') return null;
  const { operatorId, except } = verdict;
  const facts = pool.runnerUp(operatorId, except);
  if (facts === null) return null;
  return candidateOf(pool, except, facts, weightBeforeWithout(pool, except, facts.operatorId));
}

function candidateOf(pool: Pool, except: Excluded, facts: Facts, weightBefore: number): Candidate {
  const reason = refusalOf(pool.rules, facts) ?? except.get(facts.operatorId) ?? null;
  return {
    operator_id: facts.operatorId,
    weight: facts.weight,
    load: facts.load,
    max_load: facts.maxLoad,
    eligible: reason === null,
    reason,
    weight_before: weightBefore,
    ...(pool.turn !== null && { mark: pool.mark(facts.operatorId) }),
  };
}

function weightBeforeWithout(pool: Pool, except: Excluded, id: OperatorId): number {
  let weight = pool.weightBefore(id);
  for (const other of except.keys()) if (other < id) weight -= pool.effectiveWeight(other);
  return weight;
}
