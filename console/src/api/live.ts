import { io, type Socket } from 'socket.io-client';
import { GatewayEvent, Subscribed } from '../../../src/contract/event.ts';
import { deskStore } from '../state/desk-store.ts';
import { createStore, useStore } from '../state/store.ts';
import { outboxStore } from './outbox.ts';
import { identifyAnew, refuse } from './identify.ts';
import { currentCredential } from './session.ts';

/** `waiting`: no connection. `updating`: connected, what was missed is on its way. */
export type Line = 'waiting' | 'updating' | 'online';

const lineStore = createStore<Line, Line>((_, line) => line, 'waiting');

export function useLine(): Line {
  return useStore(lineStore, (line) => line);
}

const SUBSCRIBE_TIMEOUT_MS = 10_000;
const RECONNECT_MS = 2_000;
const FRESH_COUNTS_MS = 10_000;

// A browser shows its cookie by itself.
function shownToSockets(): { token?: string } {
  const credential = currentCredential();
  return credential?.kind === 'token' ? { token: credential.token } : {};
}

/** Keeps the desk up to date until it is called off. */
export function followGateway(): () => void {
  const socket = io({
    path: '/socket.io',
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    auth: (give) => give(shownToSockets()),
  });
  const intake = createIntake();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };

  const subscribe = () => {
    lineStore.dispatch('updating');
    intake.hold();
    const after = deskStore.get().cursor;
    socket
      .timeout(SUBSCRIBE_TIMEOUT_MS)
      .emit('subscribe', { after }, (error: Error | null, answer: unknown) => {
        const subscribed = Subscribed.safeParse(answer);
        if (error !== null || !subscribed.success) {
          if (subscribed.error !== undefined && error === null) console.error(subscribed.error);
          // The link is there but does not answer: a fresh one is tried.
          socket.disconnect();
          later(RECONNECT_MS, () => socket.connect());
          return;
        }
        settle(subscribed.data, true);
        intake.flow();
        lineStore.dispatch('online');
      });
  };

  socket.on('connect', subscribe);
  socket.on('event', (event: unknown) => intake.take(event));
  socket.on('disconnect', (reason) => {
    lineStore.dispatch('waiting');
    if (reason !== 'io server disconnect') return;
    // Who is sent away has lost the right to be here, or has another one now.
    void identifyAnew();
    later(RECONNECT_MS, () => socket.connect());
  });
  socket.on('connect_error', (error) => {
    lineStore.dispatch('waiting');
    if (socket.active) return;
    if (/unauthori[sz]ed|credential|401/i.test(error.message)) refuse();
    else later(RECONNECT_MS, () => socket.connect());
  });
  const stopCounting = keepCountsFresh(socket, later);

  return () => {
    stopCounting();
    for (const timer of timers) clearTimeout(timer);
    socket.removeAllListeners();
    socket.disconnect();
    lineStore.dispatch('waiting');
  };
}

function settle(answer: Subscribed, isGap: boolean): void {
  if ('snapshot' in answer)
    deskStore.dispatch({ type: 'snapshot', cursor: answer.cursor, snapshot: answer.snapshot, isGap });
  else {
    deskStore.dispatch({ type: 'caught-up', cursor: answer.cursor, events: answer.events });
    tellOutbox(answer.events);
  }
}

/** After an event on a contact we never held only a snapshot knows the counts. */
function keepCountsFresh(socket: Socket, later: (ms: number, act: () => void) => void): () => void {
  let isPlanned = false;
  return deskStore.subscribe(() => {
    if (deskStore.get().areCountsSure || isPlanned) return;
    isPlanned = true;
    later(FRESH_COUNTS_MS, () => {
      isPlanned = false;
      if (!socket.connected) return;
      socket
        .timeout(SUBSCRIBE_TIMEOUT_MS)
        .emit('subscribe', { after: null }, (_: unknown, answer: unknown) => {
          const subscribed = Subscribed.safeParse(answer);
          if (subscribed.success) settle(subscribed.data, false);
        });
    });
  });
}

function tellOutbox(events: readonly GatewayEvent[]): void {
  const messages = events.flatMap((event) => (event.type === 'message.created' ? [event.data] : []));
  if (messages.length > 0) outboxStore.dispatch({ type: 'kept', messages });
}

/** Events wait while a snapshot is on its way, then come in one batch per frame at most. */
function createIntake() {
  let waiting: GatewayEvent[] = [];
  let isHeld = true;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function flush(): void {
    timer = null;
    if (isHeld || waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    deskStore.dispatch({ type: 'events', events });
    tellOutbox(events);
  }

  return {
    hold() {
      isHeld = true;
      waiting = [];
    },
    flow() {
      isHeld = false;
      flush();
    },
    take(came: unknown) {
      const event = GatewayEvent.safeParse(came);
      if (!event.success) {
        console.error(event.error);
        return;
      }
      waiting.push(event.data);
      // A timer, not an animation frame: hidden tabs have no frames but a title to keep.
      timer ??= setTimeout(flush, 16);
    },
  };
}
