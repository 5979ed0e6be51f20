import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Operator, OperatorUpdate, OperatorView } from '../../../src/contract/operator.ts';
import { updateOperator } from '../api/calls.ts';
import { allOperators, queryClient } from '../api/queries.ts';
import { tell, tellFailure } from '../shell/toasts.ts';
import { deskStore, useDesk } from '../state/desk-store.ts';
import { isPlanChanged } from './use-hand-over.ts';

// Loads move with every contact, and no event of an operator tells of that.
const FRESH_MS = 7_000;

/** Whom a supervisor sees whole. */
function isWhole(operator: OperatorView): operator is Operator {
  return 'role' in operator;
}

/** All operators by id, as the last event has them; who is deleted leaves with the next answer. */
export function useOperators() {
  const held = useDesk((desk) => desk.operators);
  const query = useQuery({ ...allOperators, refetchInterval: FRESH_MS });
  const operators = (query.data ?? []).map((operator) => held.get(operator.id) ?? operator).filter(isWhole);
  return { query, operators };
}

/** Puts what the gateway answered before everybody's eyes. */
export function keepOperator(operator: Operator): void {
  deskStore.dispatch({ type: 'operators', items: [operator] });
  void queryClient.invalidateQueries({ queryKey: allOperators.queryKey });
}

type Wanted = Pick<OperatorUpdate, 'open_contacts' | 'plan'> & { is_active: boolean };

/** Activates or deactivates an operator; `isActive` is what is asked for until the gateway has answered. */
export function useActivity(operator: Operator) {
  const { t } = useTranslation('rooms');
  const change = useMutation({
    mutationFn: (wanted: Wanted) => updateOperator(operator.id, wanted),
    onSuccess: (next) => {
      keepOperator(next);
      tell(t(next.is_active ? 'operators.activated' : 'operators.deactivated', { name: next.name }));
    },
    onError: (error) => isPlanChanged(error) || tellFailure(error),
  });
  return { isActive: change.isPending ? change.variables.is_active : operator.is_active, change };
}

export type Activity = ReturnType<typeof useActivity>;
