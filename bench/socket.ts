/** A websocket on which somebody listens. */
export type Socket = { send(text: string): void; close(): Promise<void> };

/** Opens a bare websocket; `hear` gets every text. */
export function openSocket(url: string, hear: (text: string, socket: Socket) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const opened: Socket = {
      send: (text) => socket.send(text),
      close: () =>
        new Promise((closed) => {
          socket.addEventListener('close', () => closed(), { once: true });
          socket.close();
        }),
    };
    socket.addEventListener('message', ({ data }) => hear(String(data), opened));
    socket.addEventListener('open', () => resolve(opened), { once: true });
    socket.addEventListener('error', () => reject(new Error(`no websocket at ${url}`)), { once: true });
  });
}

const EVENT = '42["event",';

/**
 * Subscribes to a gateway's events from now on. It speaks only as much of Socket.IO as that takes, so that reading
 * costs the load generator no more than a bare websocket does; `hear` gets each event as it stands on the wire.
 */
export async function subscribe(url: string, token: string, hear: (event: string) => void): Promise<Socket> {
  const subscribed = Promise.withResolvers<void>();
  const socket = await openSocket(
    `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
    (text, own) => {
      if (text.startsWith(EVENT)) hear(text);
      else if (text.startsWith('0')) own.send(`40${JSON.stringify({ token })}`);
      else if (text.startsWith('40')) own.send('420["subscribe",{"after":null}]');
      else if (text.startsWith('430')) subscribed.resolve();
      else if (text.startsWith('44')) subscribed.reject(new Error(`refused: ${text}`));
      else if (text === '2') own.send('3');
    },
  );
  await subscribed.promise;
  return socket;
}
