import { expect } from 'vitest';
import type { TestDatabase } from '../../support/desk.ts';
import { type Started, startGateway } from '../../support/gateway.ts';

export const ADMIN_TOKEN = 'fleet-fleet-fleet-fleet-fleet-fleet';

/** What gateways that share a database are started with. */
export function settingsOf(
  database: TestDatabase,
  api: { url: string } | null = null,
): Record<string, string> {
  return {
    DATABASE_URL: database.url,
    ADMIN_TOKEN,
    SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    LOG_LEVEL: 'info',
    ...(api !== null && { TELEGRAM_API_ROOT: api.url }),
  };
}

/** So many gateways at once on one database. */
export async function startGateways(
  count: number,
  env: Record<string, string>,
): Promise<AsyncDisposable & { all: Started[] }> {
  const all = await Promise.all(Array.from({ length: count }, () => startGateway(env)));
  return {
    all,
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((gateway) => gateway[Symbol.asyncDispose]()));
    },
  };
}

export type Answer = { status: number; body: Record<string, unknown> };

/** One call of the REST API by the admin, or by whoever the token is of. */
export async function call(
  gateway: Pick<Started, 'url'>,
  method: string,
  path: string,
  {
    body,
    token = ADMIN_TOKEN,
    headers = {},
  }: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${gateway.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

/** The same where nothing but success makes sense. */
export async function mustCall(...args: Parameters<typeof call>): Promise<Record<string, unknown>> {
  const { status, body } = await call(...args);
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
}
