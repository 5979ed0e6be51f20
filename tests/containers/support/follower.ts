import { io } from 'socket.io-client';
import type { GatewayEvent, Subscribed } from '../../../src/contract/event.ts';

/** A console that connects again by itself and goes on where it stood. */
export type Follower = Disposable & {
  /** Everything it was told, in the order in which it was told. */
  readonly heard: readonly GatewayEvent[];
  /** How often it had to begin anew with a snapshot. */
  readonly snapshots: number;
  /** How often it was connected and caught up. */
  readonly connections: number;
  /** How often a connection could not be made, or ended. */
  readonly failures: number;
  /** Resolves when `isReached` holds, looked at whenever something is heard. */
  until(isReached: () => boolean): Promise<void>;
};

export async function follow(
  url: string,
  token: string,
  transport: 'websocket' | 'polling' = 'websocket',
): Promise<Follower> {
  const socket = io(url, {
    auth: { token },
    transports: [transport],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
  });
  const state = { heard: [] as GatewayEvent[], snapshots: 0, connections: 0, failures: 0 };
  const waiting = new Set<() => void>();
  let cursor: string | null = null;

  function take(events: GatewayEvent[]): void {
    for (const event of events) {
      state.heard.push(event);
      cursor = event.cursor;
    }
  }

  function catchUp(): void {
    // A callback, not a promise: the events behind the answer may come in the same turn as the answer.
    socket.timeout(10_000).emit('subscribe', { after: cursor }, (error: Error | null, answer: Subscribed) => {
      // A connection that ends before the answer brings another `connect`.
      if (error !== null) return;
      if ('snapshot' in answer) state.snapshots += 1;
      else take(answer.events);
      cursor = answer.cursor;
      state.connections += 1;
      for (const look of waiting) look();
    });
  }

  socket.on('event', (event: GatewayEvent) => {
    take([event]);
    for (const look of waiting) look();
  });
  // As the console does: what the server ends itself, the library leaves ended.
  socket.on('disconnect', (reason) => {
    state.failures += 1;
    if (reason === 'io server disconnect') socket.connect();
  });
  socket.on('connect_error', () => {
    state.failures += 1;
  });
  socket.on('connect', catchUp);
  const follower: Follower = {
    heard: state.heard,
    get snapshots() {
      return state.snapshots;
    },
    get connections() {
      return state.connections;
    },
    get failures() {
      return state.failures;
    },
    until: (isReached) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isReached()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    [Symbol.dispose]: () => void socket.disconnect(),
  };
  await follower.until(() => state.connections === 1);
  return follower;
}
