import { once } from 'node:events';
import { connect } from 'node:net';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { sqliteFile } from '../../mikro-orm.config.ts';
import { databases } from '../support/desk.ts';
import { provokeConflicts } from './support/conflicts.ts';
import { knockAtDoors, postUpdate, updateOf } from './support/doors.ts';
import { setStage, type Stage } from './support/examples.ts';
import { openOutcomes } from './support/outcomes.ts';
import { provokeRefusals } from './support/refusals.ts';
import { goEveryRoad } from './support/successes.ts';
import { knockWithout } from './support/without-credential.ts';

// Only SQLite can be kept from committing from outside without stopping a server.
const unavailable = [
  'POST /api/v1/contacts 503',
  'POST /hooks/{source_code} 503',
  'POST /telegram/{source_code} 503',
];

describe.each(databases)('on %s', (database) => {
  test('every status of every route that the document lists comes, in the form that it lists', async () => {
    await using stage = await setStage(database);

    expect(await goEveryRoad(stage)).toEqual([]);
    expect(await provokeConflicts(stage)).toEqual([]);
    expect(await provokeRefusals(stage)).toEqual([]);
    expect(await knockAtDoors(stage)).toEqual([]);
    expect(await knockWithout(stage)).toEqual([]);
    if (database === 'sqlite') expect(await comeWhileLocked(stage)).toEqual([]);
    await askWhileStopping(stage);

    const { listed, seen } = stage.app.document;
    const missing = listed.filter((answer) => !seen.has(answer));
    expect(missing).toEqual(database === 'sqlite' ? [] : unavailable);
  });
});

/** Somebody else writes to the file and does not come to an end. */
async function comeWhileLocked(stage: Stage): Promise<readonly string[]> {
  const { expects, surprises } = openOutcomes();
  using other = {
    db: new Database(sqliteFile(stage.app.databaseUrl)),
    [Symbol.dispose]: () => void other.db.close(),
  };
  other.db.exec('begin immediate');
  const hook = stage.app.as(stage.hook.webhook!.secret);
  const answers = await Promise.all([
    expects(
      503,
      stage.app.admin('POST', '/contacts', { body: { external_id: 'x', source_code: 'site' } }),
      'open',
    ),
    expects(503, hook('POST', '//hooks/shop', { body: { external_id: 'x', text: 'x' } }), 'hook'),
    expects(503, postUpdate(stage, { body: updateOf(99) }), 'update'),
  ]);
  expect(answers.map((answer) => Number(answer.headers.get('retry-after')) > 0)).toEqual([true, true, true]);
  return surprises;
}

/** A question that has begun when the gateway is told to stop still gets its answer: not ready. */
async function askWhileStopping({ app }: Stage): Promise<void> {
  const { hostname, port } = new URL(app.url);
  const socket = connect(Number(port), hostname);
  socket.write('GET /readyz HTTP/1.1\r\nhost: localhost\r\n');
  await once(socket, 'connect');
  await app.as(null)('GET', '//healthz');

  const stopped = app[Symbol.asyncDispose]();
  socket.write('connection: close\r\n\r\n');
  let answer = '';
  for await (const part of socket) answer += String(part);
  await stopped;

  const [head = '', text = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 503 /);
  app.document.check({ method: 'GET', path: '/readyz', status: 503, contentType: 'application/json', text });
}
