import type { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pg from 'pg';
import { expect, test } from 'vitest';
import { prepared, preparedLast, prepareOn } from '../../src/store/prepared.ts';
import { openGround } from './ground.ts';

type Connection = AsyncDisposable & {
  client: pg.Client;
  /** What has left for the server since the last time, one entry for each write. */
  writes(): number;
};

const SYNTAX_ERROR = '42601';

/** `begin` is what the server is sent for BEGIN: another text is a BEGIN that it refuses. */
async function connect(databaseUrl: string, { begin = 'begin' } = {}): Promise<Connection> {
  const client = new pg.Client({ connectionString: databaseUrl, pipeline: true });
  await client.connect();
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  Object.assign(client, {
    query: (statement: unknown, ...rest: unknown[]) =>
      query(statement === 'begin' ? begin : statement, ...rest),
  });
  prepareOn(client);
  const { stream } = (client as pg.Client & { connection: { stream: Writable } }).connection;
  let count = 0;
  for (const name of ['_write', '_writev'] as const) {
    const write = stream[name]!.bind(stream) as (...given: unknown[]) => void;
    Object.assign(stream, {
      [name]: (...given: unknown[]) => {
        count += 1;
        write(...given);
      },
    });
  }
  return {
    client,
    writes() {
      const written = count;
      count = 0;
      return written;
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

const table = 'create temporary table noted (n int primary key)';
const note = prepared('insert into noted values ($1)');
const noteLast = preparedLast('insert into noted values ($1) returning n');

test('BEGIN leaves with the statement behind it, and COMMIT with the one before it', async () => {
  await using ground = await openGround('postgresql');
  await using connection = await connect(ground.databaseUrl);
  const { client } = connection;
  await client.query(table);
  connection.writes();

  await client.query('begin');
  expect(connection.writes()).toBe(0);
  await client.query(note, [1]);
  expect(connection.writes()).toBe(1);
  const { rows } = await client.query(noteLast, [2]);
  expect(connection.writes()).toBe(1);

  expect(rows).toEqual([{ n: 2 }]);
  await client.query('rollback');
  expect((await client.query('select n from noted order by n')).rows).toEqual([{ n: 1 }, { n: 2 }]);
});

test('what follows BEGIN is within the transaction, from its first statement on', async () => {
  await using ground = await openGround('postgresql');
  await using connection = await connect(ground.databaseUrl);
  const { client } = connection;
  await client.query(table);

  await client.query('begin');
  await client.query(note, [1]);
  await client.query('rollback');

  expect((await client.query('select n from noted')).rows).toEqual([]);
});

test.each([
  ['that commits', noteLast],
  ['of any kind', 'insert into noted select $1::int'],
])('where BEGIN is refused, a first statement %s is not run by itself', async (_, statement) => {
  await using ground = await openGround('postgresql');
  await using connection = await connect(ground.databaseUrl, { begin: 'begin of another kind' });
  const { client } = connection;
  await client.query(table);

  await client.query('begin');
  const both = [client.query(statement, [1]), client.query(statement, [2])];

  for (const refused of both) await expect(refused).rejects.toMatchObject({ code: SYNTAX_ERROR });
  expect((await client.query('select n from noted')).rows).toEqual([]);
});

test.each([
  ['the first statement', [[note, ['no number']]]],
  [
    'the last',
    [
      [note, [1]],
      [noteLast, [1]],
    ],
  ],
] as [string, [string, unknown[]][]][])(
  'where %s fails nothing stays, and the next transaction begins',
  async (_, all) => {
    await using ground = await openGround('postgresql');
    await using connection = await connect(ground.databaseUrl);
    const { client } = connection;
    await client.query(table);
    const run = async (): Promise<void> => {
      await client.query('begin');
      for (const [statement, values] of all) await client.query(statement, values);
    };

    await expect(run()).rejects.toThrow(/invalid input syntax|duplicate key/);
    await client.query('rollback');
    await client.query('begin');
    await client.query(noteLast, [3]);

    expect((await client.query('select n from noted')).rows).toEqual([{ n: 3 }]);
  },
);

test('a transaction in which nothing was asked for ends without a trace', async () => {
  await using ground = await openGround('postgresql');
  await using connection = await connect(ground.databaseUrl);
  const { client } = connection;
  await client.query(table);

  for (const end of ['commit', 'rollback']) {
    await client.query('begin');
    await client.query(end);
  }
  await client.query(note, [1]);
  await client.query('rollback');

  expect((await client.query('select n from noted')).rows).toEqual([{ n: 1 }]);
});

test('a connection that is gone fails what begins on it', async () => {
  await using ground = await openGround('postgresql');
  await using connection = await connect(ground.databaseUrl);
  const { client } = connection;
  const ended = new Promise((resolve) => client.once('error', resolve));
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  await ground.store.em().execute('select pg_terminate_backend(?)', [rows[0]!.pid]);
  await ended;

  await client.query('begin');

  await expect(client.query(note, [1])).rejects.toThrow(/connection/i);
});

test('an answer that nobody has any more is gone with the next minor collection', async () => {
  await using ground = await openGround('postgresql');
  await using connection = await connect(ground.databaseUrl);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
  const [times, rows, length] = [60, 200, 1000];
  const read = async (): Promise<void> => {
    await connection.client.query(`select repeat('x', ${length}) as text from generate_series(1, ${rows})`);
    collect({ type: 'minor' });
  };

  for (let time = 0; time < times; time++) await read();
  const before = process.memoryUsage().heapUsed;
  for (let time = 0; time < times; time++) await read();

  expect(process.memoryUsage().heapUsed - before).toBeLessThan((times * rows * length) / 4);
});
