import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free-port.ts';
import { io, type Socket } from 'socket.io-client';
import type { Place } from './leaks.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export type WatchedGateway = AsyncDisposable & {
  url: string;
  /** Everything that the process has said so far. */
  said(): Place;
  stop(): Promise<void>;
};

/** The gateway in a process of its own that says all it can, with every word of it kept. */
export async function startWatched(env: Record<string, string>): Promise<WatchedGateway> {
  const { PATH = '' } = process.env;
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: { PATH, PORT: port, PUBLIC_URL: url, LOG_LEVEL: 'trace', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts: string[] = [];
  const listening = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      parts.push(part);
      if (parts.join('').includes(`listens on ${url}`)) listening.resolve();
    });
  const exited = once(child, 'exit').then(() => listening.reject(new Error(parts.join(''))));
  await listening.promise;
  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
  }
  return {
    url,
    said: () => ({ where: 'the log', text: parts.join('') }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

export type WatchedConsole = Disposable & { socket: Socket; heard(): Place };

/** A console of this token that is subscribed, with every frame of its socket kept. */
export async function openWatched(url: string, token: string): Promise<WatchedConsole> {
  const frames: string[] = [];
  const socket = io(url, { auth: { token }, transports: ['websocket'], reconnection: false });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  socket.io.engine.on('packet', ({ data }: { data?: unknown }) => frames.push(String(data)));
  await socket.timeout(10_000).emitWithAck('subscribe', { after: null });
  return {
    socket,
    heard: () => ({ where: 'the frames of a socket', text: frames.join('\n') }),
    [Symbol.dispose]: () => void socket.disconnect(),
  };
}
