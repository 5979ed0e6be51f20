import { createRoute } from '@hono/zod-openapi';
import { Setup, SetupState } from '../contract/access.ts';
import { Operator } from '../contract/operator.ts';
import { setUp, setupState } from '../desk/setup.ts';
import { body, bodyProblems, json, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { addRoute } from './route.ts';
import { checkNotCrossSite } from './same-site.ts';
import { setSessionCookie, visitorOf } from './session-cookie.ts';
import type { SignInLimits } from './sign-in-limits.ts';

const tags = ['Access'];

const getState = createRoute({
  method: 'get',
  path: '/setup',
  operationId: 'getSetup',
  summary: 'Whether the first admin is still to be made',
  tags,
  security: [],
  responses: { 200: json(SetupState, 'Whether it is'), ...problems(403, 422) },
});
const makeAdmin = createRoute({
  method: 'post',
  path: '/setup',
  operationId: 'setUp',
  summary: 'Make the first admin with the code that the gateway printed, and sign in',
  tags,
  security: [],
  request: { body: body(Setup) },
  responses: {
    201: json(Operator, 'The first admin; the session is in the cookie'),
    ...problems(...bodyProblems, 403, 409, 410, 429),
  },
});

/** How the first admin gets in; nobody has a credential yet. */
export function addSetupRoutes(api: Api, { desk, client }: Gateway, limits: SignInLimits): void {
  addRoute(api, getState, async (c) => {
    checkNotCrossSite(c, client);
    return c.json(await setupState(desk), 200);
  });
  addRoute(api, makeAdmin, async (c) => {
    checkNotCrossSite(c, client);
    const visitor = visitorOf(c, client);
    const attempt = { account: 'setup', address: visitor.address };
    const made = await limits.attempt(attempt, () => setUp(desk, c.req.valid('json'), visitor));
    setSessionCookie(c, client, made.begun.secret);
    return c.json(made.operator, 201);
  });
}
