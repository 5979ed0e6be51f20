import { createRoute } from '@hono/zod-openapi';
import {
  HandOver,
  HandOverPlan,
  Operator,
  OperatorCreate,
  OperatorLoad,
  OperatorPage,
  OperatorQuery,
  OperatorUpdate,
  OperatorView,
  OperatorWeight,
  OperatorWeightSet,
} from '../contract/operator.ts';
import { createOperator } from '../desk/create-operator.ts';
import { deleteOperator } from '../desk/delete-operator.ts';
import { handOverContacts } from '../desk/hand-over-contacts.ts';
import { getOperator, listOperators, operatorLoad } from '../desk/operators.ts';
import { setOperatorWeight } from '../desk/set-operator-weight.ts';
import { updateOperator } from '../desk/update-operator.ts';
import { body, bodyProblems, json, noContent, optionalBody, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { OperatorPath } from './parameters.ts';
import { addRoute } from './route.ts';

const tags = ['Operators'];

const createOne = createRoute({
  method: 'post',
  path: '/operators',
  operationId: 'createOperator',
  summary: 'Add an operator',
  tags,
  request: { body: body(OperatorCreate) },
  responses: { 201: json(Operator, 'The operator'), ...problems(...bodyProblems, 403, 409) },
});
const listAll = createRoute({
  method: 'get',
  path: '/operators',
  operationId: 'listOperators',
  summary: 'Operators; an operator sees those of its sources',
  tags,
  request: { query: OperatorQuery },
  responses: { 200: json(OperatorPage, 'Operators by id'), ...problems(401, 403, 422) },
});
const getOne = createRoute({
  method: 'get',
  path: '/operators/{id}',
  operationId: 'getOperator',
  summary: 'One operator',
  tags,
  request: { params: OperatorPath },
  responses: { 200: json(OperatorView, 'The operator'), ...problems(401, 403, 404, 422) },
});
const updateOne = createRoute({
  method: 'patch',
  path: '/operators/{id}',
  operationId: 'updateOperator',
  summary: 'Change an operator; freed seats go to the queue at once',
  tags,
  request: { params: OperatorPath, body: body(OperatorUpdate) },
  responses: { 200: json(Operator, 'The operator'), ...problems(...bodyProblems, 403, 404, 409) },
});
const deleteOne = createRoute({
  method: 'delete',
  path: '/operators/{id}',
  operationId: 'deleteOperator',
  summary: 'Delete an operator whom no contact names',
  tags,
  request: { params: OperatorPath },
  responses: { 204: noContent, ...problems(401, 403, 404, 409, 422) },
});
const setWeight = createRoute({
  method: 'post',
  path: '/operators/{id}/weights',
  operationId: 'setOperatorWeight',
  summary: 'Set the share of one source for one operator',
  tags,
  request: { params: OperatorPath, body: body(OperatorWeight) },
  responses: { 200: json(OperatorWeightSet, 'The weight'), ...problems(...bodyProblems, 403, 404) },
});
const handOver = createRoute({
  method: 'post',
  path: '/operators/{id}/hand-over',
  operationId: 'handOverContacts',
  summary: 'Give the open contacts of an operator to others, or look at who would get what',
  tags,
  request: { params: OperatorPath, body: optionalBody(HandOver) },
  responses: { 200: json(HandOverPlan, 'Who got what'), ...problems(...bodyProblems, 403, 404, 409) },
});
const getLoad = createRoute({
  method: 'get',
  path: '/operators/{id}/load',
  operationId: 'getOperatorLoad',
  summary: 'How full an operator is',
  tags,
  request: { params: OperatorPath },
  responses: { 200: json(OperatorLoad, 'The load'), ...problems(401, 403, 404, 422) },
});

export function addOperatorRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, createOne, async (c) =>
    c.json(await createOperator(desk, c.get('actor'), c.req.valid('json')), 201),
  );
  addRoute(api, listAll, async (c) =>
    c.json(await listOperators(desk, c.get('actor'), c.req.valid('query')), 200),
  );
  addRoute(api, getOne, async (c) =>
    c.json(await getOperator(desk, c.get('actor'), c.req.valid('param').id), 200),
  );
  addRoute(
    api,
    updateOne,
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(await updateOperator(desk, c.get('actor'), id, c.req.valid('json')), 200);
    },
    'put',
  );
  addRoute(api, deleteOne, async (c) => {
    await deleteOperator(desk, c.get('actor'), c.req.valid('param').id);
    return c.body(null, 204);
  });
  addRoute(api, setWeight, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await setOperatorWeight(desk, c.get('actor'), id, c.req.valid('json')), 200);
  });
  addRoute(api, handOver, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await handOverContacts(desk, c.get('actor'), id, c.req.valid('json')), 200);
  });
  addRoute(api, getLoad, async (c) =>
    c.json(await operatorLoad(desk, c.get('actor'), c.req.valid('param').id), 200),
  );
}
