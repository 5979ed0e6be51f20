import { createRoute, z } from '@hono/zod-openapi';
import { Alive, Readiness } from '../contract/health.ts';
import { Problem } from '../problem.ts';
import { json, problems } from './answers.ts';
import type { Api } from './api.ts';
import { bearerIn, isSameSecret } from './authenticate.ts';
import type { Gateway } from './gateway.ts';
import { addRoute } from './route.ts';

const tags = ['Health'];
const ANSWER_WITHIN_MS = 2000;
// Monitors add queries of their own.
const anything = z.object({});

const alive = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  summary: 'The process lives; checks nothing',
  tags,
  security: [],
  request: { query: anything },
  responses: { 200: json(Alive, 'It lives') },
});
const ready = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'getReadiness',
  summary: 'Whether requests may come: the database answers and the gateway does not stop',
  tags,
  security: [],
  request: { query: anything },
  responses: { 200: json(Readiness, 'Ready'), 503: json(Readiness, 'Not ready; `checks` says why') },
});
const metrics = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  summary: 'Figures for Prometheus; wants METRICS_TOKEN as bearer token where one is set',
  tags,
  security: [{}, { bearer: [] }],
  request: { query: anything },
  responses: {
    200: { description: 'Prometheus text', content: { 'text/plain': { schema: z.string() } } },
    ...problems(401),
  },
});

/** What load balancers and monitors ask; no credential of the API is needed. */
export function addHealthRoutes(
  api: Api,
  { desk, isDraining, metrics: figures, metricsToken }: Gateway,
): void {
  addRoute(api, alive, (c) => c.json({ status: 'ok' as const }, 200));
  addRoute(api, ready, async (c) => {
    // The schema is brought up to date before the server listens, so an open database is a migrated one.
    const database = isDraining() ? 'not asked' : await databaseCheck(desk.store);
    const checks = { database, migrations: 'ok', gateway: isDraining() ? 'stopping' : 'ok' };
    const isReady = database === 'ok' && checks.gateway === 'ok';
    const headers = { 'cache-control': 'no-store' };
    return c.json({ status: isReady ? 'ready' : 'not-ready', checks }, isReady ? 200 : 503, headers);
  });
  addRoute(api, metrics, async (c) => {
    if (metricsToken !== null && !isSameSecret(bearerIn(c.req.header('authorization')) ?? '', metricsToken))
      throw new Problem('unauthorized');
    return c.text(await figures.render(), 200, { 'content-type': figures.contentType });
  });
}

async function databaseCheck(store: { ping(): Promise<void> }): Promise<string> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('late')), ANSWER_WITHIN_MS);
  try {
    await Promise.race([store.ping(), promise]);
    return 'ok';
  } catch (error) {
    return error instanceof Error && error.message === 'late' ? 'does not answer' : 'cannot be reached';
  } finally {
    clearTimeout(timer);
  }
}
