import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { FieldError } from '../contract/problem.ts';
import type { SimulationChanges } from '../contract/simulate.ts';
import { Problem } from '../problem.ts';
import type { Setting } from './simulate-setting.ts';

/** The setting with the changes; the one given stays. Throws Problem('invalid') that names a repeated or unknown id. */
export function applyChanges(setting: Setting, changes: SimulationChanges): Setting {
  const errors = faultsOf(setting, changes);
  if (errors.length > 0) throw new Problem('invalid', { errors });
  const maxLoads = new Map(changes.max_loads.map((one) => [one.operator_id, one.max_load]));
  const switches = new Map(changes.operators.map((one) => [one.operator_id, one.is_active]));
  const strategies = new Map(changes.strategies.map((one) => [one.source_id, one.strategy]));
  const weights = Map.groupBy(changes.weights, (one) => one.source_id);
  return {
    operators: setting.operators.map((one) => ({
      ...one,
      maxLoad: maxLoads.get(one.operatorId) ?? one.maxLoad,
      isActive: switches.get(one.operatorId) ?? one.isActive,
    })),
    sources: setting.sources.map((source) => {
      const own = (weights.get(source.sourceId) ?? []).map(
        (one) => [one.operator_id, one.weight] satisfies [OperatorId, number],
      );
      return {
        ...source,
        strategy: strategies.get(source.sourceId) ?? source.strategy,
        weights: new Map([...source.weights, ...own]),
      };
    }),
  };
}

type Named = { source_id?: SourceId; operator_id?: OperatorId };

function faultsOf({ sources, operators }: Setting, changes: SimulationChanges): FieldError[] {
  const sourceIds = new Set(sources.map((one) => one.sourceId));
  const operatorIds = new Set(operators.map((one) => one.operatorId));
  return Object.entries<Named[]>(changes).flatMap(([list, entries]) => {
    const seen = new Set<string>();
    return entries.flatMap((entry, index): FieldError[] => {
      const { source_id: source, operator_id: operator } = entry;
      const path = `changes.${list}.${index}`;
      const key = `${source} ${operator}`;
      if (source !== undefined && !sourceIds.has(source))
        return [{ path: `${path}.source_id`, message: `source ${source} is not among those simulated` }];
      if (operator !== undefined && !operatorIds.has(operator))
        return [{ path: `${path}.operator_id`, message: `there is no operator ${operator}` }];
      if (seen.has(key)) return [{ path, message: 'the same is changed twice' }];
      seen.add(key);
      return [];
    });
  });
}
