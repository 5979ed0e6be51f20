import { describe, expect, test } from 'vitest';
import { type App, startApp } from '../../src/app.ts';
import { openLog } from '../../src/log.ts';
import { freshDatabase } from '../support/desk.ts';
import { ADMIN_TOKEN, testConfig } from '../support/http.ts';

type Line = { level: number; msg: string; request_id?: string; status?: number; err?: { message: string } };
type Logged = AsyncDisposable & {
  app: App;
  lines: Line[];
  text(): string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
};

/** A gateway whose log is kept. */
async function startLogged(level: string): Promise<Logged> {
  await using opening = new AsyncDisposableStack();
  const { url: databaseUrl } = opening.use(await freshDatabase('sqlite'));
  const written: string[] = [];
  const log = openLog(level, { write: (line: string) => void written.push(line) });
  const app = opening.use(await startApp(testConfig({ databaseUrl }), log));
  const opened = opening.move();
  return {
    app,
    get lines() {
      return written.map((line) => JSON.parse(line) as Line);
    },
    text: () => written.join(''),
    call: (method, path, body, headers = {}) =>
      fetch(app.url + path, {
        method,
        headers: {
          authorization: `Bearer ${ADMIN_TOKEN}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

describe('a request id', () => {
  test('stands in every answer, and in the body of a problem too', async () => {
    await using gateway = await startLogged('silent');

    const answers = await Promise.all(
      ['/healthz', '/api/v1/operators', '/nowhere', '/', '/openapi.json', '/docs'].map((path) =>
        gateway.call('GET', path),
      ),
    );
    const refused = await gateway.call('POST', '/api/v1/contacts', {});

    const ids = [...answers, refused].map((answer) => answer.headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(7);
    for (const id of ids) expect(id).toMatch(/^[\w-]{36}$/);
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ request_id: ids.at(-1) });
  });

  test('is the caller’s own where it is a plain word, and none of its inventions otherwise', async () => {
    await using gateway = await startLogged('silent');
    const answered = async (given: string): Promise<string | null> =>
      (await gateway.call('GET', '/healthz', undefined, { 'x-request-id': given })).headers.get(
        'x-request-id',
      );

    expect(await answered('Call_7-of-9')).toBe('Call_7-of-9');
    expect(await answered('x'.repeat(64))).toBe('x'.repeat(64));
    for (const given of ['x'.repeat(65), 'two words', 'one,two', '<script>', '{"a":1}', 'é'])
      expect(await answered(given)).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the log', () => {
  test('has at the level debug one line for each request, by its route, with nothing that was said in it', async () => {
    await using gateway = await startLogged('debug');
    const { id } = (await (
      await gateway.call('POST', '/api/v1/sources', { name: 'Canary-name', code: 'site' })
    ).json()) as { id: number };
    const body = { external_id: 'canary-lead', source_id: id, text: 'canary-words' };

    const answer = await gateway.call('POST', '/api/v1/contacts', body, {
      'idempotency-key': 'canary-key',
    });
    await gateway.call('GET', '/api/v1/contacts?q=canary-query');
    await gateway.call('GET', '/canary-path');

    const lines = gateway.lines.filter(({ msg }) => msg === 'answered');
    expect(lines).toMatchObject([
      { level: 20, method: 'POST', route: '/sources', status: 201 },
      {
        method: 'POST',
        route: '/contacts',
        status: 201,
        ms: expect.any(Number),
        request_id: answer.headers.get('x-request-id'),
      },
      { method: 'GET', route: '/contacts', status: 200 },
      { method: 'GET', route: 'other', status: 404 },
    ]);
    expect(gateway.text().toLowerCase()).not.toContain('canary');
    expect(gateway.text()).not.toContain(ADMIN_TOKEN);
  });

  test('has no line of a request at the level info', async () => {
    await using gateway = await startLogged('info');

    await gateway.call('GET', '/api/v1/operators');
    await gateway.call('GET', '/nowhere');

    expect(gateway.lines.filter((line) => 'status' in line)).toEqual([]);
  });

  test('has what went wrong here once, with its reason and the id that the caller was told', async () => {
    await using gateway = await startLogged('info');
    // A table that is not there any more is nothing that would pass.
    await gateway.app.desk.store.write((tx) => tx.em.execute('alter table operator rename to someone'));

    const answer = await gateway.call('GET', '/api/v1/operators');

    const told = (await answer.json()) as { request_id: string };
    expect([answer.status, Object.keys(told).toSorted()]).toEqual([
      500,
      ['code', 'request_id', 'status', 'title', 'type'],
    ]);
    expect(gateway.lines.filter(({ status }) => status !== undefined)).toMatchObject([
      {
        level: 50,
        msg: 'a request failed',
        request_id: told.request_id,
        method: 'GET',
        route: '/operators',
        status: 500,
        err: { message: expect.stringContaining('operator') },
      },
    ]);
  });
});
