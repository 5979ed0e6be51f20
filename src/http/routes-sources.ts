import { createRoute } from '@hono/zod-openapi';
import {
  CreatedSource,
  RotatedSecret,
  SecretRotate,
  Source,
  SourceCreate,
  SourceHealth,
  SourcePage,
  SourceQuery,
  SourceUpdate,
  SourceView,
} from '../contract/source.ts';
import { createSource } from '../desk/create-source.ts';
import { deleteSource } from '../desk/delete-source.ts';
import { channelRef, findChannel } from '../desk/channels.ts';
import { authorizeAny } from '../desk/policy.ts';
import { rotateSecret } from '../desk/rotate-secret.ts';
import { getSource, listSources } from '../desk/sources.ts';
import { updateSource } from '../desk/update-source.ts';
import { body, bodyProblems, json, noContent, optionalBody, problems } from './answers.ts';
import type { Api } from './api.ts';
import { checkSettings } from './check-settings.ts';
import type { Gateway } from './gateway.ts';
import { SourcePath } from './parameters.ts';
import { addRoute } from './route.ts';

const tags = ['Sources'];

const createOne = createRoute({
  method: 'post',
  path: '/sources',
  operationId: 'createSource',
  summary: 'Add a source; the secret of a webhook stands in this answer alone',
  tags,
  request: { body: body(SourceCreate) },
  responses: { 201: json(CreatedSource, 'The source'), ...problems(...bodyProblems, 403, 409) },
});
const listAll = createRoute({
  method: 'get',
  path: '/sources',
  operationId: 'listSources',
  summary: 'Sources; an operator sees its own, in brief',
  tags,
  request: { query: SourceQuery },
  responses: { 200: json(SourcePage, 'Sources by id'), ...problems(401, 403, 422) },
});
const getOne = createRoute({
  method: 'get',
  path: '/sources/{id}',
  operationId: 'getSource',
  summary: 'One source, by id or code',
  tags,
  request: { params: SourcePath },
  responses: { 200: json(SourceView, 'The source'), ...problems(401, 403, 404, 422) },
});
const updateOne = createRoute({
  method: 'patch',
  path: '/sources/{id}',
  operationId: 'updateSource',
  summary: 'Change a source; it takes effect at once',
  tags,
  request: { params: SourcePath, body: body(SourceUpdate) },
  responses: { 200: json(Source, 'The source'), ...problems(...bodyProblems, 403, 404, 409) },
});
const deleteOne = createRoute({
  method: 'delete',
  path: '/sources/{id}',
  operationId: 'deleteSource',
  summary: 'Delete a source that no contact names',
  tags,
  request: { params: SourcePath },
  responses: { 204: noContent, ...problems(401, 403, 404, 409, 422) },
});
const rotateOne = createRoute({
  method: 'post',
  path: '/sources/{id}/secret',
  operationId: 'rotateSourceSecret',
  summary: 'Give a webhook a new secret, in this answer alone; the one before counts as well for a while',
  tags,
  request: { params: SourcePath, body: optionalBody(SecretRotate) },
  responses: { 200: json(RotatedSecret, 'The new secret'), ...problems(...bodyProblems, 403, 404, 409) },
});
const getHealth = createRoute({
  method: 'get',
  path: '/sources/{id}/health',
  operationId: 'getSourceHealth',
  summary: 'How the bot of a source does right now',
  tags,
  request: { params: SourcePath },
  responses: { 200: json(SourceHealth, 'The health'), ...problems(401, 403, 404, 422) },
});

export function addSourceRoutes(api: Api, gateway: Gateway): void {
  const { desk, bots } = gateway;
  addRoute(api, createOne, async (c) => {
    const input = c.req.valid('json');
    const bot = await checkSettings(gateway, c.get('actor'), input);
    return c.json(await createSource(desk, c.get('actor'), input, bot), 201);
  });
  addRoute(api, listAll, async (c) =>
    c.json(await listSources(desk, c.get('actor'), c.req.valid('query')), 200),
  );
  addRoute(api, getOne, async (c) =>
    c.json(await getSource(desk, c.get('actor'), c.req.valid('param').id), 200),
  );
  addRoute(api, updateOne, async (c) => {
    const input = c.req.valid('json');
    const { id } = c.req.valid('param');
    const present = await findChannel(desk, channelRef(id));
    const bot = await checkSettings(gateway, c.get('actor'), input, present);
    return c.json(await updateSource(desk, c.get('actor'), id, input, bot), 200);
  });
  addRoute(api, deleteOne, async (c) => {
    await deleteSource(desk, c.get('actor'), c.req.valid('param').id);
    return c.body(null, 204);
  });
  addRoute(api, rotateOne, async (c) =>
    c.json(await rotateSecret(desk, c.get('actor'), c.req.valid('param').id, c.req.valid('json')), 200),
  );
  addRoute(api, getHealth, async (c) => {
    // What a bot last complained of is for those who see everything of a source.
    authorizeAny(c.get('actor'), 'source.see');
    const source = await getSource(desk, c.get('actor'), c.req.valid('param').id);
    return c.json(await bots.health(source.id), 200);
  });
}
