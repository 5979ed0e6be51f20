import { createRoute, z } from '@hono/zod-openapi';
import {
  Contact,
  ContactCreate,
  ContactPage,
  ContactQuery,
  IdempotencyKey,
  OpenedContact,
} from '../contract/contact.ts';
import { getContact, listContacts } from '../desk/contacts.ts';
import { openContact } from '../desk/open-contact.ts';
import { body, bodyProblems, json, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { ContactPath } from './parameters.ts';
import { addRoute } from './route.ts';

const tags = ['Contacts'];

const openOne = createRoute({
  method: 'post',
  path: '/contacts',
  operationId: 'openContact',
  summary: 'Open a contact of a lead and give it to an operator',
  tags,
  request: {
    headers: z.object({ 'idempotency-key': IdempotencyKey.optional() }),
    body: body(ContactCreate),
  },
  responses: {
    201: json(OpenedContact, 'The contact; it waits when nobody is eligible'),
    200: json(OpenedContact, 'The contact that the same key and body opened before'),
    ...problems(...bodyProblems, 403, 404, 409, 503),
  },
});
const listAll = createRoute({
  method: 'get',
  path: '/contacts',
  operationId: 'listContacts',
  summary: 'The contacts you may see, newest first',
  tags,
  request: { query: ContactQuery },
  responses: { 200: json(ContactPage, 'Contacts'), ...problems(401, 403, 422) },
});
const getOne = createRoute({
  method: 'get',
  path: '/contacts/{id}',
  operationId: 'getContact',
  summary: 'One contact',
  tags,
  request: { params: ContactPath },
  responses: { 200: json(Contact, 'The contact'), ...problems(401, 403, 404, 422) },
});

export function addContactRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, openOne, async (c) => {
    const key = c.req.valid('header')['idempotency-key'] ?? null;
    const { contact, created } = await openContact(desk, c.get('actor'), c.req.valid('json'), key);
    return c.json(contact, created ? 201 : 200);
  });
  addRoute(api, listAll, async (c) =>
    c.json(await listContacts(desk, c.get('actor'), c.req.valid('query')), 200),
  );
  addRoute(api, getOne, async (c) =>
    c.json(await getContact(desk, c.get('actor'), c.req.valid('param').id), 200),
  );
}
