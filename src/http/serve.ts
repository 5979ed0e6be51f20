import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Api } from './api.ts';

/** How long a slow client may take, in milliseconds. */
type Times = {
  headersTimeout: number;
  requestTimeout: number;
  /** How often Node looks for those who took longer. */
  connectionsCheckingInterval: number;
  /** A connection on which nothing moves for so long is cut, one that does not read its answer, too. */
  silence: number;
};
const TIMES: Times = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  silence: 120_000,
};

const FINISH_WITHIN_MS = 8000;
const SWEEP_EVERY_MS = 50;

/** A listening server. Disposing lets requests under way finish, for at most eight seconds. */
export type HttpServer = AsyncDisposable & {
  readonly server: Server;
  readonly url: string;
  /** Takes no new connections from now on; what is under way goes on. */
  stopListening(): void;
};

/** Listens. Rejects when the address is taken. Whoever is slower than `times` is cut. */
export async function serveHttp(
  api: Api,
  { host, port }: { host: string; port: number },
  times: Times = TIMES,
): Promise<HttpServer> {
  const answer = getRequestListener(api.fetch, { hostname: host });
  const server = createServer(times, (request, response) => void answer(request, response));
  server.timeout = times.silence;
  // Longer than the idle time of usual proxies, so that it is they who close an idle connection.
  server.keepAliveTimeout = 75_000;
  server.listen(port, host);
  await once(server, 'listening');
  const connections = openConnections(server);
  let closed: Promise<void> | null = null;
  const stopListening = () => void (closed ??= close(server, connections));
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

function openConnections(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

async function close(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
  // A connection that was busy when the server closed falls idle later.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
  try {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    // Nobody has said a word there: Node does not count them as idle, and would wait for a request.
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    await promise;
  } finally {
    clearTimeout(cut);
    clearInterval(sweep);
  }
}
