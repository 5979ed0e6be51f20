import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { Authenticate, Shown } from '../desk/authenticate.ts';
import { onAccessChange } from '../desk/credential-cache.ts';
import type { Desk } from '../desk/desk.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problem.ts';
import { isAllowedOrigin } from './origin.ts';
import { openPresence } from './presence.ts';
import { openSession, type Session } from './session.ts';

type Options = {
  server: HttpServer;
  desk: Desk;
  authenticate: Authenticate;
  /** Reads what a browser has shown. */
  client: { sessionOf(request: IncomingMessage): Shown | null };
  log: Log;
  /** The name of this gateway among those that share the database. */
  gateway: string;
  /** The origin of this address may connect beside the gateway's own. */
  publicUrl: string | null;
};

const FRAME_BYTES = 64 * 1024;
const CHECK_MS = 1_000;

/** Serves Socket.IO on the HTTP server and tells every socket what it may see, until it is disposed. */
export function startRealtime({
  server,
  desk,
  authenticate,
  client,
  log,
  gateway,
  publicUrl,
}: Options): AsyncDisposable & { count(): number } {
  const io = new Server(server, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: FRAME_BYTES,
    allowRequest: (request, answer) => answer(null, isAllowedOrigin(request.headers, publicUrl)),
  });
  const presence = openPresence(desk, log, gateway);
  const sessions = new Set<Session>();

  io.use((socket, next) => {
    const shown = shownBy(socket);
    const found = shown === null ? Promise.resolve(null) : authenticate(shown);
    found
      .then(async (actor) => {
        if (actor === null) throw new Error('unauthorized');
        socket.data = { session: await openSession(desk, actor, socket), shown };
        next();
      })
      .catch((error: unknown) => next(refusal(error)));
  });

  io.on('connection', (socket) => {
    const { session, shown } = socket.data as { session: Session; shown: Shown };
    sessions.add(session);
    presence.arrived(session.operatorId);
    session.serve({
      others: () => [...sessions].filter((other) => other !== session),
      stillWelcome: () => authenticate(shown, 'check'),
      log,
    });
    socket.on('disconnect', () => {
      sessions.delete(session);
      presence.left(session.operatorId);
    });
  });

  function checkAll(): void {
    for (const session of sessions) {
      session
        .check()
        .catch((error: unknown) => log.warn({ err: error }, 'a credential could not be looked at'));
    }
  }

  /** A token goes before a cookie: whoever shows one wants to be taken for its holder. */
  function shownBy(socket: Socket): Shown | null {
    const secret: unknown = socket.handshake.auth['token'];
    return typeof secret === 'string' ? { kind: 'token', secret } : client.sessionOf(socket.request);
  }

  // A credential that ends by time ends its sockets within a second; one that is ended, at once.
  const checks = setInterval(checkAll, CHECK_MS);
  const stopListening = onAccessChange(desk, checkAll);
  const unsubscribe = desk.store.feed.subscribe((events) => {
    for (const session of sessions) session.tell(events);
  });

  return {
    count: () => sessions.size,
    async [Symbol.asyncDispose]() {
      clearInterval(checks);
      stopListening();
      unsubscribe();
      // Cut, not sent away: whoever is sent away does not come back by itself.
      for (const { conn } of io.sockets.sockets.values()) conn.close();
      await io.close();
      await presence.stop();
    },
  };
}

/** What a stranger hears: never what the database says. */
function refusal(error: unknown): Error {
  if (error instanceof Problem) return new Error(error.code);
  return error instanceof Error && error.message === 'unauthorized' ? error : new Error('unavailable');
}
