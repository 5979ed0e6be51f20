import type { Strategy } from '../../../src/contract/decision.ts';
import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import type { OperatorUpdate } from '../../../src/contract/operator.ts';
import type { Difference, DifferenceOf, Present } from './draft.ts';

/** One call that applies some of the differences. */
export type Step =
  | { kind: 'operator'; operatorId: OperatorId; differences: DifferenceOf<'active' | 'cap'>[] }
  | { kind: 'strategy'; sourceId: SourceId; strategy: Strategy; differences: DifferenceOf<'strategy'>[] }
  | { kind: 'weights'; sourceId: SourceId; differences: DifferenceOf<'weight'>[] };

/** What becomes of the open contacts of those who are switched off. */
export type Fate = NonNullable<OperatorUpdate['open_contacts']>;

/**
 * The calls that apply the differences, in order: how sources choose, then who may get more, because queues move at once,
 * and last whoever is switched off, so that the others stand ready for what is left behind.
 */
export function stepsOf(differences: readonly Difference[]): Step[] {
  const operators = [...Map.groupBy(differences.filter(isOfOperator), (one) => one.operatorId)].map(
    ([operatorId, own]): Step => ({ kind: 'operator', operatorId, differences: own }),
  );
  const strategies = differences
    .filter((one) => one.kind === 'strategy')
    .map((one): Step => ({
      kind: 'strategy',
      sourceId: one.sourceId,
      strategy: one.value,
      differences: [one],
    }));
  const weights = [
    ...Map.groupBy(
      differences.filter((one) => one.kind === 'weight'),
      (one) => one.sourceId,
    ),
  ].map(([sourceId, own]): Step => ({ kind: 'weights', sourceId, differences: own }));
  return [
    ...strategies,
    ...weights,
    ...operators.filter((step) => !isSwitchingOff(step)),
    ...operators.filter(isSwitchingOff),
  ];
}

function isOfOperator(one: Difference): one is DifferenceOf<'active' | 'cap'> {
  return one.kind === 'active' || one.kind === 'cap';
}

function isSwitchingOff({ differences }: Step): boolean {
  return differences.some((one) => one.kind === 'active' && !one.value);
}

/** The body of an operator's call. */
export function updateOf(differences: readonly DifferenceOf<'active' | 'cap'>[], fate: Fate): OperatorUpdate {
  const update: OperatorUpdate = {};
  for (const one of differences) {
    if (one.kind === 'cap') update.max_load = one.value;
    else update.is_active = one.value;
  }
  return update.is_active === false ? { ...update, open_contacts: fate } : update;
}

/** How many open contacts those have who are switched off. */
export function countLeftBehind({ operators }: Present, differences: readonly Difference[]): number {
  const off = new Set(
    differences.flatMap((one) => (one.kind === 'active' && !one.value ? [one.operatorId] : [])),
  );
  return operators.reduce((sum, { id, load }) => sum + (off.has(id) ? load : 0), 0);
}
