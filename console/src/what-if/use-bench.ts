import { useCallback, useState } from 'react';
import type { Operator } from '../../../src/contract/operator.ts';
import type { Source } from '../../../src/contract/source.ts';
import { useSavedWeights } from '../weights/use-saved-weights.ts';
import {
  differencesOf,
  without,
  withEdit,
  type Difference,
  type Draft,
  type Edit,
  type Present,
} from './draft.ts';
import { initialLoad, type Load } from './load.ts';

export type Setting = { sources: readonly Source[]; operators: readonly Operator[] };

/** What is tried: the contacts that come, and the edits beside how things stand now. */
export function useBench({ sources, operators }: Setting) {
  const [load, setLoad] = useState<Load>(initialLoad);
  const [draft, setDraft] = useState<Draft>(new Map());
  const edit = useCallback((one: Difference) => setDraft((held) => withEdit(held, one)), []);
  const drop = useCallback((gone: readonly Edit[]) => setDraft((held) => without(held, gone)), []);

  const edited = new Set([...draft.values()].map((one) => ('sourceId' in one ? one.sourceId : null)));
  const isChosen = ({ id }: Source) => load.sourceIds?.has(id) ?? true;
  const chosen = sources.filter(isChosen);
  const needed = sources.filter((source) => isChosen(source) || edited.has(source.id));
  const { query, saved: weights } = useSavedWeights(needed);
  const present: Present = { sources: chosen, operators, weights };
  const differences = differencesOf(present, draft);
  /** How many edits are of sources that are not chosen: they are kept, and neither run nor applied. */
  const aside = differencesOf({ ...present, sources }, draft).length - differences.length;
  return {
    load,
    changeLoad: (part: Partial<Load>) => setLoad((held) => ({ ...held, ...part })),
    draft,
    edit,
    drop,
    reset: () => setDraft(new Map()),
    query,
    present,
    chosen,
    differences,
    aside,
  };
}
export type Bench = ReturnType<typeof useBench>;
