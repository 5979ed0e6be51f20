import { RefusalReason } from '../../../src/contract/decision.ts';
import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import type { Simulation, SimulationRun } from '../../../src/contract/simulate.ts';

/** A figure of both runs. */
export type Pair = { base: number; changed: number };

export type Row = {
  operatorId: OperatorId;
  name: string;
  share: Pair;
  count: Pair;
  utilisation: Pair;
};

const NOTHING = { share: 0, count: 0, utilisation: 0 };

/** What each operator gets, of all sources or of one, in both runs. */
export function rowsOf({ base, changed }: Simulation, sourceId: SourceId | null): Row[] {
  const [before, after] = [partsOf(base, sourceId), partsOf(changed, sourceId)];
  return changed.operators.flatMap(({ operator_id: operatorId, operator_name: name }) => {
    const [was, is] = [before.get(operatorId), after.get(operatorId)];
    if (was === undefined && is === undefined) return [];
    const pair = (figure: keyof typeof NOTHING): Pair => ({
      base: (was ?? NOTHING)[figure],
      changed: (is ?? NOTHING)[figure],
    });
    const [share, utilisation] = [asShown(pair('share')), asShown(pair('utilisation'))];
    return [{ operatorId, name, share, count: pair('count'), utilisation }];
  });
}

/** To a tenth of a per cent: a difference is that of what is seen. */
function asShown({ base, changed }: Pair): Pair {
  return { base: Math.round(base * 1000) / 1000, changed: Math.round(changed * 1000) / 1000 };
}

function partsOf(run: SimulationRun, sourceId: SourceId | null): Map<OperatorId, typeof NOTHING> {
  const source = run.sources.find((one) => one.source_id === sourceId);
  const parts = sourceId === null ? run.operators : (source?.operators ?? []);
  return new Map(parts.map((part) => [part.operator_id, part]));
}

/** How long contacts wait, in seconds, and how many; where none came, 0. */
export function waitsOf({ base, changed }: Simulation) {
  const seconds = (figure: 'p50' | 'p95' | 'max'): Pair => ({
    base: base.wait_seconds[figure] ?? 0,
    changed: changed.wait_seconds[figure] ?? 0,
  });
  const part = (figure: 'waited' | 'still_waiting'): Pair => ({
    base: base[figure],
    changed: changed[figure],
  });
  return {
    p50: seconds('p50'),
    p95: seconds('p95'),
    max: seconds('max'),
    waited: part('waited'),
    stillWaiting: part('still_waiting'),
  };
}

/** How many operators the decisions of both runs left out, by reason. */
export function refusalsOf({ base, changed }: Simulation): (Pair & { reason: RefusalReason })[] {
  return RefusalReason.options.flatMap((reason) => {
    const pair = { base: base.refused[reason] ?? 0, changed: changed.refused[reason] ?? 0 };
    return pair.base === 0 && pair.changed === 0 ? [] : [{ reason, ...pair }];
  });
}

/** Whether anybody gets anything: in neither run, or not with the edits. */
export function deadlockOf({ contacts, base, changed }: Simulation): 'both' | 'changed' | null {
  if (contacts === 0 || changed.assigned > 0) return null;
  return base.assigned === 0 ? 'both' : 'changed';
}
