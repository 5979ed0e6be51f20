import type { OperatorId } from '../contract/ids.ts';
import type { SimulationRun } from '../contract/simulate.ts';
import type { Outcome } from '../routing/simulate.ts';
import type { Tally } from '../routing/simulated-floor.ts';
import type { Setting } from './simulate-setting.ts';

const NOTHING: Readonly<Tally> = { count: 0, busy: 0 };

/** The wire form of one run that lasted `duration` milliseconds. */
export function runView({ sources, operators }: Setting, outcome: Outcome, duration: number): SimulationRun {
  const tallies = [...outcome.sources.values()].map(({ byOperator }) => byOperator);
  const totals = new Map(operators.map(({ operatorId }) => [operatorId, { count: 0, busy: 0 }]));
  for (const [operatorId, { count, busy }] of tallies.flatMap((one) => [...one])) {
    const total = totals.get(operatorId)!;
    total.count += count;
    total.busy += busy;
  }
  const contacts = sum(outcome.sources.values(), ({ arrived }) => arrived);
  const assigned = sum(totals.values(), ({ count }) => count);
  const { waited, p50, p95, max } = outcome.waits;
  const shown: ShareContext = { operators: new Map(operators.map((one) => [one.operatorId, one])), duration };
  return {
    assigned,
    waited,
    still_waiting: contacts - assigned,
    wait_seconds: { p50: seconds(p50), p95: seconds(p95), max: seconds(max) },
    refused: Object.fromEntries(outcome.refused),
    sources: sources.map((source) => sourceView(source, outcome, contacts, shown)),
    operators: operators.map(({ operatorId, name, isActive, maxLoad }) => {
      const { count, busy } = totals.get(operatorId)!;
      return {
        operator_id: operatorId,
        operator_name: name,
        is_active: isActive,
        max_load: maxLoad,
        count,
        share: part(count, assigned),
        utilisation: part(busy, maxLoad * duration),
      };
    }),
  };
}

type ShareContext = { operators: ReadonlyMap<OperatorId, Setting['operators'][number]>; duration: number };

function sourceView(
  { sourceId, code, strategy, weights }: Setting['sources'][number],
  outcome: Outcome,
  contacts: number,
  { operators, duration }: ShareContext,
): SimulationRun['sources'][number] {
  const { arrived, waiting, byOperator } = outcome.sources.get(sourceId)!;
  const inOrder = [...weights].toSorted(([a], [b]) => a - b);
  const seats = sum(inOrder, ([operatorId, weight]) => {
    const { isActive, maxLoad } = operators.get(operatorId)!;
    return isActive && weight > 0 ? maxLoad : 0;
  });
  return {
    source_id: sourceId,
    source_code: code,
    strategy,
    count: arrived,
    waiting,
    share: part(arrived, contacts),
    utilisation: part(
      sum(byOperator.values(), ({ busy }) => busy),
      seats * duration,
    ),
    operators: inOrder.map(([operatorId, weight]) => {
      const { count, busy } = byOperator.get(operatorId) ?? NOTHING;
      return {
        operator_id: operatorId,
        weight,
        count,
        share: part(count, arrived - waiting),
        utilisation: part(busy, operators.get(operatorId)!.maxLoad * duration),
      };
    }),
  };
}

function sum<T>(values: Iterable<T>, figure: (one: T) => number): number {
  let total = 0;
  for (const one of values) total += figure(one);
  return total;
}

// Sums of many milliseconds can come out above the whole by the last bit.
function part(some: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, some / whole);
}

/** With the milliseconds, as the other statistics. */
export function seconds(millis: number | null): number | null {
  return millis === null ? null : Math.round(millis) / 1000;
}
