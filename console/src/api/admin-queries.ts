import { queryOptions } from '@tanstack/react-query';
import type { SourceId } from '../../../src/contract/ids.ts';
import {
  getDistribution,
  getInvariants,
  getOperatorsLoad,
  getQueue,
  getSourceHealth,
} from './admin-calls.ts';

const HEALTH_MS = 7_000;
const INVARIANTS_MS = 30_000;
const HOUR_MS = 3_600_000;

/** What a period of the statistics reaches back to, in hours; `ever` has no beginning. */
const hours = { day: 24, week: 7 * 24, ever: null } as const;
export type StatisticsPeriod = keyof typeof hours;

/** How a source does; asked anew as long as somebody looks. */
export function healthOf(id: SourceId) {
  return queryOptions({
    queryKey: ['sources', id, 'health'],
    queryFn: () => getSourceHealth(id),
    staleTime: 0,
    refetchInterval: HEALTH_MS,
  });
}

export const operatorsLoad = queryOptions({
  queryKey: ['statistics', 'load'],
  queryFn: getOperatorsLoad,
  staleTime: 0,
});

export const queueStats = queryOptions({
  queryKey: ['statistics', 'queue'],
  queryFn: getQueue,
  staleTime: 0,
});

export function distributionOf(period: StatisticsPeriod) {
  return queryOptions({
    queryKey: ['statistics', 'distribution', period],
    queryFn: () => {
      const back = hours[period];
      return getDistribution(
        back === null ? {} : { from: new Date(Date.now() - back * HOUR_MS).toISOString() },
      );
    },
    staleTime: 0,
  });
}

/** Whether what always has to hold does; looked at anew as long as somebody looks. */
export const invariantsNow = queryOptions({
  queryKey: ['statistics', 'invariants'],
  queryFn: getInvariants,
  staleTime: 0,
  refetchInterval: INVARIANTS_MS,
});
