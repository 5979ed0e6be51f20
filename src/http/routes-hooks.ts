import { createRoute, type RouteConfig, z } from '@hono/zod-openapi';
import { HookAccepted, HookMessage } from '../contract/hook.ts';
import { SourceCode } from '../contract/source.ts';
import { type Channel, findChannel } from '../desk/channels.ts';
import { Problem } from '../problem.ts';
import { isSameSecret } from '../desk/same-secret.ts';
import { json, problems } from './answers.ts';
import type { Api, RequestContext } from './api.ts';
import { readBytes } from './body.ts';
import type { Gateway } from './gateway.ts';
import { SourceCodePath } from './parameters.ts';

const tags = ['Messages coming in'];

const hook = createRoute({
  method: 'post',
  path: '/hooks/{source_code}',
  operationId: 'receiveHook',
  summary: 'A message from any system; by its id it counts once, however often it comes',
  description:
    'By the setting of the source: `Authorization: Bearer <secret>`, or the headers of Standard Webhooks. ' +
    'Fields that are not known are ignored. `language` is a tag like `en` or `pt-BR`: a new lead is greeted in it.',
  tags,
  security: [{ bearer: [] }, { standardWebhooks: [] }],
  request: {
    params: SourceCodePath,
    body: {
      required: true,
      content: {
        'application/json': { schema: HookMessage },
        'application/x-www-form-urlencoded': { schema: HookMessage },
        'multipart/form-data': { schema: HookMessage },
      },
    },
  },
  responses: {
    202: json(HookAccepted, 'The message is committed'),
    ...problems(400, 401, 404, 413, 415, 422, 503),
  },
});
const update = createRoute({
  method: 'post',
  path: '/telegram/{source_code}',
  operationId: 'receiveTelegramUpdate',
  summary: 'An update, from Telegram itself',
  tags,
  security: [{ telegramSecret: [] }],
  request: {
    params: SourceCodePath,
    body: { required: true, content: { 'application/json': { schema: z.looseObject({}) } } },
  },
  responses: {
    200: { description: 'The update is committed; the body is empty' },
    ...problems(400, 401, 404, 413, 503),
  },
});

/** The doors of channels. They prove themselves in their own ways, and what they bring is not held to our schemas. */
export function addHookRoutes(api: Api, { desk, bots }: Gateway): void {
  addDoor(api, hook, async (c) => {
    const channel = await channelOf(c);
    if (channel?.webhook == null) throw new Problem('not-found');
    const { headers } = c.req.raw;
    const contentType = headers.get('content-type');
    const rawBody = await readBytes(c);
    // Looked for once more: while the body came in, the secret may have been replaced.
    return c.json(await bots.receiveHook(await channelOf(c), { headers, rawBody, contentType }), 202);
  });
  addDoor(api, update, async (c) => {
    const channel = await channelOf(c);
    if (channel?.telegram == null) throw new Problem('not-found');
    const shown = c.req.header('x-telegram-bot-api-secret-token') ?? '';
    if (!isSameSecret(shown, channel.telegram.webhookSecret)) throw new Problem('unauthorized');
    await bots.receiveUpdate(channel, parse(await readBytes(c)));
    return c.body(null, 200);
  });

  /** A code that no source can have is nobody's: it does not reach the database. */
  async function channelOf(c: RequestContext): Promise<Channel | null> {
    const code = SourceCode.safeParse(c.req.param('source_code'));
    return code.success ? findChannel(desk, { code: code.data }) : null;
  }
}

function addDoor(api: Api, route: RouteConfig, handler: (c: RequestContext) => Promise<Response>): void {
  api.openAPIRegistry.registerPath(route);
  api.on(route.method, route.path.replace('{source_code}', ':source_code'), (c) => {
    c.set('route', route.path);
    return handler(c);
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Problem('bad-json');
  }
}
