import { createRoute } from '@hono/zod-openapi';
import {
  Distribution,
  DistributionQuery,
  OperatorsLoad,
  QueueStats,
  Summary,
  SummaryQuery,
} from '../contract/stats.ts';
import { distribution } from '../desk/stats-distribution.ts';
import { operatorsLoad } from '../desk/stats-load.ts';
import { queueStats } from '../desk/stats-queue.ts';
import { summary } from '../desk/stats-summary.ts';
import { json, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { addRoute } from './route.ts';

const tags = ['Statistics'];

const loads = createRoute({
  method: 'get',
  path: '/stats/operators-load',
  operationId: 'getOperatorsLoad',
  summary: 'How full everybody is',
  tags,
  responses: { 200: json(OperatorsLoad, 'Loads by operator id'), ...problems(401, 403, 422) },
});
const shares = createRoute({
  method: 'get',
  path: '/stats/distribution',
  operationId: 'getDistribution',
  summary: 'Who got how much of each source, beside what the weights say',
  tags,
  request: { query: DistributionQuery },
  responses: { 200: json(Distribution, 'Shares by source id'), ...problems(401, 403, 422) },
});
const queue = createRoute({
  method: 'get',
  path: '/stats/queue',
  operationId: 'getQueue',
  summary: 'How many wait on each source, and since when',
  tags,
  responses: { 200: json(QueueStats, 'Queues by source id'), ...problems(401, 403, 422) },
});
const figures = createRoute({
  method: 'get',
  path: '/stats/summary',
  operationId: 'getSummary',
  summary: 'Volumes, first reply and resolution times',
  tags,
  request: { query: SummaryQuery },
  responses: { 200: json(Summary, 'The figures'), ...problems(401, 403, 422) },
});

export function addStatsRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, loads, async (c) => c.json(await operatorsLoad(desk, c.get('actor')), 200));
  addRoute(api, shares, async (c) =>
    c.json(await distribution(desk, c.get('actor'), c.req.valid('query')), 200),
  );
  addRoute(api, queue, async (c) => c.json(await queueStats(desk, c.get('actor')), 200));
  addRoute(api, figures, async (c) => c.json(await summary(desk, c.get('actor'), c.req.valid('query')), 200));
}
