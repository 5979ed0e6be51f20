import { createRoute } from '@hono/zod-openapi';
import { Invite } from '../contract/access.ts';
import { inviteOperator } from '../desk/invite-operator.ts';
import { json, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { OperatorPath } from './parameters.ts';
import { addRoute } from './route.ts';

const inviteOne = createRoute({
  method: 'post',
  path: '/operators/{id}/invite',
  operationId: 'inviteOperator',
  summary: 'Make a link under which the operator sets its password; earlier ones end',
  tags: ['Operators'],
  request: { params: OperatorPath },
  responses: { 201: json(Invite, 'The link, in this answer alone'), ...problems(401, 403, 404, 409, 422) },
});

export function addInviteRoutes(api: Api, { desk, address }: Gateway): void {
  addRoute(api, inviteOne, async (c) => {
    const { code, expiresAt } = await inviteOperator(desk, c.get('actor'), c.req.valid('param').id);
    // Behind `#` it goes into no log, neither ours nor a proxy's.
    return c.json({ url: `${address()}/invite#code=${code}`, expires_at: expiresAt.toISOString() }, 201);
  });
}
