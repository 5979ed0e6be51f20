import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listAudit, listOwnSessions, listTokens } from '../api/settings-calls.ts';
import { filterOf, type AuditSearch } from './audit-search.ts';

const FRESH_MS = 15_000;

export const ownSessions = queryOptions({
  queryKey: ['settings', 'sessions'],
  queryFn: listOwnSessions,
  staleTime: 0,
  refetchInterval: FRESH_MS,
});

export const allTokens = queryOptions({
  queryKey: ['settings', 'tokens'],
  queryFn: listTokens,
  staleTime: 0,
});

/** The log, newest first, page by page. */
export function auditOf(search: AuditSearch) {
  return infiniteQueryOptions({
    queryKey: ['settings', 'audit', search],
    queryFn: ({ pageParam }) => listAudit(filterOf(search, Date.now()), pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    staleTime: 0,
  });
}
