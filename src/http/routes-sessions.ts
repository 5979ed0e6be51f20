import { createRoute } from '@hono/zod-openapi';
import { OwnSessionPage, PasswordChange } from '../contract/access.ts';
import { PageQuery } from '../contract/page.ts';
import { Session } from '../contract/session.ts';
import { changePassword } from '../desk/change-password.ts';
import { endOtherSessions, endOwnSession, listOwnSessions, signOut } from '../desk/own-sessions.ts';
import { actorLabel } from '../desk/actor.ts';
import { whoAmI } from '../desk/who-am-i.ts';
import { body, bodyProblems, json, noContent, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { SessionPath } from './parameters.ts';
import { addRoute } from './route.ts';
import { clearSessionCookie, setSessionCookie, visitorOf } from './session-cookie.ts';
import type { SignInLimits } from './sign-in-limits.ts';

const tags = ['Access'];

const me = createRoute({
  method: 'get',
  path: '/session',
  operationId: 'getSession',
  summary: 'Who I am',
  tags,
  responses: { 200: json(Session, 'The operator behind the credential'), ...problems(401, 403, 422) },
});
const endThis = createRoute({
  method: 'delete',
  path: '/session',
  operationId: 'signOut',
  summary: 'Sign out',
  tags,
  responses: { 204: noContent, ...problems(401, 403, 422) },
});
const setPassword = createRoute({
  method: 'put',
  path: '/session/password',
  operationId: 'changePassword',
  summary: 'Change my password; every other session ends, and this one goes on under a new cookie',
  tags,
  request: { body: body(PasswordChange) },
  responses: { 200: json(Session, 'Who I am, as before'), ...problems(...bodyProblems, 403, 429) },
});
const listMine = createRoute({
  method: 'get',
  path: '/sessions',
  operationId: 'listSessions',
  summary: 'Where I am signed in, newest first',
  tags,
  request: { query: PageQuery },
  responses: { 200: json(OwnSessionPage, 'My sessions'), ...problems(401, 403, 409, 422) },
});
const endOne = createRoute({
  method: 'delete',
  path: '/sessions/{id}',
  operationId: 'endSession',
  summary: 'Sign out in one place',
  tags,
  request: { params: SessionPath },
  responses: { 204: noContent, ...problems(401, 403, 404, 409, 422) },
});
const endOthers = createRoute({
  method: 'delete',
  path: '/sessions',
  operationId: 'endOtherSessions',
  summary: 'Sign out everywhere but here',
  tags,
  responses: { 204: noContent, ...problems(401, 403, 409, 422) },
});

/** What everybody does with its own sessions. */
export function addSessionRoutes(api: Api, { desk, client, demo }: Gateway, limits: SignInLimits): void {
  addRoute(api, me, async (c) => c.json({ ...(await whoAmI(desk, c.get('actor'))), demo }, 200));
  addRoute(api, endThis, async (c) => {
    await signOut(desk, c.get('actor'));
    clearSessionCookie(c, client);
    return c.body(null, 204);
  });
  addRoute(api, setPassword, async (c) => {
    const actor = c.get('actor');
    const visitor = visitorOf(c, client);
    const attempt = {
      account: `password:${actorLabel(actor)}`,
      address: visitor.address,
      // Whoever holds a stolen cookie comes from anywhere: no address is trusted more.
      knownAddresses: () => Promise.resolve([]),
    };
    const { secret } = await limits.attempt(attempt, () =>
      changePassword(desk, actor, c.req.valid('json'), visitor),
    );
    setSessionCookie(c, client, secret);
    return c.json({ ...(await whoAmI(desk, actor)), demo }, 200);
  });
  addRoute(api, listMine, async (c) =>
    c.json(await listOwnSessions(desk, c.get('actor'), c.req.valid('query')), 200),
  );
  addRoute(api, endOne, async (c) => {
    await endOwnSession(desk, c.get('actor'), c.req.valid('param').id);
    return c.body(null, 204);
  });
  addRoute(api, endOthers, async (c) => {
    await endOtherSessions(desk, c.get('actor'));
    return c.body(null, 204);
  });
}
