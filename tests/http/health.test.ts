import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { databases, freshDatabase } from '../support/desk.ts';
import { startTestApp, type TestApp } from '../support/http.ts';
import { freshPostgres } from '../support/postgres.ts';

type Readiness = { status: string; checks: Record<string, string> };

const ready = (app: TestApp) => app.as(null)<Readiness>('GET', '//readyz');

describe.each(databases)('on %s', (database) => {
  test('a gateway that listens is ready, and says what it looked at', async () => {
    await using app = await startTestApp(database);

    const answer = await ready(app);

    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer.json).toEqual({
      status: 'ready',
      checks: { database: 'ok', migrations: 'ok', gateway: 'ok' },
    });
  });

  test('it is not ready on a database that lacks what it has brought there, and names it', async () => {
    await using app = await startTestApp(database);
    await ready(app);
    const { store } = app.app.desk;
    const [last] = await store
      .em()
      .execute<{ name: string }[]>('select name from mikro_orm_migrations order by id desc limit 1');

    await store.write((tx) => tx.em.execute('delete from mikro_orm_migrations where name = ?', [last!.name]));
    const answer = await ready(app);
    await store.write((tx) => tx.em.execute('drop table mikro_orm_migrations'));
    const emptied = await ready(app);

    expect([answer.status, emptied.status]).toEqual([503, 503]);
    expect(answer.json.checks).toEqual({
      database: 'ok',
      migrations: `the database has lost ${last!.name}`,
      gateway: 'ok',
    });
    expect(emptied.json.checks['migrations']).toBe('the database has lost its schema');
  });

  test('it stays ready when a newer gateway has brought the schema further', async () => {
    await using app = await startTestApp(database);
    await ready(app);

    await app.app.desk.store.write((tx) =>
      tx.em.execute(`insert into mikro_orm_migrations (name) values ('29990101_later')`),
    );

    expect((await ready(app)).status).toBe(200);
  });

  test('while it stops it is not ready, and a request that had begun is told so', async () => {
    await using fresh = await freshDatabase(database);
    const app = await startTestApp(database, { databaseUrl: fresh.url });
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write('GET /readyz HTTP/1.1\r\nhost: localhost\r\n');
    await ready(app);

    const stopped = app.app[Symbol.asyncDispose]();
    socket.write('\r\n');
    let answer = '';
    for await (const part of socket) answer += String(part);
    await stopped;

    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({
      status: 'not-ready',
      checks: { database: 'not asked', migrations: 'not asked', gateway: 'stopping' },
    });
  });
});

describe('a gateway whose database is gone', () => {
  test('lives, is not ready and says why, and shows the figures that need no database', async () => {
    const database = await freshPostgres();
    await using app = await startTestApp('postgresql', { databaseUrl: database.url });

    await database[Symbol.asyncDispose]();
    const alive = await app.as(null)('GET', '//healthz');
    const answer = await ready(app);
    const { status, text } = await app.as(null)('GET', '//metrics');

    expect([alive.status, answer.status, status]).toEqual([200, 503, 200]);
    expect(answer.json).toEqual({
      status: 'not-ready',
      checks: { database: 'cannot be reached', migrations: 'not asked', gateway: 'ok' },
    });
    expect(text).toMatch(/^leadgate_database_up 0$/m);
    for (const name of ['leadgate_sockets', 'leadgate_intake_depth', 'process_resident_memory_bytes'])
      expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(text).not.toMatch(/leadgate_(waiting|deliveries|feed|source_state|dead_letters)/);
  });
});
