import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Operator } from '../../../src/contract/operator.ts';
import { handOver } from '../api/admin-calls.ts';
import { allOperators, queryClient } from '../api/queries.ts';
import { Refusal } from '../api/request.ts';
import { tell, tellFailure } from '../shell/toasts.ts';

/** Who would get the open contacts of an operator; asked anew each time it is shown. */
export function useHandOverPreview({ id }: Operator, isShown: boolean) {
  return useQuery({
    queryKey: ['hand-over', id],
    queryFn: () => handOver(id, { dry_run: true }),
    enabled: isShown,
    staleTime: 0,
    gcTime: 0,
  });
}

export type HandOverPreviewQuery = ReturnType<typeof useHandOverPreview>;

/** Whether what was agreed to would come out otherwise by now. */
export function isPlanChanged(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'plan-changed';
}

/** Hands over by a plan, or not at all. */
export function useHandOver({ id, name }: Operator) {
  const { t } = useTranslation('rooms');
  return useMutation({
    mutationFn: (plan: string) => handOver(id, { plan }),
    onSuccess: ({ handed_over: given, waiting }) => {
      void queryClient.invalidateQueries({ queryKey: allOperators.queryKey });
      tell(t('operators.handedOver', { name, given, waiting }));
    },
    onError: (error) => isPlanChanged(error) || tellFailure(error),
  });
}
