import { createRoute } from '@hono/zod-openapi';
import { Contact, ContactAssign, ContactClose, ContactDecline, ContactReopen } from '../contract/contact.ts';
import { acceptContact } from '../desk/accept-contact.ts';
import { assignContact } from '../desk/assign-contact.ts';
import { closeContact } from '../desk/close-contact.ts';
import { declineContact } from '../desk/decline-contact.ts';
import { releaseContact } from '../desk/release-contact.ts';
import { reopenContact } from '../desk/reopen-contact.ts';
import { takeContact } from '../desk/take-contact.ts';
import { body, bodyProblems, json, NoFields, optionalBody, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { ContactPath } from './parameters.ts';
import { addRoute } from './route.ts';

const tags = ['Contacts'];
const moved = json(Contact, 'The contact as it stands now');

const closeOne = createRoute({
  method: 'put',
  path: '/contacts/{id}/close',
  operationId: 'closeContact',
  summary: 'Close a contact; its seat goes to the queue',
  tags,
  request: { params: ContactPath, body: optionalBody(ContactClose) },
  responses: { 200: moved, ...problems(...bodyProblems, 403, 404) },
});
const reopenOne = createRoute({
  method: 'post',
  path: '/contacts/{id}/reopen',
  operationId: 'reopenContact',
  summary: 'Reopen a closed contact, for one operator or by the return policy of its source',
  tags,
  request: { params: ContactPath, body: optionalBody(ContactReopen) },
  responses: { 200: moved, ...problems(...bodyProblems, 403, 404, 409) },
});
const assignOne = createRoute({
  method: 'post',
  path: '/contacts/{id}/assign',
  operationId: 'assignContact',
  summary: 'Give a contact to an operator',
  tags,
  request: { params: ContactPath, body: body(ContactAssign) },
  responses: { 200: moved, ...problems(...bodyProblems, 403, 404, 409) },
});
const takeOne = createRoute({
  method: 'post',
  path: '/contacts/{id}/take',
  operationId: 'takeContact',
  summary: 'Take a waiting contact',
  tags,
  request: { params: ContactPath, body: optionalBody(NoFields) },
  responses: { 200: moved, ...problems(...bodyProblems, 403, 404, 409) },
});
const releaseOne = createRoute({
  method: 'post',
  path: '/contacts/{id}/release',
  operationId: 'releaseContact',
  summary: 'Put a contact back into the queue; it keeps its age',
  tags,
  request: { params: ContactPath, body: optionalBody(NoFields) },
  responses: { 200: moved, ...problems(...bodyProblems, 403, 404, 409) },
});

const acceptOne = createRoute({
  method: 'post',
  path: '/contacts/{id}/accept',
  operationId: 'acceptContact',
  summary: 'Accept what is offered to you',
  tags,
  request: { params: ContactPath, body: optionalBody(NoFields) },
  responses: { 200: moved, ...problems(...bodyProblems, 403, 404, 409) },
});
const declineOne = createRoute({
  method: 'post',
  path: '/contacts/{id}/decline',
  operationId: 'declineContact',
  summary: 'Pass on what is offered to you; routing does not offer it to you again',
  tags,
  request: { params: ContactPath, body: optionalBody(ContactDecline) },
  responses: { 200: moved, ...problems(...bodyProblems, 403, 404, 409) },
});

export function addContactMoveRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, acceptOne, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await acceptContact(desk, c.get('actor'), id), 200);
  });
  addRoute(api, declineOne, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await declineContact(desk, c.get('actor'), id, c.req.valid('json')), 200);
  });
  addRoute(
    api,
    closeOne,
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(await closeContact(desk, c.get('actor'), id, c.req.valid('json')), 200);
    },
    'post',
  );
  addRoute(api, reopenOne, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await reopenContact(desk, c.get('actor'), id, c.req.valid('json')), 200);
  });
  addRoute(api, assignOne, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await assignContact(desk, c.get('actor'), id, c.req.valid('json')), 200);
  });
  addRoute(api, takeOne, async (c) =>
    c.json(await takeContact(desk, c.get('actor'), c.req.valid('param').id), 200),
  );
  addRoute(api, releaseOne, async (c) =>
    c.json(await releaseContact(desk, c.get('actor'), c.req.valid('param').id), 200),
  );
}
