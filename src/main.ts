import { readFileSync } from 'node:fs';
import { type App, startApp } from './app.ts';
import { lowerBackgroundThreads } from './background-threads.ts';
import { ConfigFault, readConfig } from './config.ts';
import { issueSetupCode } from './desk/setup.ts';
import { openLog } from './log.ts';
import { FileLocked } from './store/lock.ts';

try {
  process.loadEnvFile();
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

try {
  await run();
} catch (error) {
  const isTold = error instanceof ConfigFault || error instanceof FileLocked || isAddressFault(error);
  console.error(isTold ? `Leadgate does not start.\n${error.message}` : error);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
  const log = openLog(config.logLevel);
  // An unhandled rejection is a bug of ours; the request it belongs to is lost already, the others are not.
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'an unhandled rejection'));
  const stopped = signalled();
  await using app = await startApp(config, log);
  const threads = await lowerBackgroundThreads();
  log.debug({ threads }, 'background threads step back');
  await greet(app, config.publicUrl);
  log.info({ signal: await stopped }, 'stopping');
}

async function greet(app: App, publicUrl: string | null): Promise<void> {
  console.log(`Leadgate listens on ${app.url}\nIts console is there, the reference at ${app.url}/docs`);
  const code = await issueSetupCode(app.desk);
  // Printed and not logged: logs are kept, and read by others.
  if (code !== null) console.log(invitation(app.address, code));
  if (publicUrl?.startsWith('http:') === true)
    console.warn(`${publicUrl} is not encrypted: what passes there can be read on the way.`);
}

function invitation(address: string, code: string): string {
  return `Nobody is admin yet. Within 15 minutes, make yourself the first one:
  ${address}/setup#code=${code}
or with the code ${code} at ${address}/setup
Later: npm run leadgate -- admin create --email you@example.com --name You`;
}

/** The first signal asks to stop; a second one ends the process at once. */
function signalled(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isAsked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (isAsked) process.exit(1);
      isAsked = true;
      resolve(signal);
    });
  return promise;
}

function isAddressFault(error: unknown): error is Error {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  return ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes(code);
}
