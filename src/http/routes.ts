import { type Api, type Env, openApi } from './api.ts';
import type { MiddlewareHandler } from 'hono';
import { guardAnswers } from './answer-headers.ts';
import { requireActor } from './authenticate.ts';
import { addConsole } from './console.ts';
import { addDocs } from './docs.ts';
import { answerProblems } from './errors.ts';
import type { Gateway } from './gateway.ts';
import { describeApi } from './openapi.ts';
import { watchRequests } from './request-log.ts';
import { addAccessRoutes } from './routes-access.ts';
import { addAuditRoutes } from './routes-audit.ts';
import { addContactHistoryRoutes } from './routes-contact-history.ts';
import { addContactMoveRoutes } from './routes-contact-moves.ts';
import { addContactRoutes } from './routes-contacts.ts';
import { addHealthRoutes } from './routes-health.ts';
import { addHookRoutes } from './routes-hooks.ts';
import { addInvariantRoutes } from './routes-invariants.ts';
import { addInviteRoutes } from './routes-invite.ts';
import { addLeadPrivacyRoutes } from './routes-lead-privacy.ts';
import { addLeadRoutes } from './routes-leads.ts';
import { addMessageRoutes } from './routes-messages.ts';
import { addOperatorRoutes } from './routes-operators.ts';
import { addSessionRoutes } from './routes-sessions.ts';
import { addSetupRoutes } from './routes-setup.ts';
import { addSignInRoutes } from './routes-sign-in.ts';
import { addSimulateRoutes } from './routes-simulate.ts';
import { addSourceRoutes } from './routes-sources.ts';
import { addStatsRoutes } from './routes-stats.ts';
import { addWeightRoutes } from './routes-weights.ts';
import { openSignInLimits } from './sign-in-limits.ts';

/** Everything that is reached by HTTP: REST, the doors of channels, health, the reference and the console. */
export function openRoutes(gateway: Gateway): Api {
  const api = openApi();
  answerProblems(api, gateway);
  api.use(watchRequests(gateway), guardAnswers(gateway));
  api.route('/api/v1', openRest(gateway));
  addHookRoutes(api, gateway);
  addHealthRoutes(api, gateway);
  const document = JSON.stringify(describeApi(api));
  api.get('/openapi.json', (c) => c.body(document, 200, { 'content-type': 'application/json' }));
  addDocs(api);
  addConsole(api, gateway.consoleFolder);
  return api;
}

function openRest(gateway: Gateway): Api {
  const rest = openApi();
  rest.use(keepPrivate);
  const limits = openSignInLimits();
  for (const path of withSecrets) rest.use(path, keepNowhere);
  addSetupRoutes(rest, gateway, limits);
  addSignInRoutes(rest, gateway, limits);
  rest.use(requireActor(gateway));
  addSessionRoutes(rest, gateway, limits);
  addInviteRoutes(rest, gateway);
  addAccessRoutes(rest, gateway);
  addOperatorRoutes(rest, gateway);
  addSourceRoutes(rest, gateway);
  addWeightRoutes(rest, gateway);
  addContactRoutes(rest, gateway);
  addContactMoveRoutes(rest, gateway);
  addContactHistoryRoutes(rest, gateway);
  addMessageRoutes(rest, gateway);
  addLeadRoutes(rest, gateway);
  addLeadPrivacyRoutes(rest, gateway);
  addStatsRoutes(rest, gateway);
  addInvariantRoutes(rest, gateway);
  addAuditRoutes(rest, gateway);
  addSimulateRoutes(rest, gateway);
  return rest;
}

// What they answer is for one pair of eyes, whatever the method.
const withSecrets = ['/setup', '/session/*', '/sessions/*', '/invite/*', '/operators/:id/invite'];
const keepNowhere: MiddlewareHandler<Env> = async (c, next) => {
  c.header('cache-control', 'no-store');
  await next();
};

// No cache keeps the answer to another method without being told to.
const keepPrivate: MiddlewareHandler<Env> = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') c.header('cache-control', 'no-store');
  await next();
};
