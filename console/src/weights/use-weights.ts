import { useCallback, useEffect, useRef, useState } from 'react';
import type { SourceView } from '../../../src/contract/source.ts';
import { merged, withCell, type Cell, type Draft } from './draft.ts';
import { useSavedWeights } from './use-saved-weights.ts';

/** The saved weights of the sources, with the changes of this page over them until they are saved. */
export function useWeights(sources: readonly SourceView[]) {
  const [draft, setDraft] = useState<Draft>(new Map());
  const { query, saved } = useSavedWeights(sources);
  const weights = new Map(
    [...saved].map(([id, base]) => {
      const column = draft.get(id);
      return [id, merged(column?.base ?? base, column?.changed)] as const;
    }),
  );

  // A cell keeps its `change` while the answers move on below it.
  const latest = useRef(saved);
  useEffect(() => {
    latest.current = saved;
  });
  const change = useCallback((cell: Cell) => {
    const base = latest.current.get(cell.sourceId) ?? new Map();
    setDraft((held) => withCell(held, base, cell));
  }, []);

  return { query, draft, setDraft, weights, change };
}
export type WeightBook = ReturnType<typeof useWeights>;
