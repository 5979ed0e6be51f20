import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import type { GatewayEvent, Subscribed } from '../../src/contract/event.ts';
import type { Actor } from '../../src/desk/actor.ts';
import type { Authenticate } from '../../src/desk/authenticate.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { openClient } from '../../src/http/client.ts';
import { startRealtime } from '../../src/realtime/serve.ts';

export type TestRealtime = AsyncDisposable & {
  url: string;
  /** The secret that opens the door to this actor. */
  admit(actor: Actor): string;
};

/** Serves sockets for a desk on a free port. */
export async function serveRealtime(desk: Desk, authenticate?: Authenticate): Promise<TestRealtime> {
  const actors = new Map<string, Actor>();
  const server = createServer();
  const realtime = startRealtime({
    server,
    desk,
    authenticate: authenticate ?? (({ secret }) => Promise.resolve(actors.get(secret) ?? null)),
    client: openClient({ publicUrl: null, trustedProxies: [] }),
    log: desk.log,
    gateway: 'here',
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    admit(actor) {
      const secret = `secret-${actors.size}`;
      actors.set(secret, actor);
      return secret;
    },
    async [Symbol.asyncDispose]() {
      await realtime[Symbol.asyncDispose]();
      server.closeAllConnections();
    },
  };
}

/** A connected console that keeps what it hears. */
export type Console = Disposable & {
  socket: Socket;
  heard: GatewayEvent[];
  subscribe(after: string | null): Promise<Subscribed>;
  /** The first event that matches, of those heard and those to come. */
  hears(matches: (event: GatewayEvent) => boolean): Promise<GatewayEvent>;
};

/** Connects, with a token or with what the headers show; rejects with the server's word when it refuses. */
export async function openConsole(
  url: string,
  token: string | null,
  extraHeaders: Record<string, string> = {},
): Promise<Console> {
  const socket = io(url, {
    auth: token === null ? {} : { token },
    transports: ['websocket'],
    reconnection: false,
    extraHeaders,
  });
  const heard: GatewayEvent[] = [];
  const waiting = new Set<() => void>();
  socket.on('event', (event: GatewayEvent) => {
    heard.push(event);
    for (const check of waiting) check();
  });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  return {
    socket,
    heard,
    subscribe: (after) => socket.timeout(10_000).emitWithAck('subscribe', { after }),
    hears: (matches) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = heard.find(matches);
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    [Symbol.dispose]: () => void socket.disconnect(),
  };
}
