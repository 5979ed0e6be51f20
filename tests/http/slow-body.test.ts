import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { databases } from '../support/desk.ts';
import { ADMIN_TOKEN, startTestApp } from '../support/http.ts';

describe.each(databases)('on %s', (database) => {
  test('a token that is revoked while its body is on the way does nothing more', async () => {
    await using app = await startTestApp(database);
    const { json } = await app.admin<{ id: number; token: string }>('POST', '/tokens', {
      body: { name: 't' },
    });
    const body = JSON.stringify({ name: 'Mallory', role: 'admin' });
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /api/v1/operators HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer ${json.token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    // The token's use is noted when its request has been looked at.
    await expect
      .poll(async () => {
        const { json: list } = await app.admin<{ items: { last_used_at: string | null }[] }>(
          'GET',
          '/tokens',
        );
        return list.items[0]!.last_used_at;
      })
      .not.toBeNull();

    await app.admin('DELETE', `/tokens/${json.id}`);
    socket.write(body.slice(10));
    let answer = '';
    for await (const part of socket) answer += String(part);

    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect((await app.admin<{ items: unknown[] }>('GET', '/operators')).json.items).toEqual([]);
  });
});

test('who has not said who it is has 16 KiB to do so', async () => {
  await using app = await startTestApp('sqlite');
  const stranger = app.as(null);
  const body = (length: number) => ({ email: 'ann@example.com', password: 'x'.repeat(length) });

  expect((await stranger('POST', '/session', { body: body(500) })).status).toBe(401);
  expect((await stranger('POST', '/session', { body: body(17_000) })).status).toBe(413);
});

test('asking for the headers of an export takes nothing out, and is for admins', async () => {
  await using app = await startTestApp('sqlite');
  const { json } = await app.admin<{ token: string }>('POST', '/tokens', {
    body: { name: 'x', scope: 'ingest' },
  });
  const head = (token: string, path: string) =>
    fetch(`${app.url}/api/v1${path}`, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } });
  const taken = async () =>
    (await app.admin<{ items: unknown[] }>('GET', '/audit?action=audit.exported')).json.items.length;

  const answer = await head(ADMIN_TOKEN, '/audit.csv');

  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(await taken()).toBe(0);
  expect((await head(json.token, '/audit.csv')).status).toBe(403);
  expect((await head(json.token, '/leads/1/export')).status).toBe(403);
});
