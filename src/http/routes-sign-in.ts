import { createRoute } from '@hono/zod-openapi';
import { InviteAccept, InviteCode, Invited, SignIn } from '../contract/access.ts';
import { Session } from '../contract/session.ts';
import { acceptInvite, lookAtInvite } from '../desk/accept-invite.ts';
import type { Begun } from '../desk/begin-session.ts';
import { signIn } from '../desk/sign-in.ts';
import { signedInFrom } from '../desk/signed-in-from.ts';
import { whoAmI } from '../desk/who-am-i.ts';
import { body, bodyProblems, json, problems } from './answers.ts';
import type { Api, RequestContext } from './api.ts';
import type { Gateway } from './gateway.ts';
import { addRoute } from './route.ts';
import { checkNotCrossSite } from './same-site.ts';
import { setSessionCookie, visitorOf } from './session-cookie.ts';
import type { SignInLimits } from './sign-in-limits.ts';

const tags = ['Access'];
const signedIn = json(Session, 'Who has signed in; the session is in the cookie');

const signInOne = createRoute({
  method: 'post',
  path: '/session',
  operationId: 'signIn',
  summary: 'Sign in',
  tags,
  security: [],
  request: { body: body(SignIn) },
  responses: { 200: signedIn, ...problems(...bodyProblems, 403, 429) },
});
const look = createRoute({
  method: 'post',
  path: '/invite/look',
  operationId: 'lookAtInvite',
  summary: 'For whom an invite is',
  tags,
  security: [],
  request: { body: body(InviteCode) },
  responses: { 200: json(Invited, 'For whom it is'), ...problems(...bodyProblems, 403, 429) },
});
const accept = createRoute({
  method: 'post',
  path: '/invite',
  operationId: 'acceptInvite',
  summary: 'Set the password of the invited operator, once, and sign in',
  tags,
  security: [],
  request: { body: body(InviteAccept) },
  responses: { 200: signedIn, ...problems(...bodyProblems, 403, 429) },
});

/** How those get in who have no credential yet. */
export function addSignInRoutes(api: Api, { desk, client, demo }: Gateway, limits: SignInLimits): void {
  async function welcome(c: RequestContext, { secret, actor }: Begun): Promise<Session> {
    setSessionCookie(c, client, secret);
    return { ...(await whoAmI(desk, actor)), demo };
  }

  addRoute(api, signInOne, async (c) => {
    checkNotCrossSite(c, client);
    const visitor = visitorOf(c, client);
    const input = c.req.valid('json');
    const attempt = {
      account: `sign-in:${input.email.toLowerCase()}`,
      address: visitor.address,
      knownAddresses: () => signedInFrom(desk, input.email),
    };
    const begun = await limits.attempt(attempt, () => signIn(desk, input, visitor));
    return c.json(await welcome(c, begun), 200);
  });
  addRoute(api, look, async (c) => {
    checkNotCrossSite(c, client);
    const attempt = { account: 'invite', address: client.addressOf(c.env.incoming) };
    const { code } = c.req.valid('json');
    return c.json(await limits.attempt(attempt, () => lookAtInvite(desk, code)), 200);
  });
  addRoute(api, accept, async (c) => {
    checkNotCrossSite(c, client);
    const visitor = visitorOf(c, client);
    const attempt = { account: 'invite', address: visitor.address };
    const begun = await limits.attempt(attempt, () => acceptInvite(desk, c.req.valid('json'), visitor));
    return c.json(await welcome(c, begun), 200);
  });
}
