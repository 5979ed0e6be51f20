import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Api } from './api.ts';

const FINISH_WITHIN_MS = 8000;
const SWEEP_EVERY_MS = 50;

/** A listening server. Disposing lets requests under way finish, for at most eight seconds. */
export type HttpServer = AsyncDisposable & {
  readonly server: Server;
  readonly url: string;
  /** Takes no new connections from now on; what is under way goes on. */
  stopListening(): void;
};

/** Listens. Rejects when the address is taken. */
export async function serveHttp(
  api: Api,
  { host, port }: { host: string; port: number },
): Promise<HttpServer> {
  const answer = getRequestListener(api.fetch, { hostname: host });
  const server = createServer((request, response) => void answer(request, response));
  // Longer than the idle time of usual proxies, so that it is they who close an idle connection.
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  server.listen(port, host);
  await once(server, 'listening');
  let closed: Promise<void> | null = null;
  const stopListening = () => void (closed ??= close(server));
  return {
    server,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    stopListening,
    async [Symbol.asyncDispose]() {
      stopListening();
      await closed;
    },
  };
}

async function close(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
  // A connection that was busy when the server closed falls idle later.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
  try {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    await promise;
  } finally {
    clearTimeout(cut);
    clearInterval(sweep);
  }
}
