import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** A PostgreSQL server of this run, in a process of its own, and its databases. */
export type Postgres = AsyncDisposable & {
  readonly version: string;
  /** An empty database, or a copy of another one that nobody is connected to. */
  create(name: string, template?: string): Promise<string>;
  drop(name: string): Promise<void>;
};

/** Starts the server that the tests use as well. */
export async function startPostgres(): Promise<Postgres> {
  const script = fileURLToPath(new URL('../tests/support/postgres-process.ts', import.meta.url));
  const server = fork(script, { execArgv: [] });
  const ended = once(server, 'exit');
  const [answer] = await Promise.race([once(server, 'message'), ended.then(() => [])]);
  const { url, fault } = (answer ?? { fault: 'its process ended' }) as { url?: string; fault?: string };
  if (url === undefined) throw new Error(`PostgreSQL did not start: ${fault}`);

  return {
    version: String(await answerOf(url, 'show server_version')),
    async create(name, template = 'template0') {
      await answerOf(url, `create database ${name} template ${template}`);
      return Object.assign(new URL(url), { pathname: `/${name}` }).href;
    },
    async drop(name) {
      await answerOf(url, `drop database ${name} with (force)`);
    },
    async [Symbol.asyncDispose]() {
      server.disconnect();
      await ended;
    },
  };
}

/** A connection of its own, which ends when it is disposed. */
export async function connect(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  // A server that ends before us is told by the next query.
  client.on('error', () => {});
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Runs one statement and answers the first value of its first row, as the driver reads it. */
export async function answerOf(url: string, statement: string): Promise<unknown> {
  await using client = await connect(url);
  const { rows } = await client.query<[unknown]>({ text: statement, rowMode: 'array' });
  return rows[0]?.[0];
}
