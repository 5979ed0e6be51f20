import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, as a person would start it. */
export type Started = AsyncDisposable & {
  url: string;
  child: ChildProcess;
  /** Resolves when it has printed such a line, or when it does. */
  says(pattern: RegExp): Promise<string>;
  /** Ends it without a word, as a power cut does. */
  kill(): Promise<void>;
};

/** The key of every gateway and desk of a test: 32 bytes in base64. */
export const SECRET_KEY = Buffer.alloc(32, 7).toString('base64');

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Starts the gateway on a free port; its settings are only those of `env`. Resolves when it says its address. */
export function startGateway(env: Record<string, string>): Promise<Started> {
  return startServer(['src/main.ts'], { PORT: '0', ...env }, /(https?:\/\/[\w.]+:\d+)/);
}

/** Starts a script of this project and waits for the line that tells its address. */
export async function startServer(
  args: string[],
  env: Record<string, string>,
  address: RegExp,
): Promise<Started> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const said = listen(child);
  const ended = exited.then(() => {
    throw new Error('the server ended before it listened');
  });
  const line = await Promise.race([said(address), ended]);
  ended.catch(() => {});
  return {
    url: address.exec(line)![1]!,
    child,
    says: said,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Reads all that it prints, so that its pipe never fills, and finds lines in it. */
function listen(child: ChildProcess): (pattern: RegExp) => Promise<string> {
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    for (const check of waiting) check(line);
  });
  return (pattern) =>
    new Promise((resolve) => {
      const found = lines.find((line) => pattern.test(line));
      if (found !== undefined) return resolve(found);
      const check = (line: string): void => {
        if (!pattern.test(line)) return;
        waiting.delete(check);
        resolve(line);
      };
      waiting.add(check);
    });
}
