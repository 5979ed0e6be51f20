import type { z } from 'zod';
import { Invite } from '../../../src/contract/access.ts';
import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import { InvariantRepair, Invariants } from '../../../src/contract/invariants.ts';
import {
  type HandOver,
  HandOverPlan,
  Operator,
  type OperatorCreate,
} from '../../../src/contract/operator.ts';
import { Simulation, type SimulationCreate } from '../../../src/contract/simulate.ts';
import {
  CreatedSource,
  RotatedSecret,
  Source,
  SourceHealth,
  SourceOperatorPage,
  type OperatorWeights,
  type SecretRotate,
  type SourceCreate,
  type SourceUpdate,
} from '../../../src/contract/source.ts';
import { Distribution, OperatorsLoad, QueueStats } from '../../../src/contract/stats.ts';
import { request } from './request.ts';

// What is left out of a body is decided by the gateway's own defaults.
export type NewSource = z.input<typeof SourceCreate>;
export type NewOperator = z.input<typeof OperatorCreate>;
export type NewSimulation = z.input<typeof SimulationCreate>;

export function createSource(body: NewSource) {
  return request(CreatedSource, '/sources', { method: 'POST', body });
}

export function updateSource(id: SourceId, body: SourceUpdate) {
  return request(Source, `/sources/${id}`, { method: 'PATCH', body });
}

/** Gives a webhook another secret, which stands in this answer alone. */
export function rotateSecret(id: SourceId, body: z.input<typeof SecretRotate>) {
  return request(RotatedSecret, `/sources/${id}/secret`, { method: 'POST', body });
}

export function getSourceHealth(id: SourceId) {
  return request(SourceHealth, `/sources/${id}/health`);
}

export function putSourceOperators(id: SourceId, body: OperatorWeights) {
  return request(SourceOperatorPage, `/sources/${id}/operators`, { method: 'PUT', body });
}

/** Sets the weights that are named; the others stay. */
export function patchSourceOperators(id: SourceId, body: OperatorWeights) {
  return request(SourceOperatorPage, `/sources/${id}/operators`, { method: 'PATCH', body });
}

export function createOperator(body: NewOperator) {
  return request(Operator, '/operators', { method: 'POST', body });
}

/** Makes the link under which an operator sets its password; it stands in this answer alone. */
export function inviteOperator(id: OperatorId) {
  return request(Invite, `/operators/${id}/invite`, { method: 'POST' });
}

export function handOver(id: OperatorId, body: Partial<HandOver>) {
  return request(HandOverPlan, `/operators/${id}/hand-over`, { method: 'POST', body });
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

export function getInvariants() {
  return request(Invariants, '/stats/invariants');
}

export function repairInvariants() {
  return request(InvariantRepair, '/stats/invariants/repair', { method: 'POST' });
}

export function simulateRouting(body: NewSimulation) {
  return request(Simulation, '/routing/simulate', { method: 'POST', body });
}
