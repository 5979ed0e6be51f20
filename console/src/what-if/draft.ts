import type { Strategy } from '../../../src/contract/decision.ts';
import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import type { Operator } from '../../../src/contract/operator.ts';
import type { SimulationChanges } from '../../../src/contract/simulate.ts';
import type { Source } from '../../../src/contract/source.ts';
import { sumOf, type Weights } from '../weights/draft.ts';

/** What routing rests on now; who gets how much of a source, of those sources that were asked for it. */
export type Present = {
  sources: readonly Pick<Source, 'id' | 'name' | 'strategy'>[];
  operators: readonly Pick<Operator, 'id' | 'name' | 'is_active' | 'max_load' | 'load'>[];
  weights: ReadonlyMap<SourceId, Weights>;
};

/** One thing that is tried, with the value that is tried. */
export type Edit =
  | { kind: 'active'; operatorId: OperatorId; value: boolean }
  | { kind: 'cap'; operatorId: OperatorId; value: number }
  | { kind: 'strategy'; sourceId: SourceId; value: Strategy }
  | { kind: 'weight'; sourceId: SourceId; operatorId: OperatorId; value: number };

type Beside<T> = T extends Edit ? T & { was: T['value'] } : never;
/** An edit beside what stands now. */
export type Difference = Beside<Edit>;
export type DifferenceOf<Kind extends Edit['kind']> = Extract<Difference, { kind: Kind }>;

/** What was edited, by `keyOf`. */
export type Draft = ReadonlyMap<string, Edit>;

export function keyOf(edit: Edit): string {
  switch (edit.kind) {
    case 'active':
    case 'cap':
      return `${edit.kind}:${edit.operatorId}`;
    case 'strategy':
      return `strategy:${edit.sourceId}`;
    case 'weight':
      return `weight:${edit.sourceId}:${edit.operatorId}`;
  }
}

/** The draft with one edit more; what is put back to how it stands is none. */
export function withEdit(draft: Draft, { was, ...edit }: Difference): Draft {
  return edit.value === was ? without(draft, [edit]) : new Map(draft).set(keyOf(edit), edit);
}

/** The value that is tried of something that stands as `now` says. */
export function triedOf<E extends Edit>(draft: Draft, now: E): E['value'] {
  // The key says the kind.
  return (draft.get(keyOf(now)) as E | undefined)?.value ?? now.value;
}

/** The sum of a source's weights, now and with the edits. */
export function sumsOf(weights: Weights, draft: Draft, sourceId: SourceId): { was: number; is: number } {
  const tried = new Map(weights);
  for (const edit of draft.values())
    if (edit.kind === 'weight' && edit.sourceId === sourceId) tried.set(edit.operatorId, edit.value);
  return { was: sumOf(weights), is: sumOf(tried) };
}

export function without(draft: Draft, edits: readonly Edit[]): Draft {
  const gone = new Set(edits.map(keyOf));
  return new Map([...draft].filter(([key]) => !gone.has(key)));
}

/** What of the draft is different from now: operators first, then source by source. What is gone is left out. */
export function differencesOf(present: Present, draft: Draft): Difference[] {
  const held = {
    operators: new Map(present.operators.map((operator) => [operator.id, operator])),
    sources: new Map(present.sources.map((source) => [source.id, source])),
    weights: present.weights,
  };
  return [...draft.values()].flatMap((edit) => compare(edit, held)).toSorted(inOrder);
}

type Held = {
  operators: ReadonlyMap<OperatorId, Present['operators'][number]>;
  sources: ReadonlyMap<SourceId, Present['sources'][number]>;
  weights: Present['weights'];
};

function compare(edit: Edit, { operators, sources, weights }: Held): Difference[] {
  switch (edit.kind) {
    case 'active': {
      const was = operators.get(edit.operatorId)?.is_active;
      return was === undefined || was === edit.value ? [] : [{ ...edit, was }];
    }
    case 'cap': {
      const was = operators.get(edit.operatorId)?.max_load;
      return was === undefined || was === edit.value ? [] : [{ ...edit, was }];
    }
    case 'strategy': {
      const was = sources.get(edit.sourceId)?.strategy;
      return was === undefined || was === edit.value ? [] : [{ ...edit, was }];
    }
    case 'weight': {
      if (!operators.has(edit.operatorId) || !sources.has(edit.sourceId)) return [];
      const was = weights.get(edit.sourceId)?.get(edit.operatorId) ?? 0;
      return was === edit.value ? [] : [{ ...edit, was }];
    }
  }
}

function inOrder(one: Edit, other: Edit): number {
  const [a, b] = [placeOf(one), placeOf(other)];
  return a.source - b.source || a.operator - b.operator || one.kind.localeCompare(other.kind);
}

function placeOf(edit: Edit): { source: number; operator: number } {
  return {
    source: 'sourceId' in edit ? edit.sourceId : 0,
    operator: 'operatorId' in edit ? edit.operatorId : 0,
  };
}

/** The differences as the gateway simulates them. */
export function changesOf(differences: readonly Difference[]): SimulationChanges {
  const changes: SimulationChanges = { weights: [], max_loads: [], strategies: [], operators: [] };
  for (const one of differences) {
    switch (one.kind) {
      case 'active':
        changes.operators.push({ operator_id: one.operatorId, is_active: one.value });
        break;
      case 'cap':
        changes.max_loads.push({ operator_id: one.operatorId, max_load: one.value });
        break;
      case 'strategy':
        changes.strategies.push({ source_id: one.sourceId, strategy: one.value });
        break;
      case 'weight':
        changes.weights.push({ source_id: one.sourceId, operator_id: one.operatorId, weight: one.value });
        break;
    }
  }
  return changes;
}
