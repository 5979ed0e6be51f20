import manifest from '../../package.json' with { type: 'json' };
import type { Api } from './api.ts';

const description = `Gateway between chat bots and operators.

Ids are positive integers, moments are UTC in ISO 8601, names are snake_case. Lists answer \`items\` and
\`next_cursor\`; hand that to \`cursor\` for the next page. Fields that are not named here are refused.
Errors are problems (RFC 9457): read \`code\`, not \`title\`. Any call may also be told 429 (too many requests) or 503
(it cannot be committed now), with \`Retry-After\`.`;

/** The OpenAPI 3.1 document of everything that was added to the routes. */
export function describeApi(api: Api): ReturnType<Api['getOpenAPI31Document']> {
  const { openAPIRegistry: registry } = api;
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  registry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-leadgate',
    description: 'The session of a browser, `leadgate` where the way is not encrypted',
  });
  registry.registerComponent('securitySchemes', 'standardWebhooks', {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description: 'Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature',
  });
  registry.registerComponent('securitySchemes', 'telegramSecret', {
    type: 'apiKey',
    in: 'header',
    name: 'X-Telegram-Bot-Api-Secret-Token',
  });
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Leadgate',
      version: manifest.version,
      description,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { cookie: [] }],
  });
}
