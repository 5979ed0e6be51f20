import { useMutation } from '@tanstack/react-query';
import { repairInvariants } from '../api/admin-calls.ts';
import { queryClient } from '../api/queries.ts';
import { tellFailure } from '../shell/toasts.ts';

/** Repairs what can be; `done` is what the last repair has changed. */
export function useRepair() {
  const repairing = useMutation({
    mutationFn: repairInvariants,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['statistics'] }),
    onError: tellFailure,
  });
  return {
    repair: () => repairing.mutate(),
    isRepairing: repairing.isPending,
    done: repairing.data ?? null,
  };
}
export type Repair = ReturnType<typeof useRepair>;
