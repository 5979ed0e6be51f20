import { createRoute } from '@hono/zod-openapi';
import { TrailPage } from '../contract/contact.ts';
import { DecisionPage } from '../contract/decision.ts';
import { Message, MessageCreate, MessagePage, MessageQuery } from '../contract/message.ts';
import { PageQuery } from '../contract/page.ts';
import { listDecisions, listTrail } from '../desk/contact-history.ts';
import { listMessages } from '../desk/messages.ts';
import { writeMessage } from '../desk/write-message.ts';
import { body, bodyProblems, json, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { ContactPath } from './parameters.ts';
import { addRoute } from './route.ts';

const tags = ['Contacts'];

const decisions = createRoute({
  method: 'get',
  path: '/contacts/{id}/decisions',
  operationId: 'listDecisions',
  summary: 'Why it went to whom: every decision, newest first',
  tags,
  request: { params: ContactPath, query: PageQuery },
  responses: { 200: json(DecisionPage, 'Decisions'), ...problems(401, 403, 404, 422) },
});
const trail = createRoute({
  method: 'get',
  path: '/contacts/{id}/events',
  operationId: 'listTrail',
  summary: 'Every move of a contact with actor and reason',
  tags,
  request: { params: ContactPath, query: PageQuery },
  responses: { 200: json(TrailPage, 'Moves'), ...problems(401, 403, 404, 422) },
});
const messages = createRoute({
  method: 'get',
  path: '/contacts/{id}/messages',
  operationId: 'listMessages',
  summary: 'What was said, newest first',
  tags,
  request: { params: ContactPath, query: MessageQuery },
  responses: { 200: json(MessagePage, 'Messages'), ...problems(401, 403, 404, 422) },
});
const writeOne = createRoute({
  method: 'post',
  path: '/contacts/{id}/messages',
  operationId: 'writeMessage',
  summary: 'Reply to the lead, or leave a note for the team',
  tags,
  request: { params: ContactPath, body: body(MessageCreate) },
  responses: {
    201: json(Message, 'The message'),
    200: json(Message, 'The message that the same client_id wrote before'),
    ...problems(...bodyProblems, 403, 404, 409),
  },
});

export function addContactHistoryRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, decisions, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await listDecisions(desk, c.get('actor'), id, c.req.valid('query')), 200);
  });
  addRoute(api, trail, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await listTrail(desk, c.get('actor'), id, c.req.valid('query')), 200);
  });
  addRoute(api, messages, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await listMessages(desk, c.get('actor'), id, c.req.valid('query')), 200);
  });
  addRoute(api, writeOne, async (c) => {
    const { id } = c.req.valid('param');
    const { message, created } = await writeMessage(desk, c.get('actor'), id, c.req.valid('json'));
    return c.json(message, created ? 201 : 200);
  });
}
