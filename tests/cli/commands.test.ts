import { describe, expect, test } from 'vitest';
import { databases, freshDatabase } from '../support/desk.ts';
import { madeContact, madeOperator, madeSource, startTestApp } from '../support/http.ts';
import { runCli as run } from './support/run-cli.ts';

describe.each(databases)('on %s', (database) => {
  test('a token made beside a running gateway opens it at once, and is all that is printed', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app, { role: 'supervisor' });
    const env = { DATABASE_URL: app.databaseUrl };

    const admin = await run('token create --role admin --name automation', env);
    const supervisor = await run(`token create --role supervisor --operator ${ann.id}`, env);
    const ingest = await run('token create --role operator --scope ingest', env);

    expect([admin, supervisor, ingest].map((said) => said.code)).toEqual([0, 0, 0]);
    expect(admin.printed).toMatch(/^lg_[\w-]{40,}$/);
    expect((await app.as(admin.printed)('GET', '/session')).json).toEqual({
      operator: null,
      role: 'admin',
      demo: false,
    });
    const session = await app.as(supervisor.printed)('GET', '/session');
    expect(session.json).toMatchObject({ operator: { id: ann.id }, role: 'supervisor' });
    expect((await app.as(ingest.printed)('GET', '/session')).status).toBe(403);
  });

  test('the status tells what the database holds, while the gateway runs', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app, { max_load: 1 });
    const source = await madeSource(app, {}, { [ann.id]: 1 });
    await madeContact(app, source.id);
    await madeContact(app, source.id);

    const { code, printed } = await run('status', { DATABASE_URL: app.databaseUrl });

    expect(code).toBe(0);
    expect(printed).toMatch(/operators +1 active of 1/);
    expect(printed).toMatch(/sources +1 active of 1/);
    expect(printed).toMatch(/contacts +1 assigned, 1 waiting/);
    expect(printed).toMatch(/deliveries +0 queued/);
  });

  test('an empty database is brought up to date, and a second time is no harm', async () => {
    await using empty = await freshDatabase(database);
    const env = { DATABASE_URL: empty.url };

    const codes = [await run('migrate', env), await run('migrate', env)].map((said) => said.code);

    expect(codes).toEqual([0, 0]);
  });
});

describe('the command line', () => {
  test('makes keys of 32 bytes, each another', async () => {
    const [one, other] = [await run('key'), await run('key')];

    expect(Buffer.from(one.printed, 'base64')).toHaveLength(32);
    expect(other.printed).not.toBe(one.printed);
  });

  test.each(['help', '--help', ''])('says what it can do when asked by %j', async (command) => {
    const { code, printed } = await run(command);

    expect(code).toBe(0);
    for (const word of ['migrate', 'status', 'key', 'token create --role']) expect(printed).toContain(word);
  });

  test.each([
    ['dance', /no command 'dance'/],
    ['token', /token create/],
    ['token make', /token create/],
    ['token create', /--role/],
    ['token create --role king', /--role/],
    ['token create --role admin --scope all', /--scope/],
    ['token create --role admin --operator ann', /--operator/],
    ['token create --role admin --colour red', /--colour/],
  ])('does not understand "%s", says why and exits with 2', async (command, why) => {
    const { code, printed, hinted } = await run(command);

    expect([code, printed]).toEqual([2, '']);
    expect(hinted).toMatch(why);
    expect(hinted).toContain('Usage:');
  });

  test('tells every fault of the environment and exits with 1', async () => {
    const { code, hinted } = await run('status', { DATABASE_URL: 'mysql://db', PORT: 'x' });

    expect(code).toBe(1);
    expect(hinted).toContain('DATABASE_URL');
    expect(hinted).toContain('PORT');
  });

  test('makes no token for an operator that is not there', async () => {
    await using empty = await freshDatabase('sqlite');

    const { code, printed, hinted } = await run('token create --role admin --operator 7', {
      DATABASE_URL: empty.url,
    });

    expect([code, printed]).toEqual([1, '']);
    expect(hinted).not.toBe('');
  });
});
