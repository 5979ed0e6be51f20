import { createRoute, z } from '@hono/zod-openapi';
import { Alive, Readiness } from '../contract/health.ts';
import type { Desk } from '../desk/desk.ts';
import { appliedMigrations } from '../desk/status.ts';
import { Problem } from '../problem.ts';
import { isSameSecret } from '../desk/same-secret.ts';
import { Late, within } from '../within.ts';
import { json, problems } from './answers.ts';
import type { Api } from './api.ts';
import { bearerIn } from './authenticate.ts';
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
  const checkDatabase = databaseCheck(desk);
  addRoute(api, alive, (c) => c.json({ status: 'ok' as const }, 200));
  addRoute(api, ready, async (c) => {
    const checks = isDraining()
      ? { database: 'not asked', migrations: 'not asked', gateway: 'stopping' }
      : { ...(await checkDatabase()), gateway: 'ok' };
    const isReady = Object.values(checks).every((check) => check === 'ok');
    const headers = { 'cache-control': 'no-store' };
    return c.json({ status: isReady ? 'ready' : 'not-ready', checks }, isReady ? 200 : 503, headers);
  });
  addRoute(api, metrics, async (c) => {
    if (metricsToken !== null && !isSameSecret(bearerIn(c.req.header('authorization')) ?? '', metricsToken))
      throw new Problem('unauthorized');
    return c.text(await figures.render(), 200, { 'content-type': figures.contentType });
  });
}

/**
 * Tells whether the database answers, and whether it still has the migrations that it had when it was first asked, which
 * this gateway's start had brought up to date. That a newer version has added to it is no reason to stop: while gateways
 * are replaced one by one, both versions answer.
 */
function databaseCheck(desk: Desk): () => Promise<{ database: string; migrations: string }> {
  let needed: string[] | undefined;

  async function check(): Promise<{ database: string; migrations: string }> {
    // Asked alone first: a list that cannot be read is another fault than a database that is away.
    await desk.store.ping();
    const applied = await appliedMigrations(desk).catch((): string[] => []);
    if (applied.length === 0) return { database: 'ok', migrations: 'the database has lost its schema' };
    needed ??= applied;
    const missing = needed.filter((name) => !applied.includes(name));
    const migrations = missing.length === 0 ? 'ok' : `the database has lost ${missing.join(', ')}`;
    return { database: 'ok', migrations };
  }

  return async () => {
    try {
      return await within(ANSWER_WITHIN_MS, check());
    } catch (error) {
      const database = error instanceof Late ? 'does not answer' : 'cannot be reached';
      return { database, migrations: 'not asked' };
    }
  };
}
