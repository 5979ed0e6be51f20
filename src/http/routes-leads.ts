import { createRoute } from '@hono/zod-openapi';
import { Lead, LeadDetails, LeadMerge, LeadPage, LeadQuery, LeadUpdate } from '../contract/lead.ts';
import { getLead, listLeads } from '../desk/leads.ts';
import { mergeLeads } from '../desk/merge-leads.ts';
import { updateLead } from '../desk/update-lead.ts';
import { body, bodyProblems, json, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { LeadPath } from './parameters.ts';
import { addRoute } from './route.ts';

const tags = ['Leads'];

const listAll = createRoute({
  method: 'get',
  path: '/leads',
  operationId: 'listLeads',
  summary: 'The leads of the contacts you may see',
  tags,
  request: { query: LeadQuery },
  responses: { 200: json(LeadPage, 'Leads, newest first'), ...problems(401, 403, 422) },
});
const getOne = createRoute({
  method: 'get',
  path: '/leads/{id}',
  operationId: 'getLead',
  summary: 'One lead with its contacts',
  tags,
  request: { params: LeadPath },
  responses: { 200: json(LeadDetails, 'The lead'), ...problems(401, 403, 404, 422) },
});
const updateOne = createRoute({
  method: 'patch',
  path: '/leads/{id}',
  operationId: 'updateLead',
  summary: 'Correct a lead',
  tags,
  request: { params: LeadPath, body: body(LeadUpdate) },
  responses: { 200: json(Lead, 'The lead'), ...problems(...bodyProblems, 403, 404, 409) },
});
const mergeOne = createRoute({
  method: 'post',
  path: '/leads/{id}/merge',
  operationId: 'mergeLeads',
  summary: 'Join this lead into another: they are one person',
  tags,
  request: { params: LeadPath, body: body(LeadMerge) },
  responses: { 200: json(Lead, 'The lead that stays'), ...problems(...bodyProblems, 403, 404) },
});

export function addLeadRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, listAll, async (c) =>
    c.json(await listLeads(desk, c.get('actor'), c.req.valid('query')), 200),
  );
  addRoute(api, getOne, async (c) =>
    c.json(await getLead(desk, c.get('actor'), c.req.valid('param').id), 200),
  );
  addRoute(api, updateOne, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await updateLead(desk, c.get('actor'), id, c.req.valid('json')), 200);
  });
  addRoute(api, mergeOne, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await mergeLeads(desk, c.get('actor'), id, c.req.valid('json')), 200);
  });
}
