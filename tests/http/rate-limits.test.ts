import { describe, expect, test } from 'vitest';
import { callApi } from '../support/call-api.ts';
import { databases } from '../support/desk.ts';
import { madeSource, startTestApp, type TestApp } from '../support/http.ts';

async function tokenOf(app: TestApp, body: object): Promise<string> {
  const { json } = await app.admin<{ token: string }>('POST', '/tokens', { body: { name: 't', ...body } });
  return json.token;
}

/** Asks until it is told to wait, and answers how often it was heard before, and the refusal. */
async function askUntilRefused(ask: () => Promise<Response>, most = 20) {
  for (let heard = 0; heard < most; heard++) {
    const answer = await ask();
    if (answer.status === 429) return { heard, answer };
  }
  throw new Error(`${most} were heard`);
}

describe.each(databases)('on %s', (database) => {
  test('a token is heard as often as it may be, and told when to come back', async () => {
    await using app = await startTestApp(database);
    // Counted in tens of seconds: 18 a minute are 3.
    const token = await tokenOf(app, { rate_limit: 18 });
    const other = await tokenOf(app, { rate_limit: 18 });
    const ask = (secret: string) => callApi(app.url, 'GET', '/session', { token: secret });

    const { heard, answer } = await askUntilRefused(() => ask(token));

    expect(heard).toBe(3);
    expect(await answer.json()).toMatchObject({ code: 'too-many-requests', status: 429 });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(10);
    expect((await ask(other)).status).toBe(200);
    expect((await app.admin('GET', '/session')).status).toBe(200);
  });

  test('a webhook is heard as often as its source may be, and a stranger cannot use that up', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app, { kind: 'webhook', webhook: { rate_limit: 12 } });
    const post = (secret: string, id: string) =>
      fetch(`${app.url}/hooks/${source.code}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: JSON.stringify({ external_id: 'ann', text: 'hello', id }),
      });

    for (let n = 0; n < 5; n++) expect((await post('wrong', 'x')).status).toBe(401);
    let sent = 0;
    const { heard } = await askUntilRefused(() => post(source.webhook!.secret, `m${++sent}`));

    expect(heard).toBe(2);
    const body = { webhook: { rate_limit: null } };
    expect((await app.admin('PATCH', `/sources/${source.id}`, { body })).status).toBe(200);
    expect((await post(source.webhook!.secret, 'later')).status).toBe(202);
  });
});

test.each([0, -1, 1.5, 6_000_001])('%s requests a minute are refused', async (limit) => {
  await using app = await startTestApp('sqlite');

  const answer = await app.admin('POST', '/tokens', { body: { name: 't', rate_limit: limit } });

  expect(answer.status).toBe(422);
});
