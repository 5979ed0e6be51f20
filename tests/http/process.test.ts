import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { freshFolder } from '../support/http.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A start that is expected to fail: its exit code and what it complained of. */
async function failedStart(env: Record<string, string>): Promise<{ code: number | null; told: string }> {
  const { PATH = '' } = process.env;
  const stdio = ['ignore', 'ignore', 'pipe'] as const;
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: { PATH, ...env },
    stdio: [...stdio],
  });
  let told = '';
  child.stderr.on('data', (part) => (told += String(part)));
  await once(child, 'close');
  return { code: child.exitCode, told };
}

/** A request that has begun and is not complete. */
async function halfARequest(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n');
  await fetch(`${url}/healthz`);
  return socket;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

test('SIGTERM lets a request under way finish and ends the gateway without a fault', async () => {
  await using folder = await freshFolder();
  await using gateway = await startGateway({ DATABASE_URL: `sqlite:${folder.path}/leadgate.db` });
  const socket = await halfARequest(gateway.url);

  gateway.child.kill('SIGTERM');
  await expect.poll(() => fetch(gateway.url).catch(() => 'refused')).toBe('refused');
  socket.write('\r\n');
  const [answer] = await once(socket, 'data');

  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await ended(gateway.child)).toBe(0);
});

test('a connection on which nobody says a word does not hold the end up', async () => {
  await using folder = await freshFolder();
  await using gateway = await startGateway({ DATABASE_URL: `sqlite:${folder.path}/leadgate.db` });
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  await fetch(`${gateway.url}/healthz`);

  const asked = performance.now();
  gateway.child.kill('SIGTERM');

  expect(await ended(gateway.child)).toBe(0);
  // Requests under way have eight seconds.
  expect(performance.now() - asked).toBeLessThan(6000);
});

test('a second signal ends the gateway at once', async () => {
  await using folder = await freshFolder();
  await using gateway = await startGateway({ DATABASE_URL: `sqlite:${folder.path}/leadgate.db` });
  using socket = Object.assign(await halfARequest(gateway.url), {
    [Symbol.dispose]: () => void socket.destroy(),
  });

  gateway.child.kill('SIGTERM');
  await expect.poll(() => fetch(gateway.url).catch(() => 'refused')).toBe('refused');
  gateway.child.kill('SIGINT');

  expect(await ended(gateway.child)).toBe(1);
});

test('the gateway makes its folder, its database and its key by itself', async () => {
  await using folder = await freshFolder();
  const file = `${folder.path}/deep/down/leadgate.db`;

  await using gateway = await startGateway({ DATABASE_URL: `sqlite:${file}` });

  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  expect((await stat(`${file}.key`)).mode & 0o777).toBe(0o600);
});

test('a gateway with a wrong environment tells every fault and exits with 1', async () => {
  const { code, told } = await failedStart({
    PORT: 'x',
    DATABASE_URL: 'postgresql://db/leads',
    LOG_LEVEL: 'loud',
  });

  expect(code).toBe(1);
  for (const name of ['PORT', 'LOG_LEVEL', 'SECRET_KEY']) expect(told).toMatch(new RegExp(`^${name} `, 'm'));
});

test('a second gateway on the same file exits with 1 and says why', async () => {
  await using folder = await freshFolder();
  const env = { DATABASE_URL: `sqlite:${folder.path}/leadgate.db` };
  await using _ = await startGateway(env);

  const { code, told } = await failedStart({ ...env, PORT: '0' });

  expect(code).toBe(1);
  expect(told).toMatch(/Another gateway uses/);
});

test('a gateway whose port is taken exits with 1 and says so', async () => {
  await using folder = await freshFolder();
  await using first = await startGateway({ DATABASE_URL: `sqlite:${folder.path}/one.db` });

  const { code, told } = await failedStart({
    DATABASE_URL: `sqlite:${folder.path}/two.db`,
    PORT: new URL(first.url).port,
  });

  expect(code).toBe(1);
  expect(told).toMatch(/EADDRINUSE/);
});
