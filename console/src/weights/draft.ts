import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import type { SourceOperator } from '../../../src/contract/source.ts';

export type Weights = ReadonlyMap<OperatorId, number>;
/** What is changed of one source, and the weights it was changed from. */
type Column = { base: Weights; changed: Weights };
/** The sources that have unsaved changes. */
export type Draft = ReadonlyMap<SourceId, Column>;
export type Cell = { sourceId: SourceId; operatorId: OperatorId; weight: number };

export function readWeights(items: readonly SourceOperator[]): Weights {
  return new Map(items.map((item) => [item.operator_id, item.weight]));
}

/** The draft with one cell changed; a cell put back to what is saved is no change. */
export function withCell(draft: Draft, base: Weights, { sourceId, operatorId, weight }: Cell): Draft {
  const column = draft.get(sourceId) ?? { base, changed: new Map() };
  const changed = new Map(column.changed).set(operatorId, weight);
  if (weight === (column.base.get(operatorId) ?? 0)) changed.delete(operatorId);
  return withColumn(draft, sourceId, { ...column, changed });
}

/** The draft over newer saved weights: what they agree on is no longer a change. */
export function rebased(draft: Draft, sourceId: SourceId, base: Weights): Draft {
  const column = draft.get(sourceId);
  if (column === undefined) return draft;
  const changed = new Map([...column.changed].filter(([id, weight]) => weight !== (base.get(id) ?? 0)));
  return withColumn(draft, sourceId, { base, changed });
}

export function withoutColumn(draft: Draft, sourceId: SourceId): Draft {
  const next = new Map(draft);
  next.delete(sourceId);
  return next;
}

function withColumn(draft: Draft, sourceId: SourceId, column: Column): Draft {
  return column.changed.size === 0 ? withoutColumn(draft, sourceId) : new Map(draft).set(sourceId, column);
}

export function countChanges(draft: Draft): number {
  return [...draft.values()].reduce((sum, { changed }) => sum + changed.size, 0);
}

/** The weights of a source as they would be saved. */
export function merged(base: Weights, changed: Weights | undefined): Weights {
  return changed === undefined ? base : new Map([...base, ...changed]);
}

export function sumOf(weights: Weights): number {
  return [...weights.values()].reduce((sum, weight) => sum + weight, 0);
}

export function areSame(one: Weights, other: Weights): boolean {
  const ids = new Set([...one.keys(), ...other.keys()]);
  return [...ids].every((id) => (one.get(id) ?? 0) === (other.get(id) ?? 0));
}
