import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Source, SourceView } from '../../../src/contract/source.ts';
import { updateSource } from '../api/admin-calls.ts';
import { allSources, queryClient } from '../api/queries.ts';
import { tell, tellFailure } from '../shell/toasts.ts';
import { deskStore, useDesk } from '../state/desk-store.ts';

const FRESH_MS = 15_000;

/** All sources by id, as the last event has them; what is deleted leaves with the next answer. */
export function useSources() {
  const held = useDesk((desk) => desk.sources);
  const query = useQuery({ ...allSources, refetchInterval: FRESH_MS });
  const sources = (query.data ?? []).map((source) => held.get(source.id) ?? source);
  return { query, sources };
}

/** Shows a source as the gateway has answered it. */
export function keepSource(source: Source): void {
  deskStore.dispatch({ type: 'sources', items: [source] });
  void queryClient.invalidateQueries({ queryKey: allSources.queryKey });
}

/** Puts a source on or off; `isOn` is what is asked for until the gateway has answered. */
export function useSourceSwitch(source: SourceView) {
  const { t } = useTranslation('rooms');
  const change = useMutation({
    mutationFn: (isOn: boolean) => updateSource(source.id, { is_active: isOn }),
    onSuccess: (next) => {
      keepSource(next);
      tell(t(next.is_active ? 'sources.switchedOn' : 'sources.switchedOff', { name: next.name }));
    },
    onError: tellFailure,
  });
  return { isOn: change.isPending ? change.variables : source.is_active, change };
}
