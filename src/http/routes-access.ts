import { createRoute } from '@hono/zod-openapi';
import { IssuedToken, TokenCreate } from '../contract/access.ts';
import { PageQuery } from '../contract/page.ts';
import { TokenPage } from '../contract/session.ts';
import { issueToken } from '../desk/issue-token.ts';
import { listTokens, revokeToken } from '../desk/tokens.ts';
import { body, bodyProblems, json, noContent, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { TokenPath } from './parameters.ts';
import { addRoute } from './route.ts';

const tags = ['Access'];

const issueOne = createRoute({
  method: 'post',
  path: '/tokens',
  operationId: 'issueToken',
  summary: 'Make an API token; it stands in this answer alone',
  tags,
  request: { body: body(TokenCreate) },
  responses: { 201: json(IssuedToken, 'The token'), ...problems(...bodyProblems, 403) },
});
const listAll = createRoute({
  method: 'get',
  path: '/tokens',
  operationId: 'listTokens',
  summary: 'API tokens and when each was used last',
  tags,
  request: { query: PageQuery },
  responses: { 200: json(TokenPage, 'Tokens'), ...problems(401, 403, 422) },
});
const revokeOne = createRoute({
  method: 'delete',
  path: '/tokens/{id}',
  operationId: 'revokeToken',
  summary: 'Revoke a token, at once',
  tags,
  request: { params: TokenPath },
  responses: { 204: noContent, ...problems(401, 403, 404, 422) },
});

export function addAccessRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, issueOne, async (c) =>
    c.json(await issueToken(desk, c.get('actor'), c.req.valid('json')), 201),
  );
  addRoute(api, listAll, async (c) =>
    c.json(await listTokens(desk, c.get('actor'), c.req.valid('query')), 200),
  );
  addRoute(api, revokeOne, async (c) => {
    await revokeToken(desk, c.get('actor'), c.req.valid('param').id);
    return c.body(null, 204);
  });
}
