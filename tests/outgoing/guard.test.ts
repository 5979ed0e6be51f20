import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { failureOf, telegramApi } from '../../src/bots/telegram/client.ts';
import { checkCallbackUrl } from '../../src/outgoing/check-url.ts';
import { postSigned, type SignedPost } from '../../src/outgoing/post-signed.ts';
import { resolveNames } from './names.ts';
import { privateHosts } from './private-addresses.ts';
import { startReceiver } from './receiver.ts';

const PUBLIC = '93.184.216.34';
const TOKEN = '123456:AAbbccddeeffgghhiijjkkllmmnnooppqqr';

function post(url: string, more: Partial<SignedPost> = {}) {
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
  return postSigned({ url, id: 'msg_1', body: '{}', secrets, allow: [], timeoutMs: 300, ...more });
}

/** Asks a Bot API server who the bot is; `apiRoot` is the source's own, `trusted` that of the environment. */
async function getMe({
  apiRoot = null as string | null,
  trusted = 'http://127.0.0.1:9',
  allow = [''].slice(1),
}) {
  const api = telegramApi({ token: TOKEN, apiRoot }, { apiRoot: trusted, allow }, { timeoutMs: 300 });
  return api.getMe().then(
    () => ({ kind: 'me', reason: '' }),
    (error: unknown) => failureOf(error),
  );
}

/** A server that says these words to whoever connects, and nothing else. */
async function startSpeaker(speak: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => speak(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.dispose]: () => void server.close(),
  };
}

describe.each(privateHosts)('%s', (host) => {
  test('is refused when it is set and when something is sent there', async () => {
    // Not every resolver knows these.
    using _ = resolveNames({ 'localhost.': [['127.0.0.1']], 'api.localhost': [['::1']] });
    const url = `http://${host}:9/`;

    expect(checkCallbackUrl(url, [])).toMatch(/CALLBACK_ALLOW$/);
    expect(await post(url)).toEqual({ kind: 'refused', error: 'address-not-allowed' });
    expect(await getMe({ apiRoot: url })).toEqual({ kind: 'refused', reason: 'address-not-allowed' });
  });
});

test.each(['http://[fe80::1%25eth0]/', 'http://[fe80::1%eth0]/'])('%s is no address at all', (url) => {
  expect(checkCallbackUrl(url, [])).toBe('must be a URL');
});

describe.each([
  ['127.0.0.1'],
  ['10.0.0.1'],
  ['169.254.169.254'],
  ['::1'],
  ['::ffff:127.0.0.1'],
  ['::127.0.0.1'],
  ['fe80::1%lo'],
  ['64:ff9b::7f00:1'],
])('a name that resolves to %s', (address) => {
  test('is refused when something is sent there', async () => {
    using names = resolveNames({ 'crm.example': [[address]] });

    expect(await post('http://crm.example:9/')).toEqual({ kind: 'refused', error: 'address-not-allowed' });
    expect(await getMe({ apiRoot: 'http://crm.example:9' })).toEqual({
      kind: 'refused',
      reason: 'address-not-allowed',
    });
    expect(names.asked).toEqual(['crm.example', 'crm.example']);
  });
});

test('a name that was public a moment ago gains nothing by turning private', async () => {
  await using receiver = await startReceiver((response) => response.end());
  using names = resolveNames({ 'crm.example': [[PUBLIC], ['127.0.0.1']] });
  const url = `http://crm.example:${receiver.port}/`;

  const [first, second] = [await post(url), await post(url)];

  // What was looked at is what was connected to: one look-up for each request, none between check and connection.
  expect(names.asked).toHaveLength(2);
  expect(first).not.toMatchObject({ kind: 'delivered' });
  expect(second).toEqual({ kind: 'refused', error: 'address-not-allowed' });
  expect(receiver.received).toEqual([]);
});

test('of a name with a public and a private address only the public one is tried', async () => {
  await using receiver = await startReceiver((response) => response.end());
  using _ = resolveNames({ 'crm.example': [['127.0.0.1', PUBLIC, '::ffff:127.0.0.1']] });

  const result = await post(`http://crm.example:${receiver.port}/`);

  expect(result).not.toMatchObject({ kind: 'delivered' });
  expect(receiver.received).toEqual([]);
});

