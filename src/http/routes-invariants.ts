import { createRoute } from '@hono/zod-openapi';
import { InvariantRepair, Invariants } from '../contract/invariants.ts';
import { invariants } from '../desk/invariants.ts';
import { repairInvariants } from '../desk/invariants-repair.ts';
import { json, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { addRoute } from './route.ts';

const tags = ['Statistics'];

const check = createRoute({
  method: 'get',
  path: '/stats/invariants',
  operationId: 'getInvariants',
  summary: 'Whether everything holds that always has to',
  tags,
  responses: { 200: json(Invariants, 'The checks, made now'), ...problems(401, 403, 422) },
});
const repair = createRoute({
  method: 'post',
  path: '/stats/invariants/repair',
  operationId: 'repairInvariants',
  summary: 'Sets wrong loads right and serves queues that stand still',
  tags,
  responses: {
    200: json(InvariantRepair, 'What was repaired, and what is left to a person'),
    ...problems(401, 403, 422),
  },
});

export function addInvariantRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, check, async (c) => c.json(await invariants(desk, c.get('actor')), 200));
  addRoute(api, repair, async (c) => c.json(await repairInvariants(desk, c.get('actor')), 200));
}
