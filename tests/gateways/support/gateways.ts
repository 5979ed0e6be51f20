import { expect } from 'vitest';
import { callApi } from '../../support/call-api.ts';
import type { TestDatabase } from '../../support/desk.ts';
import { SECRET_KEY, type Started, startGateway } from '../../support/gateway.ts';

export const ADMIN_TOKEN = 'fleet-fleet-fleet-fleet-fleet-fleet';

/** What gateways that share a database are started with. */
export function settingsOf(
  database: TestDatabase,
  api: { url: string } | null = null,
): Record<string, string> {
  return {
    DATABASE_URL: database.url,
    ADMIN_TOKEN,
    SECRET_KEY,
    LOG_LEVEL: 'info',
    ...(api !== null && { TELEGRAM_API_ROOT: api.url }),
  };
}

/** So many gateways at once on one database. */
export async function startGateways(
  count: number,
  env: Record<string, string>,
): Promise<AsyncDisposable & { all: Started[] }> {
  await using opening = new AsyncDisposableStack();
  const starting = Array.from({ length: count }, () => startGateway(env));
  opening.defer(async () => {
    // Those too that have started beside one that has failed.
    const begun = await Promise.allSettled(starting);
    await Promise.all(
      begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value[Symbol.asyncDispose]()] : [])),
    );
  });
  const all = await Promise.all(starting);
  const opened = opening.move();
  return { all, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

export type Answer = { status: number; body: Record<string, unknown> };

/** One call of the REST API by the admin, or by whoever the token is of. */
export async function call(
  gateway: Pick<Started, 'url'>,
  method: string,
  path: string,
  { body, token = ADMIN_TOKEN }: { body?: unknown; token?: string } = {},
): Promise<Answer> {
  const response = await callApi(gateway.url, method, path, { token, body });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

/** The same where nothing but success makes sense. */
export async function mustCall(...args: Parameters<typeof call>): Promise<Record<string, unknown>> {
  const { status, body } = await call(...args);
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
}
