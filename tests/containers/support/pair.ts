import { once } from 'node:events';
import { callApi } from '../../support/call-api.ts';
import { freePort } from '../../support/free-port.ts';
import { SECRET_KEY, type Started, startGateway } from '../../support/gateway.ts';
import { freshPostgres } from '../../support/postgres.ts';
import { startNginx } from './nginx.ts';

export const ADMIN_TOKEN = 'an-admin-token-of-two-gateways-behind-nginx';

/** One of the two: a process that can end and come back at the same address. */
export type Half = {
  readonly url: string;
  /** Ends it without a word. */
  kill(): Promise<void>;
  /** Asks it to stop; answers its exit code. */
  stop(): Promise<number | null>;
  start(): Promise<void>;
  /** A figure of its /metrics, summed over its labels. */
  figure(name: string): Promise<number>;
};

export type Pair = AsyncDisposable & {
  /** Where nginx listens. */
  url: string;
  databaseUrl: string;
  halves: readonly [Half, Half];
  /** Calls the API through nginx, or at one half. */
  call<T>(method: string, path: string, body?: unknown, at?: Half): Promise<T>;
};

/** Two gateways on one empty PostgreSQL, behind a real nginx. */
export async function startPair(): Promise<Pair> {
  await using opening = new AsyncDisposableStack();
  const { url: databaseUrl } = opening.use(await freshPostgres());
  const ports = [await freePort(), await freePort()] as const;
  const [one, other] = [halfAt(ports[0], databaseUrl), halfAt(ports[1], databaseUrl)];
  for (const half of [one, other]) opening.defer(() => half.kill());
  // At the same time: the second finds the schema made or waits for it.
  await Promise.all([one.start(), other.start()]);
  const nginx = await startNginx({
    gateway: `127.0.0.1:${ports[0]}`,
    'gateway-2': `127.0.0.1:${ports[1]}`,
  });
  opening.use(nginx);
  const opened = opening.move();
  return {
    url: nginx.url,
    databaseUrl,
    halves: [one, other],
    async call<T>(method: string, path: string, body?: unknown, at?: Half): Promise<T> {
      const answer = await callApi(at?.url ?? nginx.url, method, path, { token: ADMIN_TOKEN, body });
      if (!answer.ok) throw new Error(`${method} ${path} answers ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function halfAt(port: number, databaseUrl: string): Half {
  const url = `http://127.0.0.1:${port}`;
  let process: Started | undefined;
  return {
    url,
    async start() {
      process = await startGateway({
        PORT: String(port),
        DATABASE_URL: databaseUrl,
        SECRET_KEY,
        ADMIN_TOKEN,
        LOG_LEVEL: 'fatal',
      });
    },
    async kill() {
      await process?.kill();
      process = undefined;
    },
    async stop() {
      const { child } = process!;
      const exited = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGTERM');
      process = undefined;
      return (await exited)[0];
    },
    async figure(name) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const values = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
      return values.reduce((sum, [, value]) => sum + Number(value), 0);
    },
  };
}
