import type { z } from 'zod';
import type { SourceId } from '../../../src/contract/ids.ts';
import { Operator, type OperatorCreate } from '../../../src/contract/operator.ts';
import {
  CreatedSource,
  Source,
  SourceHealth,
  SourceOperatorPage,
  type OperatorWeights,
  type SourceCreate,
  type SourceUpdate,
} from '../../../src/contract/source.ts';
import { Distribution, OperatorsLoad, QueueStats } from '../../../src/contract/stats.ts';
import { request } from './request.ts';

// What is left out of a body is decided by the gateway's own defaults.
export type NewSource = z.input<typeof SourceCreate>;
export type NewOperator = z.input<typeof OperatorCreate>;

export function createSource(body: NewSource) {
  return request(CreatedSource, '/sources', { method: 'POST', body });
}

export function updateSource(id: SourceId, body: SourceUpdate) {
  return request(Source, `/sources/${id}`, { method: 'PATCH', body });
}

export function getSourceHealth(id: SourceId) {
  return request(SourceHealth, `/sources/${id}/health`);
}

export function putSourceOperators(id: SourceId, body: OperatorWeights) {
  return request(SourceOperatorPage, `/sources/${id}/operators`, { method: 'PUT', body });
}

export function createOperator(body: NewOperator) {
  return request(Operator, '/operators', { method: 'POST', body });
}

export function getOperatorsLoad() {
  return request(OperatorsLoad, '/stats/operators-load');
}

export function getDistribution(period: { from?: string; to?: string }) {
  return request(Distribution, '/stats/distribution', { query: period });
}

export function getQueue() {
  return request(QueueStats, '/stats/queue');
}
