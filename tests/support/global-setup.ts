import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL address that may create databases; tests ask for one of their own by `freshPostgres()`. */
    postgresUrl: string;
  }
}

/** One PostgreSQL for all files of a run: the one in `TEST_DATABASE_URL`, else a real server started here. */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) {
    provide('postgresUrl', given);
    return undefined;
  }

  const server = fork(fileURLToPath(new URL('./postgres-process.ts', import.meta.url)), { execArgv: [] });
  const ended = once(server, 'exit');
  const answer = await Promise.race([once(server, 'message'), ended.then(() => [])]);
  const { url, fault } = (answer[0] ?? { fault: 'its process ended' }) as { url?: string; fault?: string };
  if (!url) throw new Error(`PostgreSQL did not start: ${fault}`);

  provide('postgresUrl', url);
  return async () => {
    server.disconnect();
    await ended;
  };
}
