import { createRoute } from '@hono/zod-openapi';
import { OperatorWeights, SourceOperatorPage } from '../contract/source.ts';
import { listWeights, mergeWeights, removeWeight, replaceWeights } from '../desk/source-weights.ts';
import { body, bodyProblems, json, noContent, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { SourceOperatorPath, SourcePath } from './parameters.ts';
import { addRoute } from './route.ts';

const tags = ['Sources'];
const theSet = json(SourceOperatorPage, 'The operators of the source, by id');

const replaceAll = createRoute({
  method: 'put',
  path: '/sources/{id}/operators',
  operationId: 'replaceWeights',
  summary: 'Set who gets the traffic of a source; those not named lose their weight',
  tags,
  request: { params: SourcePath, body: body(OperatorWeights) },
  responses: { 200: theSet, ...problems(...bodyProblems, 403, 404) },
});
const mergeSome = createRoute({
  method: 'patch',
  path: '/sources/{id}/operators',
  operationId: 'mergeWeights',
  summary: 'Set the weights that are named; the others stay',
  tags,
  request: { params: SourcePath, body: body(OperatorWeights) },
  responses: { 200: theSet, ...problems(...bodyProblems, 403, 404) },
});
const removeOne = createRoute({
  method: 'delete',
  path: '/sources/{id}/operators/{operator_id}',
  operationId: 'removeWeight',
  summary: 'Take an operator off a source',
  tags,
  request: { params: SourceOperatorPath },
  responses: { 204: noContent, ...problems(401, 403, 404, 422) },
});
const listAll = createRoute({
  method: 'get',
  path: '/sources/{id}/operators',
  operationId: 'listWeights',
  summary: 'Who gets the traffic of a source, and who could right now',
  tags,
  request: { params: SourcePath },
  responses: { 200: theSet, ...problems(401, 403, 404, 422) },
});

export function addWeightRoutes(api: Api, { desk }: Gateway): void {
  addRoute(
    api,
    replaceAll,
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(await replaceWeights(desk, c.get('actor'), id, c.req.valid('json')), 200);
    },
    'post',
  );
  addRoute(api, mergeSome, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await mergeWeights(desk, c.get('actor'), id, c.req.valid('json')), 200);
  });
  addRoute(api, removeOne, async (c) => {
    const { id, operator_id: operatorId } = c.req.valid('param');
    await removeWeight(desk, c.get('actor'), id, operatorId);
    return c.body(null, 204);
  });
  addRoute(api, listAll, async (c) =>
    c.json(await listWeights(desk, c.get('actor'), c.req.valid('param').id), 200),
  );
}
