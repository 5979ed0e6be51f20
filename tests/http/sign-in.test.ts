import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { issueSetupCode } from '../../src/desk/setup.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { databases } from '../support/desk.ts';
import { type Answer, madeOperator, startTestApp, type TestApp } from '../support/http.ts';
import { browserWith, cookieOf, invited, PASSWORD, signedIn, signIn } from './support/sign-in.ts';

/** An address of the internet, as a trusted proxy would report it. */
const from = (address: string) => ({ 'x-forwarded-for': address });

function statusOf(app: TestApp, cookie: string): Promise<number> {
  return browserWith(app, cookie)('GET', '/session').then(({ status }) => status);
}

describe.each(databases)('on %s', (database) => {
  test('the first admin makes itself with the printed code, and is signed in', async () => {
    await using app = await startTestApp(database);
    const code = await issueSetupCode(app.app.desk);
    const body = { code, name: 'Ann', email: 'Ann@Example.com', password: PASSWORD };

    const before = await app.as(null)('GET', '/setup');
    const made = await app.as(null)('POST', '/setup', { body });
    const after = await app.as(null)('GET', '/setup');
    const again = await app.as(null)('POST', '/setup', { body });

    expect([before.json, after.json]).toEqual([{ open: true }, { open: false }]);
    expect([made.status, again.status]).toEqual([201, 410]);
    const me = await browserWith(app, cookieOf(made))('GET', '/session');
    expect(me.json).toMatchObject({ role: 'admin', operator: { email: 'ann@example.com' } });
    expect((await signIn(app, 'ANN@example.com')).status).toBe(200);
  });

  test('a password opens a session that acts as its operator, and a wrong one does not', async () => {
    await using app = await startTestApp(database);
    const { email } = await signedIn(app, await madeOperator(app, { name: 'Ann' }));

    const answers = [
      await signIn(app, email),
      await signIn(app, email, 'not that one'),
      await signIn(app, 'nobody@example.com'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401]);
    expect(answers[0]!.json).toMatchObject({
      role: 'operator',
      operator: { name: 'Ann', email },
      demo: false,
    });
    const [wrong, unknown] = answers.slice(1).map(({ json }) => ({ ...(json as object), request_id: '' }));
    expect(wrong).toEqual(unknown);
    expect(await statusOf(app, cookieOf(answers[0]!))).toBe(200);
  });

  test('whoever signs in gets a session of its own, and the one that the browser held ends', async () => {
    await using app = await startTestApp(database);
    const mallory = await signedIn(app, await madeOperator(app));
    const ann = await signedIn(app, await madeOperator(app));

    // The browser of the victim holds what somebody else has put there.
    const answer = await signIn(app, ann.email, PASSWORD, mallory.cookie);
    const invented = await signIn(app, ann.email, PASSWORD, 'leadgate=invented');

    expect(cookieOf(answer)).not.toBe(mallory.cookie);
    expect(cookieOf(invented)).not.toBe('leadgate=invented');
    expect(await statusOf(app, mallory.cookie)).toBe(401);
    expect(await statusOf(app, 'leadgate=invented')).toBe(401);
    expect((await browserWith(app, cookieOf(answer))('GET', '/session')).json).toMatchObject({
      operator: { email: ann.email },
    });
  });

  test('another password ends every session, also the one in which it was set', async () => {
    await using app = await startTestApp(database);
    const ann = await signedIn(app, await madeOperator(app));
    const elsewhere = cookieOf(await signIn(app, ann.email));
    const link = await invited(
      app,
      (await ann.client<{ operator: { id: number } }>('GET', '/session')).json.operator.id,
    );
    const change = (current_password: string, new_password: string): Promise<Answer> =>
      ann.client('PUT', '/session/password', { body: { current_password, new_password } });

    const wrong = await change('not that one', 'seven grey pebbles');
    const common = await change(PASSWORD, 'password1234');
    const changed = await change(PASSWORD, 'seven grey pebbles');

    expect(
      [wrong, common].map(({ status, json }) => [
        status,
        (json as { errors: { path: string }[] }).errors[0]!.path,
      ]),
    ).toEqual([
      [422, 'current_password'],
      [422, 'new_password'],
    ]);
    expect(changed.status).toBe(200);
    expect(await statusOf(app, ann.cookie)).toBe(401);
    expect(await statusOf(app, elsewhere)).toBe(401);
    expect(await statusOf(app, cookieOf(changed))).toBe(200);
    expect((await app.as(null)('POST', '/invite/look', { body: { code: link } })).status).toBe(401);
    expect([
      (await signIn(app, ann.email)).status,
      (await signIn(app, ann.email, 'seven grey pebbles')).status,
    ]).toEqual([401, 200]);
  });

  test('a taken invite ends every session and link of its operator, and no password is told twice', async () => {
    await using app = await startTestApp(database);
    const operator = await madeOperator(app, { email: 'ann@example.com' });
    const before = await signedIn(app, operator);
    const code = await invited(app, operator.id);
    const body = { code, password: 'seven grey pebbles' };

    const looked = await app.as(null)('POST', '/invite/look', { body: { code } });
    const accepted = await app.as(null)('POST', '/invite', { body });
    const again = await app.as(null)('POST', '/invite', { body });

    expect(looked.json).toEqual({ name: operator.name, email: 'ann@example.com' });
    expect([accepted.status, again.status]).toEqual([200, 401]);
    expect(await statusOf(app, before.cookie)).toBe(401);
    expect(await statusOf(app, cookieOf(accepted))).toBe(200);
    expect((await signIn(app, 'ann@example.com', 'seven grey pebbles')).status).toBe(200);
  });

  test('everybody sees and ends its own sessions and nobody else’s', async () => {
    await using app = await startTestApp(database);
    const ann = await signedIn(app, await madeOperator(app));
    const bob = await signedIn(app, await madeOperator(app));
    const [second, third] = [cookieOf(await signIn(app, ann.email)), cookieOf(await signIn(app, ann.email))];
    type List = { items: { id: number; is_current: boolean; address: string; user_agent: string }[] };

    const { json } = await ann.client<List>('GET', '/sessions');
    const foreign = await bob.client('DELETE', `/sessions/${json.items[0]!.id}`);
    const own = await ann.client('DELETE', `/sessions/${json.items[0]!.id}`);

    expect(json.items.map(({ is_current }) => is_current)).toEqual([false, false, true]);
    expect(json.items[2]).toMatchObject({
      address: '127.0.0.1',
      user_agent: expect.stringContaining('node'),
    });
    expect([foreign.status, own.status]).toEqual([404, 204]);
    expect([await statusOf(app, second), await statusOf(app, third)]).toEqual([200, 401]);
    expect((await ann.client('DELETE', '/sessions')).status).toBe(204);
    expect([await statusOf(app, second), await statusOf(app, ann.cookie)]).toEqual([401, 200]);
    const out = await ann.client('DELETE', '/session');
    expect(out.headers.getSetCookie()).toEqual([expect.stringMatching(/^leadgate=; Max-Age=0;/)]);
    expect([await statusOf(app, ann.cookie), await statusOf(app, bob.cookie)]).toEqual([401, 200]);
  });

  test('the audit log tells who came and went, by which credential and from where, and no secret', async () => {
    await using app = await startTestApp(database);
    const { id } = await madeOperator(app, { email: 'ann@example.com' });
    const ann = await signedIn(app, { id, email: 'ann@example.com' });
    await signIn(app, ann.email, 'not that one');
    const elsewhere = browserWith(app, cookieOf(await signIn(app, ann.email)));
    const body = { current_password: PASSWORD, new_password: 'seven grey pebbles' };
    const changed = browserWith(app, cookieOf(await elsewhere('PUT', '/session/password', { body })));
    await signIn(app, ann.email, 'seven grey pebbles');
    await changed('DELETE', '/sessions');
    await changed('DELETE', '/session');

    const entries = await app.app.desk.store
      .em()
      .find(AuditEntry, { subject: `operator:${id}` }, { orderBy: { id: 'asc' } });

    const me = `operator:${id}`;
    expect(
      entries.map(({ action, actor, credential }) => [action, actor, credential?.split(':')[0] ?? null]),
    ).toEqual([
      ['operator.created', 'token:environment', 'token'],
      ['invite.created', 'token:environment', 'token'],
      ['session.created', me, 'session'],
      ['password.set', me, 'session'],
      ['session.refused', 'anonymous', null],
      ['session.created', me, 'session'],
      ['password.changed', me, 'session'],
      ['session.created', me, 'session'],
      ['session.created', me, 'session'],
      ['session.ended', me, 'session'],
      ['session.ended', me, 'session'],
    ]);
    expect(new Set(entries.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']));
    expect(JSON.stringify(entries)).not.toMatch(/argon2|lantern|pebbles|not that one/);
  });

  test('whoever guesses from many addresses locks nobody out of where it has signed in before', async () => {
    await using app = await startTestApp(database, { trustedProxies: ['127.0.0.1'] });
    const { email } = await signedIn(app, await madeOperator(app));
    const nobody = app.as(null);
    const tries = (address: string, password: string) =>
      nobody('POST', '/session', { body: { email, password }, headers: from(address) });
    await tries('192.0.2.1', PASSWORD);

    for (let turn = 1; turn <= 30; turn++)
      expect((await tries(`198.51.100.${turn}`, 'a guess')).status).toBe(401);
    const stopped = await tries('198.51.100.99', PASSWORD);
    const victim = await tries('192.0.2.1', PASSWORD);

    expect(stopped.status).toBe(429);
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(60);
    expect(victim.status).toBe(200);
  });
});

test('an e-mail is one account however its letters are written', async () => {
  await using app = await startTestApp('sqlite');
  const { email } = await signedIn(app, await madeOperator(app, { email: 'abcdefghijklmn@example.com' }));

  const statuses: number[] = [];
  for (const letter of email.split('@')[0]!)
    statuses.push((await signIn(app, email.replace(letter, letter.toUpperCase()), 'a guess')).status);

  expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
  expect(statuses).toContain(429);
});

test.each([
  [null, /^leadgate=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/],
  ['http://localhost:8000', /^leadgate=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/],
  [
    'https://desk.example',
    /^__Host-leadgate=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  ],
])('with PUBLIC_URL %s the cookie is as browsers keep it best', async (publicUrl, expected) => {
  await using app = await startTestApp('sqlite', { publicUrl });
  const ann = await signedIn(app, await madeOperator(app));

  const answer = await signIn(app, ann.email);

  expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(expected)]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  // The plain cookie opens nothing where the way is encrypted: anybody on the way could have set it.
  const plain = cookieOf(answer).replace('__Host-', '');
  expect(await statusOf(app, plain)).toBe(publicUrl?.startsWith('https') === true ? 401 : 200);
});

test.each([
  ['https://desk.example', 'https://desk.example/invite#code='],
  [null, null],
])(
  'a link stands on PUBLIC_URL %s or where the gateway listens, whatever Host says',
  async (publicUrl, start) => {
    await using app = await startTestApp('sqlite', { publicUrl });
    const { id } = await madeOperator(app, { email: 'ann@example.com' });
    const { token } = (await app.admin<{ token: string }>('POST', '/tokens', { body: { name: 'x' } })).json;

    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      authorization: `Bearer ${token}`,
    };
    const asked = request(
      `${app.url}/api/v1/operators/${id}/invite`,
      { method: 'POST', headers },
      (answer) => {
        let text = '';
        answer.on('data', (part) => (text += String(part))).on('end', () => resolve(text));
      },
    );
    asked.on('error', reject).end();
    const { url, expires_at } = JSON.parse(await promise) as { url: string; expires_at: string };

    expect(url).toMatch(/#code=([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/);
    expect(url.startsWith(start ?? `${app.url}/invite#code=`)).toBe(true);
    expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(47.9 * 3_600_000);
  },
);

test.each<Record<string, string>>([
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
])('a page of another site signs nobody in: %j', async (headers) => {
  await using app = await startTestApp('sqlite');
  const { email } = await signedIn(app, await madeOperator(app));
  const bodies = {
    '/session': { email, password: PASSWORD },
    '/setup': { code: 'x', name: 'Ann', email: 'ann@example.com', password: PASSWORD },
    '/invite': { code: 'x', password: PASSWORD },
    '/invite/look': { code: 'x' },
  };

  for (const [path, body] of Object.entries(bodies)) {
    const answer = await app.as(null)('POST', path, { body, headers });
    expect([path, answer.status, answer.headers.getSetCookie()]).toEqual([path, 403, []]);
  }
});
