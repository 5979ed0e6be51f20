import { useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SourceView } from '../../../src/contract/source.ts';
import { weightsOf } from '../api/queries.ts';
import { merged, readWeights, withCell, type Cell, type Draft } from './draft.ts';

/** The saved weights of the sources, with the changes of this page over them until they are saved. */
export function useWeights(sources: readonly SourceView[]) {
  const [draft, setDraft] = useState<Draft>(new Map());
  const answers = useQueries({
    queries: sources.map(({ id }) => ({ ...weightsOf(id), refetchOnMount: 'always' as const })),
  });
  const saved = new Map(
    sources.map(({ id }, place) => [id, readWeights(answers[place]?.data?.items ?? [])] as const),
  );
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

  const query = {
    data: answers.every((answer) => answer.data !== undefined) ? true : undefined,
    error: answers.find((answer) => answer.data === undefined && answer.error !== null)?.error ?? null,
    refetch: () => Promise.all(answers.map((answer) => answer.refetch())),
  };
  return { query, draft, setDraft, weights, change };
}
export type WeightBook = ReturnType<typeof useWeights>;
