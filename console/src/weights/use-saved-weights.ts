import { useQueries } from '@tanstack/react-query';
import type { SourceId } from '../../../src/contract/ids.ts';
import type { SourceView } from '../../../src/contract/source.ts';
import { weightsOf } from '../api/queries.ts';
import { readWeights, type Weights } from './draft.ts';

/** The saved weights of the sources; `query` stands for all that has to be asked. */
export function useSavedWeights(sources: readonly SourceView[]) {
  const answers = useQueries({
    queries: sources.map(({ id }) => ({ ...weightsOf(id), refetchOnMount: 'always' as const })),
  });
  const saved: ReadonlyMap<SourceId, Weights> = new Map(
    sources.map(({ id }, place) => [id, readWeights(answers[place]?.data?.items ?? [])] as const),
  );
  const query = {
    data: answers.every((answer) => answer.data !== undefined) ? true : undefined,
    error: answers.find((answer) => answer.data === undefined && answer.error !== null)?.error ?? null,
    refetch: () => Promise.all(answers.map((answer) => answer.refetch())),
  };
  return { query, saved };
}
