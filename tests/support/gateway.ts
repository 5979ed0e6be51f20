import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, as a person would start it. */
export type Started = AsyncDisposable & {
  url: string;
  child: ChildProcess;
  /** Ends it without a word, as a power cut does. */
  kill(): Promise<void>;
};

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
  const url = await lineMatching(child, address);
  return {
    url,
    child,
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

async function lineMatching(child: ChildProcess, pattern: RegExp): Promise<string> {
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    said.push(line);
    const match = pattern.exec(line);
    if (match === null) continue;
    // What it prints later is read and dropped, so that its pipe never fills.
    child.stdout!.resume();
    return match[1]!;
  }
  throw new Error(`the server ended before it listened: ${said.join('\n')}`);
}
