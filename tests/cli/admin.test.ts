import { describe, expect, test } from 'vitest';
import { databases } from '../support/desk.ts';
import { madeOperator, startTestApp } from '../support/http.ts';
import { browserWith, cookieOf, PASSWORD, signedIn, signIn } from '../http/support/sign-in.ts';
import { runCli as run } from './support/run-cli.ts';

const words = (email: string, name = 'Ann Smith') => ['admin', 'create', '--email', email, '--name', name];

describe.each(databases)('on %s', (database) => {
  test('an admin is made by a link beside a running gateway, and the printed code opens nothing any more', async () => {
    await using app = await startTestApp(database);
    const env = { DATABASE_URL: app.databaseUrl, PUBLIC_URL: 'https://desk.example' };

    const { code, printed, hinted } = await run(words('Ann@Example.com'), env);

    expect(code).toBe(0);
    expect(printed).toMatch(/^https:\/\/desk\.example\/invite#code=[0-9A-Z-]{23}$/);
    expect(hinted).toContain('within 48 hours');
    expect((await app.as(null)('GET', '/setup')).json).toEqual({ open: false });
    const accepted = await app.as(null)('POST', '/invite', {
      body: { code: new URL(printed).hash.slice('#code='.length), password: PASSWORD },
    });
    expect(accepted.json).toMatchObject({
      role: 'admin',
      operator: { name: 'Ann Smith', email: 'ann@example.com' },
    });
  });

  test('it is the way back in: an operator is made an active admin, and signs in with a given password', async () => {
    await using app = await startTestApp(database);
    const operator = await madeOperator(app, { name: 'Ann', email: 'ann@example.com' });
    const { cookie } = await signedIn(app, operator);
    await app.admin('PATCH', `/operators/${operator.id}`, { body: { is_active: false } });

    const said = await run(
      ['admin', 'create', '--email', 'ANN@example.com', '--password-stdin'],
      { DATABASE_URL: app.databaseUrl },
      'seven grey pebbles\n',
    );

    expect([said.code, said.printed]).toEqual([0, '']);
    const entered = await signIn(app, 'ann@example.com', 'seven grey pebbles');
    expect(entered.json).toMatchObject({
      role: 'admin',
      operator: { id: operator.id, name: 'Ann', is_active: true },
    });
    expect((await browserWith(app, cookie)('GET', '/session')).status).toBe(401);
    expect((await browserWith(app, cookieOf(entered))('GET', '/tokens')).status).toBe(200);
  });

  test('its link leads home where no PUBLIC_URL is set, and a bad password makes no admin', async () => {
    await using app = await startTestApp(database);
    const env = { DATABASE_URL: app.databaseUrl, PORT: '8123' };

    const bad = await run([...words('bob@example.com'), '--password-stdin'], env, 'password1234');
    const { json } = await app.admin<{ items: unknown[] }>('GET', '/operators');
    const good = await run(words('bob@example.com'), env);

    expect([bad.code, bad.hinted]).toEqual([1, 'password: is one that many people use']);
    expect(json.items).toEqual([]);
    expect(good.printed).toMatch(/^http:\/\/localhost:8123\/invite#code=/);
  });
});

test.each([
  ['admin', /admin create/],
  ['admin drop', /admin create/],
  ['admin create --name Ann', /--email/],
  ['admin create --email nobody --name Ann', /--email/],
  ['admin create --email a@example.com --name Ann --password-stdin', /--password: must have at least 12/],
  ['admin create --email a@example.com --colour red', /--colour/],
])('"%s" is not understood', async (command, why) => {
  const { code, printed, hinted } = await run(command, {}, 'short');

  expect([code, printed]).toEqual([2, '']);
  expect(hinted).toMatch(why);
});

test('an e-mail that nobody has wants a name', async () => {
  await using app = await startTestApp('sqlite');

  const said = await run('admin create --email a@example.com', { DATABASE_URL: app.databaseUrl });

  expect([said.code, said.hinted]).toEqual([1, 'name: is needed: nobody has this e-mail']);
});
