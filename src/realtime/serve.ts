import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { type Actor, credentialLabel } from '../desk/actor.ts';
import type { Authenticate, Shown } from '../desk/authenticate.ts';
import { onAccessChange } from '../desk/credential-cache.ts';
import type { Desk } from '../desk/desk.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problem.ts';
import { openPresence } from './presence.ts';
import { openSession, type Session } from './session.ts';

type Options = {
  server: HttpServer;
  desk: Desk;
  authenticate: Authenticate;
  /** What a browser has shown, and whether it does so for a page of another site. */
  client: {
    sessionOf(request: IncomingMessage): Shown | null;
    isCrossSite(request: IncomingMessage): boolean;
  };
  log: Log;
  /** The name of this gateway among those that share the database. */
  gateway: string;
};

const FRAME_BYTES = 64 * 1024;
const CHECK_MS = 1_000;
/** More tabs than anybody has; each is told all that its operator may see. */
const MOST_SOCKETS = 50;

/** A socket that was let in: with what, and under which name it counts. */
type Let = { session: Session; shown: Shown; holder: string };

/** Serves Socket.IO on the HTTP server and tells every socket what it may see, until it is disposed. */
export function startRealtime({
  server,
  desk,
  authenticate,
  client,
  log,
  gateway,
}: Options): AsyncDisposable & { count(): number } {
  const io = new Server(server, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: FRAME_BYTES,
    // A stranger who connects and says nothing is cut.
    connectTimeout: 10_000,
    allowRequest: (request, answer) => answer(null, !client.isCrossSite(request)),
  });
  const presence = openPresence(desk, log, gateway);
  const sessions = new Set<Session>();
  // How many sockets each credential has open.
  const holders = new Map<string, number>();

  // One try for each connection: a burst of them would be taken in before any is answered.
  const knocked = new WeakSet<object>();
  io.use((socket, next) => {
    if (knocked.has(socket.conn)) {
      socket.conn.close();
      return;
    }
    knocked.add(socket.conn);
    const shown = shownBy(socket);
    const found = shown === null ? Promise.resolve(null) : authenticate(shown);
    found
      .then(async (actor) => {
        if (actor === null) throw new Error('unauthorized');
        if (isCrowded(actor)) throw new Problem('too-many-requests');
        socket.data = { session: await openSession(desk, actor, socket), shown, holder: holderOf(actor) };
        next();
      })
      .catch((error: unknown) => next(refusal(error)));
  });

  io.on('connection', (socket) => {
    const { session, shown, holder } = socket.data as Let;
    sessions.add(session);
    holders.set(holder, (holders.get(holder) ?? 0) + 1);
    presence.arrived(session.operatorId);
    session.serve({
      others: () => [...sessions].filter((other) => other !== session),
      stillWelcome: () => authenticate(shown, 'check'),
      log,
    });
    socket.on('disconnect', () => {
      sessions.delete(session);
      holders.set(holder, holders.get(holder)! - 1);
      if (holders.get(holder) === 0) holders.delete(holder);
      presence.left(session.operatorId);
    });
  });

  /** The environment's own token has no bound: whoever has it has the machine. */
  function isCrowded(actor: Actor): boolean {
    return (
      actor.kind === 'caller' &&
      actor.credential.kind !== 'environment' &&
      (holders.get(holderOf(actor)) ?? 0) >= MOST_SOCKETS
    );
  }

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

function holderOf(actor: Actor): string {
  return actor.kind === 'caller' ? credentialLabel(actor.credential) : actor.kind;
}

/** What a stranger hears: never what the database says. */
function refusal(error: unknown): Error {
  if (error instanceof Problem) return new Error(error.code);
  return error instanceof Error && error.message === 'unauthorized' ? error : new Error('unavailable');
}
