import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { openStore } from '../../src/store/open.ts';
import { addressOn, administer } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL address that may create databases; tests ask for one of their own by `freshPostgres()`. */
    postgresUrl: string;
    /** The database with the schema in place that theirs are copied from. */
    postgresTemplate: string;
    /** The same for SQLite: a file. */
    sqliteTemplate: string;
  }
}

/** One PostgreSQL for all files of a run: the one in `TEST_DATABASE_URL`, else a real server started here. */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const forget = await makeSqliteTemplate(provide);
  const given = process.env.TEST_DATABASE_URL;
  if (given) {
    provide('postgresUrl', given);
    const drop = await makeTemplate(given, provide);
    return async () => {
      await drop();
      await forget();
    };
  }

  const server = fork(fileURLToPath(new URL('./postgres-process.ts', import.meta.url)), { execArgv: [] });
  const ended = once(server, 'exit');
  const answer = await Promise.race([once(server, 'message'), ended.then(() => [])]);
  const { url, fault } = (answer[0] ?? { fault: 'its process ended' }) as { url?: string; fault?: string };
  if (!url) throw new Error(`PostgreSQL did not start: ${fault}`);

  provide('postgresUrl', url);
  const dropTemplate = await makeTemplate(url, provide);
  return async () => {
    await dropTemplate();
    await forget();
    server.disconnect();
    await ended;
  };
}

/** Migrates one database, so that hundreds need not be; answers how to take it away. */
async function makeTemplate(
  serverUrl: string,
  provide: TestProject['provide'],
): Promise<() => Promise<void>> {
  const name = `lg_template_${randomBytes(6).toString('hex')}`;
  await administer(serverUrl, `create database ${name}`);
  const store = await openStore({ databaseUrl: addressOn(serverUrl, name), onError: () => {} });
  await store[Symbol.asyncDispose]();
  provide('postgresTemplate', name);
  return () => administer(serverUrl, `drop database if exists ${name} with (force)`);
}

async function makeSqliteTemplate(provide: TestProject['provide']): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'leadgate-template-'));
  const file = join(folder, 'template.db');
  const store = await openStore({ databaseUrl: `sqlite:${file}`, onError: () => {} });
  await store[Symbol.asyncDispose]();
  provide('sqliteTemplate', file);
  return () => rm(folder, { recursive: true, force: true });
}
