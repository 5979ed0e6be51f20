import type { OperatorId } from '../../../src/contract/ids.ts';
import type { Facts, SourceRules } from '../../../src/routing/candidate.ts';
import type { Wish } from '../../../src/routing/decide.ts';

/** One run of the rule as anybody would write it first: filter, sum, walk; `facts` in the order of ids. */
type NaiveRun = { eligible: readonly Facts[]; totalWeight: number; operatorId: OperatorId | null };

/** Runs the rule without a tree; the ticket is `luck` modulo the total weight. */
export function runNaively(rules: SourceRules, facts: readonly Facts[], wish: Wish, luck: number): NaiveRun {
  const eligible = facts.filter((one) => mayGet(rules, one) && !wish.except?.has(one.operatorId));
  const totalWeight = eligible.reduce((sum, one) => sum + one.weight, 0);
  const preferred = eligible.find((one) => one.operatorId === wish.prefer);
  return {
    eligible,
    totalWeight,
    operatorId: (preferred ?? holderOf(eligible, luck % totalWeight))?.operatorId ?? null,
  };
}

function mayGet(rules: SourceRules, one: Facts): boolean {
  const isThere =
    one.isActive && one.availability === 'available' && (one.isOnline || !rules.requirePresence);
  return rules.isActive && isThere && one.weight > 0 && one.load < one.maxLoad;
}

function holderOf(eligible: readonly Facts[], ticket: number): Facts | undefined {
  let rest = ticket;
  return eligible.find((one) => {
    rest -= one.weight;
    return rest < 0;
  });
}