test('a name in a range that is allowed is reached, with its other addresses left out', async () => {
  await using receiver = await startReceiver((response) => response.end());
  using _ = resolveNames({ 'crm.example': [['10.0.0.1', '127.0.0.1']] });

  const result = await post(`http://crm.example:${receiver.port}/`, { allow: ['127.0.0.0/8'] });

  expect(result).toEqual({ kind: 'delivered', status: 200 });
});

test("a bot's own server is guarded at every call, that of the environment is trusted", async () => {
  const me = { ok: true, result: { id: 1, is_bot: true, first_name: 'B', username: 'b_bot' } };
  await using server = await startReceiver((response) => response.end(JSON.stringify(me)));
  using _ = resolveNames({ 'bots.example': [['127.0.0.1']] });
  const url = `http://bots.example:${server.port}`;

  const own = await getMe({ apiRoot: url });
  const before = server.received.length;
  const allowed = await getMe({ apiRoot: url, allow: ['127.0.0.1'] });
  const trusted = await getMe({ trusted: url });

  expect([own.kind, before]).toEqual(['refused', 0]);
  expect([allowed.kind, trusted.kind]).toEqual(['me', 'me']);
});

test.each([301, 302, 303, 307, 308])('a redirect with %i is followed nowhere', async (status) => {
  await using aim = await startReceiver((response) => response.end());
  await using receiver = await startReceiver((response) =>
    response.writeHead(status, { location: aim.url }).end(),
  );
  const allow = ['127.0.0.0/8'];

  expect(await post(receiver.url, { allow })).toMatchObject({ kind: 'answered', status });
  expect(await getMe({ apiRoot: receiver.url, allow })).toMatchObject({ kind: 'unknown' });
  expect(aim.received).toEqual([]);
});

test('what is packed is not unpacked, and nobody is asked to pack', async () => {
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
  await using receiver = await startReceiver((response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  );
  const allow = ['127.0.0.0/8'];
  const before = process.memoryUsage.rss();

  expect(await post(receiver.url, { allow })).toEqual({ kind: 'delivered', status: 200 });
  expect(await getMe({ apiRoot: receiver.url, allow })).toEqual({
    kind: 'unknown',
    reason: 'answer-unreadable (200)',
  });
  expect(process.memoryUsage.rss() - before).toBeLessThan(40 * 1024 * 1024);
  for (const { headers } of receiver.received) expect(headers).not.toHaveProperty('accept-encoding');
});

describe.each([
  ['drips its headers', 'timeout', (socket: Socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'x: y\r\n')],
  ['hints for ever', 'timeout', (socket: Socket) => drip(socket, '', 'HTTP/1.1 103 Early Hints\r\n\r\n')],
  ['has too many headers', 'HPE_HEADER_OVERFLOW', (socket: Socket) => flood(socket, 'x: y\r\n')],
  ['has a header without end', 'HPE_HEADER_OVERFLOW', (socket: Socket) => flood(socket, 'x')],
  ['speaks no HTTP', 'HPE_INVALID_CONSTANT', (socket: Socket) => socket.end('SSH-2.0-OpenSSH\r\n')],
  [
    'changes the protocol',
    'no-answer',
    (socket: Socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  ],
])('a server that %s', (_, error, speak: (socket: Socket) => unknown) => {
  test('costs no more than the timeout, and leaves it unknown', async () => {
    using server = await startSpeaker(speak);
    const started = performance.now();

    expect(await post(server.url, { allow: ['127.0.0.1'] })).toEqual({ kind: 'unknown', error });
    expect(await getMe({ apiRoot: server.url, allow: ['127.0.0.1'] })).toEqual({
      kind: 'unknown',
      reason: error,
    });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test("an endless answer of a bot's server is cut off", async () => {
  await using server = await startReceiver((response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024)));
    };
    response.on('drain', more);
    more();
  });
  const api = telegramApi(
    { token: TOKEN, apiRoot: server.url },
    { apiRoot: '', allow: ['127.0.0.1'] },
    { timeoutMs: 10_000 },
  );

  const failure = await api.getMe().then(() => null, failureOf);

  expect(failure).toEqual({ kind: 'unknown', reason: 'answer-cut-off' });
});

function drip(socket: Socket, first: string, again: string): void {
  socket.write(first);
  const timer = setInterval(() => socket.write(again), 10);
  socket.on('close', () => clearInterval(timer));
}

function flood(socket: Socket, again: string): void {
  socket.write(`HTTP/1.1 200 OK\r\n${again.repeat(100_000)}`);
}
