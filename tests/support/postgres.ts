import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export type FreshPostgres = AsyncDisposable & { url: string };

/** A connection beside those of the gateway. */
export async function connect(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Runs one statement on a server. */
export async function administer(serverUrl: string, statement: string): Promise<void> {
  await using client = await connect(serverUrl);
  await client.query(statement);
}

/** The address of a database on the same server. */
export function addressOn(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** An empty PostgreSQL database of its own; disposing drops it, with whoever is still connected. */
export function freshPostgres(): Promise<FreshPostgres> {
  return createPostgres('');
}

/** The same with the schema in place, which is copied instead of being made anew. */
export function migratedPostgres(): Promise<FreshPostgres> {
  return createPostgres(` template ${inject('postgresTemplate')}`);
}

async function createPostgres(kind: string): Promise<FreshPostgres> {
  const server = inject('postgresUrl');
  const name = `lg_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}${kind}`);
  return {
    url: addressOn(server, name),
    [Symbol.asyncDispose]: () => administer(server, `drop database if exists ${name} with (force)`),
  };
}
