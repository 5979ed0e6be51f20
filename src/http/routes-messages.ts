import { createRoute } from '@hono/zod-openapi';
import { Message } from '../contract/message.ts';
import { retryMessage } from '../desk/retry-message.ts';
import { bodyProblems, json, NoFields, optionalBody, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { MessagePath } from './parameters.ts';
import { addRoute } from './route.ts';

const retryOne = createRoute({
  method: 'post',
  path: '/messages/{id}/retry',
  operationId: 'retryMessage',
  summary: 'Send a reply or a greeting once more that has failed, or that may not have arrived',
  description:
    'It goes to the end of its chat and is `queued` again; where there is still no way out it has `failed` again. ' +
    'A second try of the same message while the first is on its way is refused (409 `not-retryable`).',
  tags: ['Contacts'],
  request: { params: MessagePath, body: optionalBody(NoFields) },
  responses: {
    200: json(Message, 'The message as it stands now'),
    ...problems(...bodyProblems, 403, 404, 409),
  },
});

export function addMessageRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, retryOne, async (c) =>
    c.json(await retryMessage(desk, c.get('actor'), c.req.valid('param').id), 200),
  );
}
