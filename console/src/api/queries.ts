import { QueryClient, queryOptions } from '@tanstack/react-query';
import type { ContactId, LeadId, SourceId } from '../../../src/contract/ids.ts';
import { deskStore } from '../state/desk-store.ts';
import {
  getLead,
  listDecisions,
  listOperators,
  listSourceOperators,
  listSources,
  listTrail,
} from './calls.ts';
import { NoAnswer, Refusal } from './request.ts';

const TRIES = 3;

/** A refusal stays a refusal however often it is asked; a lost answer may come next time. */
export function mayPass(error: Error): boolean {
  if (error instanceof Refusal) return error.code === 'unavailable' || error.code === 'overloaded';
  return error instanceof NoAnswer;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => mayPass(error) && failures < TRIES,
      refetchOnWindowFocus: false,
    },
  },
});

/** The trail and the decisions change with the contact's version alone. */
export function trailOf(id: ContactId, version: number) {
  return queryOptions({
    queryKey: ['contacts', id, 'trail', version],
    queryFn: () => listTrail(id),
    placeholderData: (before) => before,
    staleTime: Infinity,
  });
}

export function decisionsOf(id: ContactId, version: number) {
  return queryOptions({
    queryKey: ['contacts', id, 'decisions', version],
    queryFn: () => listDecisions(id),
    staleTime: Infinity,
  });
}

/** `version` is that of the contact it stands beside: with it the lead's list of contacts is asked anew. */
export function leadOf(id: LeadId, version: number) {
  return queryOptions({
    queryKey: ['leads', id, version],
    queryFn: () => getLead(id),
    placeholderData: (before) => (before?.id === id ? before : undefined),
  });
}

export function weightsOf(id: SourceId) {
  return queryOptions({ queryKey: ['sources', id, 'operators'], queryFn: () => listSourceOperators(id) });
}

/** Reads all operators into the desk; events keep them fresh from then on. */
export const allOperators = queryOptions({
  queryKey: ['operators'],
  queryFn: async () => {
    const items = await listOperators();
    deskStore.dispatch({ type: 'operators', items });
    return items;
  },
});

export const allSources = queryOptions({
  queryKey: ['sources'],
  queryFn: async () => {
    const items = await listSources();
    deskStore.dispatch({ type: 'sources', items });
    return items;
  },
});
