import { createRoute, z } from '@hono/zod-openapi';
import { type AuditEntry, AuditFilter, AuditPage, AuditQuery } from '../contract/audit.ts';
import { exportAudit, listAudit } from '../desk/audit-page.ts';
import { authorizeAny } from '../desk/policy.ts';
import { json, problems } from './answers.ts';
import type { Api } from './api.ts';
import { attachment, isHead, streamOf } from './attachment.ts';
import { csvLine } from './csv.ts';
import type { Gateway } from './gateway.ts';
import { addRoute } from './route.ts';

const tags = ['Audit'];
const description =
  'An `action` without a dot stands for all of its family: `operator` for `operator.created`, `operator.changed` and so on. ' +
  '`from` and `to` are half-open.';

const listAll = createRoute({
  method: 'get',
  path: '/audit',
  operationId: 'listAudit',
  summary: 'What was changed, by whom and from where, newest first',
  description,
  tags,
  request: { query: AuditQuery },
  responses: { 200: json(AuditPage, 'Entries of the log'), ...problems(401, 403, 422) },
});
const exportAll = createRoute({
  method: 'get',
  path: '/audit.csv',
  operationId: 'exportAudit',
  summary: 'All that fits, as a file; that it was taken is noted in the log',
  description: `${description} A cell that a spreadsheet would take for a formula begins with \`'\`.`,
  tags,
  request: { query: AuditFilter },
  responses: {
    200: { description: 'The file (RFC 4180)', content: { 'text/csv': { schema: z.string() } } },
    ...problems(401, 403, 422),
  },
});

export function addAuditRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, listAll, async (c) =>
    c.json(await listAudit(desk, c.get('actor'), c.req.valid('query')), 200),
  );
  addRoute(api, exportAll, async (c) => {
    const day = desk.clock.now().toISOString().slice(0, 10);
    const headers = attachment('text/csv; charset=utf-8', `leadgate-audit-${day}.csv`);
    if (isHead(c)) {
      authorizeAny(c.get('actor'), 'audit.see');
      return c.body(null, 200, headers);
    }
    const pieces = await exportAudit(desk, c.get('actor'), c.req.valid('query'));
    return c.body(streamOf(csvOf(pieces)), 200, headers);
  });
}

const COLUMNS = [
  'id',
  'at',
  'actor',
  'credential',
  'address',
  'action',
  'subject',
  'before',
  'after',
] as const;

async function* csvOf(pieces: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const piece of pieces) yield piece.map((entry) => csvLine(cellsOf(entry))).join('');
}

function cellsOf({ before, after, ...entry }: AuditEntry): (string | number | null)[] {
  const { id, at, actor, credential, address, action, subject } = entry;
  return [id, at, actor, credential, address, action, subject, written(before), written(after)];
}

function written(value: unknown): string | null {
  // A spreadsheet that splits at semicolons shall find no formula in a value.
  return value === null ? null : JSON.stringify(value).replaceAll(';', '\\u003b');
}
