import { createRoute } from '@hono/zod-openapi';
import { LeadExport } from '../contract/lead-export.ts';
import { eraseLead } from '../desk/erase-lead.ts';
import { exportLead } from '../desk/export-lead.ts';
import { authorizeAny } from '../desk/policy.ts';
import { json, noContent, problems } from './answers.ts';
import type { Api } from './api.ts';
import { attachment, isHead, streamOf } from './attachment.ts';
import type { Gateway } from './gateway.ts';
import { LeadPath } from './parameters.ts';
import { addRoute } from './route.ts';

const tags = ['Leads'];

const exportOne = createRoute({
  method: 'get',
  path: '/leads/{id}/export',
  operationId: 'exportLead',
  summary: 'Everything that is kept of a lead, as a file',
  tags,
  request: { params: LeadPath },
  responses: { 200: json(LeadExport, 'The file'), ...problems(401, 403, 404, 422) },
});
const eraseOne = createRoute({
  method: 'delete',
  path: '/leads/{id}',
  operationId: 'eraseLead',
  summary: 'Erase a lead: who it was and all that was said',
  description:
    'Its open contacts close as `erased`; contacts and decisions stay as numbers. ' +
    'Erasing it again answers the same and changes nothing.',
  tags,
  request: { params: LeadPath },
  responses: { 204: noContent, ...problems(401, 403, 404, 422) },
});

export function addLeadPrivacyRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, exportOne, async (c) => {
    const { id } = c.req.valid('param');
    const headers = attachment('application/json', `leadgate-lead-${id}.json`);
    // JSON as the document says, but never one value in memory: no type tells that.
    if (isHead(c)) {
      authorizeAny(c.get('actor'), 'lead.export');
      return c.newResponse(null, 200, headers) as never;
    }
    const pieces = await exportLead(desk, c.get('actor'), id);
    return c.newResponse(streamOf(pieces), 200, headers) as never;
  });
  addRoute(api, eraseOne, async (c) => {
    await eraseLead(desk, c.get('actor'), c.req.valid('param').id);
    return c.body(null, 204);
  });
}
