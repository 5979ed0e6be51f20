import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { SourceId } from '../../../src/contract/ids.ts';
import { putSourceOperators } from '../api/admin-calls.ts';
import { queryClient, weightsOf } from '../api/queries.ts';
import { tell, tellFailure } from '../shell/toasts.ts';
import { areSame, merged, readWeights, rebased, withoutColumn } from './draft.ts';
import type { WeightBook } from './use-weights.ts';

/** Saves source by source, and answers those that somebody else has changed meanwhile: they want a second look. */
export function useSaving({ draft, setDraft }: Pick<WeightBook, 'draft' | 'setDraft'>) {
  const { t } = useTranslation('rooms');

  async function isSaved(id: SourceId): Promise<boolean> {
    const column = draft.get(id);
    if (column === undefined) return true;
    const fresh = await queryClient.fetchQuery({ ...weightsOf(id), staleTime: 0 });
    const present = readWeights(fresh.items);
    if (!areSame(present, column.base)) {
      setDraft((held) => rebased(held, id, present));
      return false;
    }
    const all = [...merged(present, column.changed)];
    const operator_weights = all.map(([operator_id, weight]) => ({ operator_id, weight }));
    queryClient.setQueryData(weightsOf(id).queryKey, await putSourceOperators(id, { operator_weights }));
    setDraft((held) => withoutColumn(held, id));
    return true;
  }

  return useMutation({
    mutationFn: async () => {
      const conflicts: SourceId[] = [];
      for (const id of draft.keys()) if (!(await isSaved(id))) conflicts.push(id);
      return conflicts;
    },
    onSuccess: (conflicts) => {
      if (conflicts.length === 0) tell(t('weights.saved'));
    },
    onError: tellFailure,
  });
}
