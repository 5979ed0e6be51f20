import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export type FreshPostgres = AsyncDisposable & { url: string };

/** Runs one statement on a server. */
export async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
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
